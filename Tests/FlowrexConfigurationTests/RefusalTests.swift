import FlowrexConfiguration
import FlowrexContract
import ServiceContract
import TestSupport
import Testing

@Suite struct RefusalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let value: String
    let said: String

    init(_ name: String, _ value: String, _ said: String) {
      self.name = name
      self.value = value
      self.said = said
    }

    var testDescription: String { "\(name)=\(value)" }
  }

  /// One change of a production that starts, and the one sentence that refuses it.
  static let production: [Case] = [
    Case("APP_VERSION", "", "is not set"), Case("APP_COMMIT", "", "is not set"),
    Case("APP_BUILD_ID", "", "is not set"),
    Case("DEBUG", "true", "must be `false` in production"),
    Case("LOG_LEVEL", "debug", "expected one of `info`, `warning`, `error`, `critical`"),
    Case("LOG_LEVEL", "trace", "expected one of `info`, `warning`, `error`, `critical`"),
    Case("LOG_FORMAT", "text", "must be `json` in production"),
    Case("RATE_LIMIT_ENABLED", "false", "must be `true` in production"),
    Case("DATABASE_ENGINE", "sqlite", "must be `postgresql` in production"),
    Case("DATABASE_TLS", "disable", "must be `verify-full` in production"),
    Case("DATABASE_TLS", "require", "expected one of `verify-full`, `disable`"),
    Case("REDIS_ENGINE", "memory", "must be `redis` in production"),
    Case("REDIS_TLS", "false", "must be `true` in production"),
    Case("INTERNAL_CA_FILE", "", "is empty, so no certificate could be verified"),
    Case("TRADING_MODE", "simulated", "must be `paper` in production"),
    Case("APP_URL", "http://flowrex.app", "must begin with https://"),
    Case("API_URL", "http://api.flowrex.app", "must begin with https://"),
    Case("CORS_ORIGINS", "*", "names each origin as `https://host`, and `*` is none"),
    Case("CORS_ORIGINS", "https://*.app", "names each origin as `https://host`, and `*` is none"),
    Case("CORS_ORIGINS", "http://flowrex.app", "must begin with https://, each of them"),
    Case("CORS_ORIGINS", "null", "names each origin as `https://host`, and `*` is none"),
    Case("TRUSTED_HOSTS", "*", "names each host, and `*` is none"),
    Case("TRUSTED_HOSTS", "", "names each host, and `*` is none"),
    Case("JWT_ISSUER", "", "is empty"),
    Case("JWT_AUDIENCE", "", "is empty"),
    Case("JWT_ALGORITHM", "none", "expected one of `HS256`, `HS384`, `HS512`"),
    Case("JWT_ALGORITHM", "RS256", "expected one of `HS256`, `HS384`, `HS512`"),
    Case("JWT_ACCESS_TOKEN_EXPIRE_MINUTES", "30", "expected one of `5`, `10`, `15`"),
    Case("JWT_REFRESH_TOKEN_EXPIRE_DAYS", "30", "expected one of `1`, `3`, `7`"),
    Case("PASSWORD_HASH_COST", "4", "expected one of `12`, `13`, `14`"),
    Case("CACHE_TTL_SECONDS", "60", "expected one of `5`, `6`, `7`, `8`, `9`, `10`"),
    Case("BACKEND_PORT", "0", "expected a number from 1 to 65535"),
    Case("BACKEND_PORT", "65536", "expected a number from 1 to 65535"),
    Case("BACKEND_PORT", "+8000", "expected whole number"),
    Case("METRICS_PORT", "", "expected whole number"),
    Case("MAX_BODY_BYTES", "-1", "expected bytes"),
    Case("MAX_BODY_BYTES", "10M", "expected bytes"),
    Case("REQUEST_TIMEOUT_SECONDS", "0", "must be longer than 0 seconds"),
    Case("REQUEST_TIMEOUT_SECONDS", "1e1", "expected seconds"),
    Case("REQUEST_TIMEOUT_SECONDS", "-1", "expected seconds"),
    Case("REQUEST_TIMEOUT_SECONDS", "8", "must be longer than UPSTREAM_TIMEOUT_SECONDS"),
    Case("DRAIN_SECONDS", "10", "must be longer than REQUEST_TIMEOUT_SECONDS"),
    Case("DRAIN_ACCEPT_SECONDS", "20", "must be below DRAIN_SECONDS"),
    Case("TRACES_SAMPLE_RATIO", "1.01", "expected ratio from 0 to 1"),
    Case("TRUSTED_PROXIES", "10.0.0.0/33", "expected list of address range, separated by commas"),
    Case("TRUSTED_PROXIES", "all", "expected list of address range, separated by commas"),
    Case("DATABASE_HOST", "a host", "expected host name"),
    Case("DATABASE_HOST", "", "expected host name"),
    Case("INSTRUMENTS", "", "names nothing"),
    Case("MARKET_DATA_MAX_AGE_SECONDS", "1.6", "expected seconds from 0.1 to 1.5"),
    Case(
      "INSTRUMENTS", "EURUSD,,GBPUSD",
      "expected list of \(Instrument.typeName), separated by commas"),
    Case("FLOWREX_DEBUG", "1", "is no key of the contract, nothing would read it"),
    Case(
      "DATABASE_URL", "x",
      "is now said by DATABASE_HOST, DATABASE_PORT, DATABASE_NAME, "
        + "DATABASE_USER and secret DATABASE_PASSWORD"
    ),
    Case("NODE_ENV", "production", "is now said by ENVIRONMENT"),
    Case("METRICS_ENABLED", "false", "is no switch any more"),
    Case("SLACK_WEBHOOK", "x", "is a secret and may not be a variable"),
    Case("JWT_SECRET_KEY", "x", "is a secret and may not be a variable"),
    Case("DATABASE_PASSWORD", "x", "is a secret and may not be a variable"),
  ]

  @Test(
    .covers(
      "S17-HS-06", "S17-ENV-21", "C-22", "C-15", "C-16", "C-35", "C-60", "S17-CL-SEC-02",
      "S17-VAR-25", "S04-NET-10"),
    arguments: production)
  func `production refuses it, and nothing else`(_ one: Case) {
    #expect(
      Surroundings.production.stating(one.name, one.value).problems == [
        "\(one.name): \(one.said)"
      ])
  }

  @Test(
    .covers("S18-HS-10", "S17-INT-03"),
    arguments: [
      ("RISK_MAX_ORDER_VALUE_USD", "250000.01", "250000.00 USD"),
      ("RISK_MAX_SYMBOL_EXPOSURE_USD", "1000001", "1000000.00 USD"),
      ("RISK_MAX_OPEN_EXPOSURE_USD", "9999999999", "2000000.00 USD"),
      ("RISK_MAX_DAILY_TURNOVER_USD", "5000000.01", "5000000.00 USD"),
      ("RISK_MAX_DAILY_LOSS_USD", "50001", "50000.00 USD"),
      ("RISK_MAX_DRAWDOWN_RATIO", "0.11", "0.1"),
      ("RISK_MAX_PRICE_DEVIATION_RATIO", "0.0201", "0.02"),
      ("RISK_MAX_LEVERAGE", "11", "10"),
      ("RISK_MAX_ORDERS_PER_MINUTE", "61", "60"),
      ("RISK_MAX_OPEN_ORDERS", "201", "200"),
    ])
  func `no variable raises a cap`(name: String, value: String, cap: String) {
    let problems = Surroundings.production.stating(name, value).problems
    #expect(problems == ["\(name): is above the hard cap of \(cap)"])
    #expect(Surroundings.laptop.stating(name, value).problems == problems)
  }

  @Test(.covers("S18-HS-10"))
  func `a cap can be tightened`() throws {
    let settings = try Surroundings.production.stating("RISK_MAX_ORDER_VALUE_USD", "1000.50")
      .read().settings
    #expect(settings.risk.orderValue == .cents(100_050))
  }

  @Test(
    .covers("S17-ENV-03", "S17-ENV-12"),
    arguments: [
      ("development", "paper", "`simulated`"), ("development", "live", "`simulated`"),
      ("staging", "live", "`paper`"), ("staging", "simulated", "`paper`"),
    ])
  func `orders reach what the stage allows`(stage: String, mode: String, allowed: String) {
    let problems = Surroundings.production.stating("ENVIRONMENT", stage)
      .stating("TRADING_MODE", mode).problems
    #expect(problems.contains("TRADING_MODE: must be \(allowed) in \(stage)"))
  }

  @Test(.covers("S17-VAR-63"))
  func `production does not start with a broker that nobody reaches`() {
    #expect(
      Surroundings.production.stating("TRADING_MODE", "live").problems == [
        "TRADING_MODE: no adapter of this release reaches a live broker; say `paper`"
      ])
    #expect(Surroundings.production.stating("TRADING_MODE", "paper").problems == [])
  }

  @Test func `a laptop may say what production may not`() {
    var laptop = Surroundings.laptop
    for (name, value) in [
      ("DEBUG", "true"), ("LOG_LEVEL", "trace"), ("LOG_FORMAT", "text"), ("DATABASE_URL", "x"),
      ("RATE_LIMIT_ENABLED", "false"), ("DATABASE_TLS", "disable"),
    ] {
      laptop = laptop.stating(name, value)
    }
    #expect(laptop.problems == [])
  }
}
