/// What an environment is for; it decides what may be written in it.
public protocol Stage: Sendable {
  static var kind: StageKind { get }
}

/// Staging and production: what people depend on.
public protocol Deployed: Stage {}

/// A developer's machine. (S17-ENV-01 … 08)
public enum Development: Stage {
  public static let kind = StageKind.development
}

/// Like production, without real money. (S17-ENV-09 … 15)
public enum Staging: Deployed {
  public static let kind = StageKind.staging
}

/// Real money. (S17-ENV-16 … 22)
public enum Production: Deployed {
  public static let kind = StageKind.production
}

/// The stage as a value; its raw value is what `ENVIRONMENT` says to a service. (C-06)
public enum StageKind: String, Sendable, CaseIterable, ConfigValue {
  case development, staging, production

  /// Whether people depend on it.
  public var isDeployed: Bool { self != .development }
}
