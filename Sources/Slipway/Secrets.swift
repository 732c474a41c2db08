public import ServiceContract
public import SlipwayDiagnostics

/// Where the values of secrets come from. A specification knows only names and versions.
public struct Secrets<S: Stage>: Sendable {
  package let value: SecretsValue
}

extension Secrets where S: Deployed {
  /// A Vault or OpenBao key-value store, under this path.
  ///
  /// - Parameter versions: Secrets that were rotated, with the number that is in force; all others
  ///   are at version 1. The engine's secret is named after it. (engine fact F6)
  public static func vault(
    _ path: String, versions: [SecretVersion] = [],
    file: String = #filePath, line: Int = #line
  ) -> Self {
    Self(
      value: SecretsValue(
        source: .vault(path: path), versions: versions, origin: Origin(file: file, line: line)))
  }

  /// AWS Secrets Manager, under this prefix. (S17-SEC-03)
  public static func awsSecretsManager(
    prefix: String, region: String, versions: [SecretVersion] = [],
    file: String = #filePath, line: Int = #line
  ) -> Self {
    Self(
      value: SecretsValue(
        source: .aws(prefix: prefix, region: region), versions: versions,
        origin: Origin(file: file, line: line)))
  }

  /// Files on a manager, readable by its administrator only.
  public static func files(
    under path: String, versions: [SecretVersion] = [],
    file: String = #filePath, line: Int = #line
  ) -> Self {
    Self(
      value: SecretsValue(
        source: .files(path: path), versions: versions, origin: Origin(file: file, line: line)))
  }

  @available(
    *, unavailable,
    message:
      "sample secrets are public; write `.vault(…)`, `.awsSecretsManager(…)` or `.files(under:)` [secrets/have-a-source, S17-HS-03]"
  )
  public static var madeUp: Self { .files(under: "") }
}

extension Secrets<Development> {
  /// Made at random on the developer's machine by the first `up`, and never committed.
  public static var madeUp: Self {
    Self(value: SecretsValue(source: .madeUp, versions: [], origin: .unstated))
  }
}

/// A secret and the version of it that is in force.
public struct SecretVersion: Sendable, Hashable {
  public let key: SecretKey
  public let version: Int
  public let origin: Origin

  public static func version(
    _ version: Int, of key: SecretKey, file: String = #filePath, line: Int = #line
  ) -> Self {
    .init(key: key, version: version, origin: Origin(file: file, line: line))
  }
}

package struct SecretsValue: Sendable {
  package enum Source: Sendable, Hashable {
    case vault(path: String)
    case aws(prefix: String, region: String)
    case files(path: String)
    case madeUp
  }
  package let source: Source
  package let versions: [SecretVersion]
  package let origin: Origin

  /// The same, written here if it does not know where.
  func written(at place: Origin) -> Self {
    guard origin == .unstated else { return self }
    return Self(source: source, versions: versions, origin: place)
  }
}
