public import SlipwayDiagnostics

/// An image that this repository builds.
///
/// Its digest is never written in a specification: outside development it comes from the release
/// record, in development from the checkout. (engine fact F13)
public struct Image: Sendable, Hashable {
  /// The repository under the registry: `flowrex-backend`.
  public let name: String
  /// How it is built.
  public let build: Build
  public let origin: Origin

  /// How an image is built; the generator writes a Dockerfile for it.
  public enum Build: Sendable, Hashable {
    /// An executable product of this Swift package, on a slim runtime, as an unprivileged user.
    case swift(product: String)
  }

  public init(
    _ name: String, build: Build, file: String = #filePath, line: Int = #line
  ) {
    self.name = name
    self.build = build
    origin = Origin(file: file, line: line)
  }

  /// The variable that the release record fills: `FLOWREX_BACKEND_IMAGE`.
  package var variable: String {
    String(name.map { $0 == "-" ? "_" : Character($0.uppercased()) }) + "_IMAGE"
  }
}
