import FlowrexContract
import ServiceContract

/// What staging and production refuse, whatever a key's own type allows. (S17-ENV-09 … 22)
enum StageRules {
  static func judge(_ settings: BackendSettings, _ reader: inout KeyReader) {
    trading(settings.trading.mode, &reader)
    chain(settings, &reader)
    guard settings.process.stage.isDeployed else { return }
    switches(settings, &reader)
    stores(settings.database, settings.redis, &reader)
    addresses(settings, &reader)
    names(&reader)
  }

  /// The same for the console, which has no store and reaches no broker.
  static func judge(_ settings: ConsoleSettings, _ reader: inout KeyReader) {
    let spans: [(String, Duration)] = [
      (Setting.upstreamTimeout.name, settings.life.upstreamTimeout),
      (Setting.requestTimeout.name, settings.people.requestTimeout),
      (Setting.drain.name, settings.life.drain),
    ]
    chain(spans, &reader)
    guard settings.process.stage.isDeployed else { return }
    if settings.people.debug { reader.refuse(Stated.debug.name, only("false", reader)) }
    if settings.process.logFormat != .json {
      reader.refuse(Stated.logFormat.name, only("json", reader))
    }
    if !settings.people.consoleURL.hasPrefix("https://") {
      reader.refuse(Derived.consoleURL.name, "must begin with https://")
    }
    if !settings.stream.hasPrefix("wss://") {
      reader.refuse(Derived.webSocketURL.name, "must begin with wss://")
    }
    names(&reader)
  }

  /// The same for a worker, which answers nobody.
  static func judge(_ settings: WorkerSettings, _ reader: inout KeyReader) {
    trading(settings.trading.mode, &reader)
    chain(
      [
        (Setting.redisTimeout.name, settings.redis.timeout),
        (Setting.statementTimeout.name, settings.pool.statement),
        (Setting.poolWait.name, settings.pool.wait),
        (Setting.upstreamTimeout.name, settings.life.upstreamTimeout),
        (Setting.drain.name, settings.life.drain),
      ], &reader)
    // A holder renews five times in it, each time within a transaction. (S18-ARCH-12)
    if settings.work.leaderLock <= settings.pool.statement {
      reader.refuse(
        Setting.leaderLock.name, "must be longer than \(Setting.statementTimeout.name)")
    }
    guard settings.process.stage.isDeployed else { return }
    // Two fifths are left for the next renewal before the job is given up.
    if settings.work.leaderLock * 2 / 5 <= settings.pool.wait + settings.pool.statement {
      reader.refuse(
        Setting.leaderLock.name,
        "two fifths of it must be longer than \(Setting.poolWait.name) and "
          + "\(Setting.statementTimeout.name) together")
    }
    if settings.process.logFormat != .json {
      reader.refuse(Stated.logFormat.name, only("json", reader))
    }
    stores(settings.database, settings.redis, &reader)
    names(&reader)
  }

  /// The same for the simulated venue, which has no store and asks nobody.
  static func judge(_ settings: VenueSettings, _ reader: inout KeyReader) {
    guard settings.process.stage.isDeployed else { return }
    if settings.process.logFormat != .json {
      reader.refuse(Stated.logFormat.name, only("json", reader))
    }
    names(&reader)
  }

  /// The same for a command that works on the database and answers nobody.
  static func judge(_ database: DatabaseSettings, _ reader: inout KeyReader) {
    guard reader.stage.isDeployed else { return }
    self.database(database, &reader)
    names(&reader)
  }

  /// What an order may reach follows from the stage. (S17-ENV-03, 12, 19)
  private static func trading(_ mode: TradingMode, _ reader: inout KeyReader) {
    let allowed: TradingMode = reader.stage.isDeployed ? .paper : .simulated
    guard mode != allowed else { return }
    let why =
      mode == .live && reader.stage == .production
      ? "no adapter of this release reaches a live broker; say `\(allowed.rawValue)`"
      : "must be `\(allowed.rawValue)` in \(reader.stage.rawValue)"
    reader.refuse(Stated.tradingMode.name, why)
  }

  /// Each party gives up before the one that waits for it. (C-35)
  private static func chain(_ settings: BackendSettings, _ reader: inout KeyReader) {
    let spans = [
      (Setting.redisTimeout.name, settings.redis.timeout),
      (Setting.statementTimeout.name, settings.pool.statement),
      (Setting.poolWait.name, settings.pool.wait),
      (Setting.upstreamTimeout.name, settings.life.upstreamTimeout),
      (Setting.requestTimeout.name, settings.people.requestTimeout),
      (Setting.drain.name, settings.life.drain),
    ]
    chain(spans, &reader)
  }

  private static func chain(_ spans: [(String, Duration)], _ reader: inout KeyReader) {
    for (shorter, longer) in zip(spans, spans.dropFirst()) where shorter.1 >= longer.1 {
      reader.refuse(longer.0, "must be longer than \(shorter.0)")
    }
  }

  private static func switches(_ settings: BackendSettings, _ reader: inout KeyReader) {
    if settings.people.debug { reader.refuse(Stated.debug.name, only("false", reader)) }
    if !settings.api.areLimitsOn { reader.refuse(Stated.rateLimits.name, only("true", reader)) }
    if settings.process.logFormat != .json {
      reader.refuse(Stated.logFormat.name, only("json", reader))
    }
  }

  private static func stores(
    _ database: DatabaseSettings, _ redis: RedisSettings, _ reader: inout KeyReader
  ) {
    self.database(database, &reader)
    if redis.engine != .redis {
      reader.refuse(Stated.redisEngine.name, only("redis", reader))
    }
    if !redis.isEncrypted { reader.refuse(Derived.redisTLS.name, only("true", reader)) }
  }

  /// Rows are on a server, and whoever answers there proves who it is. (C-60)
  private static func database(_ settings: DatabaseSettings, _ reader: inout KeyReader) {
    if settings.engine != .postgresql {
      reader.refuse(Stated.databaseEngine.name, only("postgresql", reader))
    }
    if settings.tls != .verifyFull {
      reader.refuse(Derived.databaseTLS.name, only("verify-full", reader))
    }
    if settings.authorityFile.isEmpty {
      reader.refuse(Derived.internalCA.name, "is empty, so no certificate could be verified")
    }
  }

  private static func addresses(_ settings: BackendSettings, _ reader: inout KeyReader) {
    for (name, url) in [
      (Derived.consoleURL.name, settings.people.consoleURL),
      (Derived.apiURL.name, settings.api.url),
    ] where !url.hasPrefix("https://") {
      reader.refuse(name, "must begin with https://")
    }
    if settings.api.origins.contains(where: { !$0.hasPrefix("https://") }) {
      reader.refuse(Derived.corsOrigins.name, "must begin with https://, each of them")
    }
  }

  /// A variable that looks like ours and is read by nobody is a mistake that nobody would see.
  private static func names(_ reader: inout KeyReader) {
    for name in reader.names where name.hasPrefix("FLOWREX_") {
      reader.refuse(name, "is no key of the contract, nothing would read it")
    }
    for key in supersededKeys where reader.isStated(key.old) && key.fate != .specification {
      switch key.fate {
      case .renamed, .derived: reader.refuse(key.old, "is now said by \(key.new)")
      case .secret: reader.refuse(key.old, "is a secret and may not be a variable")
      case .removed: reader.refuse(key.old, "is no switch any more")
      case .specification: break
      }
    }
  }

  private static func only(_ value: String, _ reader: KeyReader) -> String {
    "must be `\(value)` in \(reader.stage.rawValue)"
  }
}
