public import ServiceContract

/// The broker that an order may reach: simulated in development only, paper in staging and
/// production. Live will be in production only, once there is an adapter of a live broker: a
/// deployment that says what its program refuses does not compile.
/// (S17-ENV-03, 12, 19, S17-VAR-63)
public struct Trading<S: Stage>: Sendable, Hashable {
  /// What the service is told.
  public let mode: TradingMode
}

extension Trading<Development> {
  /// Our own venue with its own prices.
  public static var simulated: Self { Self(mode: .simulated) }

  @available(*, unavailable, message: "development trades on the simulated venue [S17-ENV-03]")
  public static var paper: Self { Self(mode: .simulated) }

  @available(*, unavailable, message: "development trades on the simulated venue [S17-ENV-03]")
  public static var live: Self { Self(mode: .simulated) }
}

extension Trading where S: Deployed {
  /// An account in which no money is real.
  public static var paper: Self { Self(mode: .paper) }

  @available(*, unavailable, message: "the venue is development's; write `.paper` [S17-ENV-12]")
  public static var simulated: Self { Self(mode: .paper) }
}

extension Trading<Staging> {
  @available(*, unavailable, message: "money moves in production only; write `.paper` [S17-ENV-12]")
  public static var live: Self { Self(mode: .paper) }
}

extension Trading<Production> {
  @available(
    *, unavailable,
    message: "no adapter reaches a live broker, the service refuses it; write `.paper` [S17-ENV-19]"
  )
  public static var live: Self { Self(mode: .paper) }
}

extension Configuration where S: Deployed {
  /// All that staging or production tells Flowrex, beside what follows from the specification.
  ///
  /// - Parameters:
  ///   - trading: What an order may reach. (S17-ENV-12, 19)
  ///   - overriding: Keys that have a default.
  public static func flowrex(
    trading: Trading<S>, overriding: [Setting] = [],
    file: String = #filePath, line: Int = #line
  ) -> Self {
    let place = Place(file: file, line: line)
    return Configuration(
      stating: consequences(at: place) + [
        Stated.debug(false, nil, at: place),
        Stated.rateLimits(true, nil, at: place),
        Stated.logFormat(.json, nil, at: place),
        Stated.tradingMode(trading.mode, "trading", at: place),
      ] + overriding)
  }
}

extension Configuration where S: Deployed {
  @available(
    *, unavailable,
    message: "say what an order may reach: `.flowrex(trading: .paper)` [S17-ENV-12, S17-ENV-19]"
  )
  public static func flowrex(overriding: [Setting] = []) -> Self {
    Configuration(stating: overriding)
  }

  @available(
    *, unavailable,
    message: "details of faults and debug lines are for development; delete `debug:` [S17-HS-06]"
  )
  public static func flowrex(
    debug: Bool, trading: Trading<S>? = nil, overriding: [Setting] = []
  ) -> Self {
    Configuration(stating: overriding)
  }
}

extension Configuration<Development> {
  /// All that a developer's machine tells Flowrex; it needs to say nothing. (S17-ENV-01 … 08)
  ///
  /// - Parameters:
  ///   - debug: Answers hold details of faults. (S17-ENV-06)
  ///   - log: The least severe line that is written.
  ///   - format: Text is easier to read, JSON is what production writes. (S17-VAR-48)
  ///   - rateLimits: Off, unless limits are what is worked on. (S17-ENV-07)
  ///   - overriding: Keys that have a default.
  public static func flowrex(
    debug: Bool = true, log: DevelopmentLogLevel = .debug, format: LogFormat = .text,
    rateLimits: Bool = false, overriding: [Setting] = [],
    file: String = #filePath, line: Int = #line
  ) -> Self {
    let place = Place(file: file, line: line)
    let level = Setting(
      key: Setting.logLevel.name, text: log.text, file: file, line: line, argument: "log")
    return Configuration(
      stating: consequences(at: place) + [
        level,
        Stated.debug(debug, "debug", at: place),
        Stated.rateLimits(rateLimits, "rateLimits", at: place),
        Stated.logFormat(format, "format", at: place),
        Stated.tradingMode(.simulated, nil, at: place),
      ] + overriding)
  }
}

extension Configuration {
  /// What no environment that is generated has otherwise, and the contract's ports.
  fileprivate static func consequences(at place: Place) -> [Setting] {
    [
      Stated.databaseEngine(.postgresql, nil, at: place),
      Stated.redisEngine(.redis, nil, at: place),
      Stated.backendPort(Port.backend.number, nil, at: place),
      Stated.metricsPort(Port.backendMetrics.number, nil, at: place),
      Stated.consolePort(Port.console.number, nil, at: place),
    ]
  }
}
