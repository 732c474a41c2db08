public import ServiceContract

/// Keys that a reader of the documents would look for and may not state: each says what to do
/// instead. They are never emitted and stand in no list.
extension Setting {
  @available(
    *, unavailable,
    message: "limits are off in development only: `.flowrex(rateLimits: false)` there [C-07]"
  )
  public static var rateLimits: Key<Bool> { missing() }

  @available(
    *, unavailable, message: "limits belong to the contract: see LimitClass.standard [C-07]"
  )
  public static var requestsPerMinute: Key<Int> { missing() }

  @available(
    *, unavailable,
    message: "answers hold no details outside development: `.flowrex(debug:)` there [S17-HS-06]"
  )
  public static var debug: Key<Bool> { missing() }

  @available(
    *, unavailable, message: "a compiled service is not reloaded; delete it [S17-VAR-11, C-51]"
  )
  public static var reload: Key<Bool> { missing() }

  @available(
    *, unavailable, message: "text is for development: `.flowrex(format: .text)` [S17-VAR-48]"
  )
  public static var logFormat: Key<LogFormat> { missing() }

  @available(
    *, unavailable,
    message: "say `trading:`, which knows what the stage may reach [S17-ENV-03, 12, 19]"
  )
  public static var tradingMode: Key<TradingMode> { missing() }

  @available(
    *, unavailable,
    message: "`trading:` says it, once an adapter reaches a live broker [S17-VAR-63]"
  )
  public static var liveTrading: Key<Bool> { missing() }

  @available(
    *, unavailable, message: "the stage says it: `Environment<Production>` [C-06]"
  )
  public static var environment: Key<StageKind> { missing() }

  @available(
    *, unavailable,
    message:
      "one URL would hold the password; the environment's `database:` says where it is [C-16]"
  )
  public static var databaseURL: Key<String> { missing() }

  @available(
    *, unavailable,
    message: "one URL would hold the password; the environment's `redis:` says where it is [C-16]"
  )
  public static var redisURL: Key<String> { missing() }

  @available(
    *, unavailable, message: "connections are verified outside development, always [C-60]"
  )
  public static var databaseTLS: Key<DatabaseTLS> { missing() }

  @available(
    *, unavailable, message: "the origins follow from the edge's `names:` [C-15]"
  )
  public static var corsOrigins: Key<[String]> { missing() }

  @available(
    *, unavailable, message: "the hosts follow from the edge's `names:` [C-70]"
  )
  public static var trustedHosts: Key<[String]> { missing() }

  @available(
    *, unavailable, message: "metrics cannot be switched off [S18-HS-08]"
  )
  public static var metrics: Key<Bool> { missing() }

  @available(
    *, unavailable, message: "security headers cannot be switched off [S17-VAR-40]"
  )
  public static var securityHeaders: Key<Bool> { missing() }

  @available(
    *, unavailable, message: "protection of forms cannot be switched off [S17-VAR-41]"
  )
  public static var csrfProtection: Key<Bool> { missing() }

  private static func missing<Value>() -> Key<Value> {
    preconditionFailure("an unavailable key cannot be reached")
  }
}
