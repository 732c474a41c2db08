package import ServiceContract
public import SlipwayDiagnostics

/// An image that this repository builds.
///
/// Its digest is never written in a specification: outside development it comes from the release
/// record, in development from the checkout. (engine fact F13)
public struct Image: Sendable, Hashable {
  /// The repository under the registry: `shop-backend`.
  public let name: String
  /// How it is built.
  public let build: Build
  public let origin: Origin

  /// How an image is built; the generator writes a Dockerfile for it.
  public enum Build: Sendable, Hashable {
    /// An executable product of this Swift package, on a slim runtime, as an unprivileged user.
    ///
    /// - Parameters:
    ///   - product: The executable; it is the image's entry point.
    ///   - pins: The committed record of the whole dependency graph. The build takes exactly what
    ///     it says, or refuses. (C-30)
    ///   - sources: Folders of targets outside `Sources`, `Tests` and `Plugins`. The build sees
    ///     these and nothing else of the working tree. (seed defect D05)
    ///   - buildNeeds: Headers and libraries of C that the build links with.
    ///   - runtimeNeeds: Libraries and data that the running executable opens.
    ///   - schema: The words with which the executable prints, without a database, the number of
    ///     the newest migration it knows; empty for one that has no schema. (S17-HS-05)
    case swift(
      product: String, pins: SwiftPins = .resolved, sources: [String] = [],
      buildNeeds: [SystemPackage] = [],
      runtimeNeeds: [SystemPackage] = [.certificates], schema: [String] = [])
  }

  /// What records the dependency graph.
  public enum SwiftPins: Sendable, Hashable {
    /// `Package.resolved`, as SwiftPM writes it.
    case resolved
    /// A file with one line `name version` for each package, in order: what two people resolve from
    /// different mirrors, whose commits differ.
    case versions(String)

    /// The file that the build is given.
    package var file: String {
      switch self {
      case .resolved: "Package.resolved"
      case .versions(let file): file
      }
    }
  }

  public init(
    _ name: String, build: Build, file: String = #filePath, line: Int = #line
  ) {
    self.name = name
    self.build = build
    origin = Origin(file: file, line: line)
  }

  /// Paths of the working tree that its program is made of.
  package var code: [String] {
    switch build {
    case .swift(_, let pins, let sources, _, _, _):
      ["Package.swift", pins.file, "Sources"] + sources
    }
  }

  /// The variable that the release record fills: `SHOP_BACKEND_IMAGE`.
  package var variable: String {
    String(name.map { $0 == "-" ? "_" : Character($0.uppercased()) }) + "_IMAGE"
  }
}

/// A package of the distribution that an image stands on, held to one series.
///
/// An exact version would break each build on the day the archive replaces it with a security
/// fix, and no version takes whatever comes; a series takes the fixes and nothing else. (D07)
public struct SystemPackage: Sendable, Hashable {
  public let name: String
  /// As the package manager matches it: `16.*`.
  public let series: String

  public static func package(_ name: String, series: String) -> Self {
    Self(name: name, series: series)
  }

  /// The public certificate authorities; their version is the day they were collected.
  public static let certificates = package("ca-certificates", series: "20*")
}

/// The account with which a delivery pushes images, whatever the service is. (S17-CI-09)
extension SecretKey {
  package static let registryAccount = SecretKey(
    "REGISTRY_USERNAME", form: .issued, atLeast: 0, rotate: .days(365),
    "Name of the registry's account that pushes images.")
  package static let registryToken = SecretKey(
    "REGISTRY_PASSWORD", form: .issued, atLeast: 128, rotate: .days(90),
    "Password of the registry's account that pushes images.")
}
