import FlowrexContract
import Glibc
import ServiceContract

/// What the kernel says of this process; read when somebody asks. (S04-PERF-08, S17-ALERT-09, 10)
package enum ProcessFacts {
  /// Sets the five process metrics.
  ///
  /// - Parameter read: The text of a file, `nil` if it cannot be read.
  package static func collect(
    into registry: MetricRegistry, read: (_ path: String) -> String? = text(of:)
  ) {
    let page = sysconf(Int32(_SC_PAGESIZE))
    if let pages = read("/proc/self/statm")?.split(separator: " ").dropFirst().first.flatMap({
      Int($0)
    }) {
      registry.set(Flowrex.residentMemory, to: ByteCount(bytes: pages * page))
    }
    collectTimes(into: registry, read)
    registry.set(Flowrex.openDescriptors, to: Count(descriptors()))
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
      registry.set(
        Flowrex.maximalDescriptors, to: Count(Int(min(limit.rlim_cur, 1_000_000_000_000))))
    }
  }

  private static func collectTimes(
    into registry: MetricRegistry, _ read: (_ path: String) -> String?
  ) {
    // The name in brackets may hold blanks: fields are counted after its end.
    guard let stat = read("/proc/self/stat"), let end = stat.lastIndex(of: ")") else { return }
    let fields = stat[stat.index(after: end)...].split(separator: " ")
    let ticks = Int64(sysconf(Int32(_SC_CLK_TCK)))
    guard fields.count > 19, let user = Int64(fields[11]), let system = Int64(fields[12]),
      let start = Int64(fields[19]), ticks > 0
    else { return }
    registry.set(
      Flowrex.processorTime,
      to: Duration.milliseconds((user + system) * 1_000 / ticks))
    let boot = read("/proc/stat")?.split(separator: "\n").first { $0.hasPrefix("btime ") }
    guard let boot, let seconds = Int64(boot.dropFirst(6)) else { return }
    registry.set(
      Flowrex.startTime,
      to: .since1970(ExactDecimal(seconds * 1_000 + start * 1_000 / ticks, scale: 3)))
  }

  private static func descriptors() -> Int {
    guard let folder = opendir("/proc/self/fd") else { return 0 }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    // Without `.`, `..` and the folder itself.
    return max(0, count - 3)
  }

  /// A file of the kernel, whole.
  package static func text(of path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
