import Slipway

/// What the parts beside the service may use.
extension Size {
  static let prometheus = Size(
    limit: .cpus(1, memory: .gibibytes(3)), reserve: .cpus(0.25, memory: .gibibytes(1)))
  static let small = Size(
    limit: .cpus(0.5, memory: .mebibytes(512)), reserve: .cpus(0.05, memory: .mebibytes(128)))
  static let exporter = Size(
    limit: .cpus(0.2, memory: .mebibytes(64)), reserve: .cpus(0.02, memory: .mebibytes(16)))
  static let development = Size(
    limit: .cpus(0.5, memory: .mebibytes(512)), reserve: .cpus(0.05, memory: .mebibytes(64)))
}
