public import ServiceContract

/// The name of a host inside an environment's network: a component's name.
public struct HostName: ConfigValue, Hashable, ExpressibleByStringLiteral {
  public let text: String
  public init(_ text: String) { self.text = text }
  public init(stringLiteral text: String) { self.text = text }
  public static var typeName: String { "host name" }
}

/// A range of addresses: `10.8.0.0/24`. (C-34)
public struct AddressRange: ConfigValue, Hashable, ExpressibleByStringLiteral {
  public let text: String
  public init(_ text: String) { self.text = text }
  public init(stringLiteral text: String) { self.text = text }
  public static var typeName: String { "address range" }
}

/// The least severe line that is logged. (S17-VAR-12, C-22)
///
/// `debug` and `trace` are a parameter of development's configuration and no case of this type.
public enum LogLevel: String, ConfigValue, CaseIterable {
  case info, warning, error, critical

  @available(
    *, unavailable,
    message: "debug lines are for development: `.flowrex(log: .debug)`; here at least .info [C-22]"
  )
  public static var debug: LogLevel { .info }

  @available(
    *, unavailable,
    message: "trace lines are for development: `.flowrex(log: .trace)`; here at least .info [C-22]"
  )
  public static var trace: LogLevel { .info }
}

/// The least severe line that a developer wants to see. (S17-ENV-06)
public enum DevelopmentLogLevel: String, ConfigValue, CaseIterable {
  case trace, debug, info, warning, error, critical
}

/// How a line is written. (S17-VAR-48)
public enum LogFormat: String, ConfigValue, CaseIterable { case json, text }

/// What an order may reach. (S17-ENV-03, 12, 19)
public enum TradingMode: String, ConfigValue, CaseIterable {
  /// Our own venue with its own prices.
  case simulated
  /// An account in which no money is real; its prices and its venue are ours as well, until there
  /// is an adapter of somebody else's.
  case paper
  /// Money. No release serves it yet: the service refuses it at its start. (S17-ENV-19)
  case live
}

/// Where rows are kept. (S17-ENV-04)
public enum DatabaseEngine: String, ConfigValue, CaseIterable { case postgresql, sqlite }

/// Where cached and shared state is kept. (S17-ENV-11)
public enum RedisEngine: String, ConfigValue, CaseIterable { case redis, memory }

/// How a connection to PostgreSQL is protected; libpq's own words. (C-60)
public enum DatabaseTLS: String, ConfigValue, CaseIterable {
  case verifyFull = "verify-full"
  case disable
}

/// How long a cached view is believed: 5 to 10 s. (S03-ARCH-02, C-36)
public enum CacheTTL: String, ConfigValue, CaseIterable {
  case five = "5"
  case six = "6"
  case seven = "7"
  case eight = "8"
  case nine = "9"
  case ten = "10"
}

/// How long an access token lives: at most 15 minutes. (C-01, S04-AUTH-11)
public enum AccessTokenLife: String, ConfigValue, CaseIterable {
  case fiveMinutes = "5"
  case tenMinutes = "10"
  case fifteenMinutes = "15"
}

/// How long a refresh token lives: at most a week. (C-02)
public enum RefreshTokenLife: String, ConfigValue, CaseIterable {
  case oneDay = "1"
  case threeDays = "3"
  case sevenDays = "7"
}

/// How tokens are signed; `none` cannot be said. (S17-VAR-21, C-44)
public enum TokenAlgorithm: String, ConfigValue, CaseIterable {
  case hs256 = "HS256"
  case hs384 = "HS384"
  case hs512 = "HS512"
}

/// The cost of a password's hash: powers of two, at least twelve. (C-46)
public enum PasswordCost: String, ConfigValue, CaseIterable {
  case twelve = "12"
  case thirteen = "13"
  case fourteen = "14"
}

extension ExecutionMode: ConfigValue {}

extension Instrument: ConfigValue {}
