public import ServiceContract

/// A key that no environment may set by hand.
///
/// It follows from the specification, from the stage or from a parameter of `flowrex(…)`. Outside
/// this module it can be read and nothing else.
public struct StatedKey<Value: ConfigValue>: Sendable {
  public let name: String
  /// What a bare run on a laptop uses; elsewhere the service refuses to start without the key.
  public let onLaptop: Value?
  public let help: String

  init(_ name: String, onLaptop: Value?, _ help: String) {
    self.name = name
    self.onLaptop = onLaptop
    self.help = help
  }

  /// The key without its type; it has no default, since every environment states it.
  public var declaration: KeyDeclaration {
    KeyDeclaration(name: name, defaultText: nil, type: Value.typeName, help: help)
  }

  func callAsFunction(_ value: Value, _ argument: String?, at place: Place) -> Setting {
    Setting(
      key: name, text: value.text, file: place.file, line: place.line, argument: argument)
  }
}

/// Where a specification states something.
struct Place {
  let file: String
  let line: Int
}

/// Keys without a default: parameters of `flowrex(…)`, or consequences of the stage.
public enum Stated {
  public static let debug = StatedKey<Bool>(
    "DEBUG", onLaptop: true,
    "Details of faults in answers; true in development only. (S03-VAR-15, S17-HS-06)")

  public static let tradingMode = StatedKey<TradingMode>(
    "TRADING_MODE", onLaptop: .simulated,
    "What an order may reach. (S17-ENV-03, 12, 19, S17-VAR-63)")

  public static let rateLimits = StatedKey<Bool>(
    "RATE_LIMIT_ENABLED", onLaptop: false, "False in development only. (S17-VAR-34, C-07)")

  public static let logFormat = StatedKey<LogFormat>(
    "LOG_FORMAT", onLaptop: .text, "Text in development only. (S17-VAR-48)")

  public static let databaseEngine = StatedKey<DatabaseEngine>(
    "DATABASE_ENGINE", onLaptop: .sqlite, "SQLite on a laptop only. (S17-ENV-04, C-31)")

  public static let redisEngine = StatedKey<RedisEngine>(
    "REDIS_ENGINE", onLaptop: .memory, "In memory on a laptop only. (S17-ENV-11)")

  public static let backendPort = StatedKey<Int>(
    "BACKEND_PORT", onLaptop: Port.backend.number, "The contract's port. (S17-VAR-09)")

  public static let metricsPort = StatedKey<Int>(
    "METRICS_PORT", onLaptop: Port.backendMetrics.number,
    "The contract's port of every process. (S17-VAR-54, C-05)")

  public static let consolePort = StatedKey<Int>(
    "CONSOLE_PORT", onLaptop: Port.console.number, "The contract's port. (S18-DFF-07)")
}

/// Keys that the image states: a build knows them, an environment cannot.
public enum Stamped {
  public static let version = StatedKey<String>(
    "APP_VERSION", onLaptop: "0.0.0",
    "The release: the last tag, and how far it is away. (S17-VAR-05)")

  public static let commit = StatedKey<String>(
    "APP_COMMIT", onLaptop: "unknown", "The commit that was built. (C-33, S17-PR-02)")

  public static let buildID = StatedKey<String>(
    "APP_BUILD_ID", onLaptop: "local",
    "The build, so that a gate can tell new replicas from old. (C-33, S18-HS-01)")
}
