package import FlowrexContract
package import Risk
package import ServiceContract

/// How a process reaches the database. (C-16, C-40, C-60)
package struct DatabaseSettings: Sendable {
  package let engine: DatabaseEngine
  /// The file, with SQLite.
  package let path: String
  package let host: HostName
  package let port: Int
  package let name: String
  package let user: String
  package let tls: DatabaseTLS
  package let authorityFile: String

  init(_ reader: inout KeyReader) {
    engine = reader.value(Stated.databaseEngine)
    path = reader.value(Setting.databasePath)
    host = reader.value(Derived.databaseHost)
    port = reader.value(Derived.databasePort, in: 1...65_535)
    name = reader.value(Derived.databaseName)
    user = reader.value(Derived.databaseUser)
    tls = reader.value(Derived.databaseTLS)
    authorityFile = reader.value(Derived.internalCA)
  }
}

/// How a process uses it. (C-27, C-35)
package struct PoolSettings: Sendable {
  package let size: Int
  package let overflow: Int
  package let wait: Duration
  package let recycle: Duration
  package let statement: Duration

  init(_ reader: inout KeyReader) {
    size = reader.value(Setting.poolSize, in: 1...1_000)
    overflow = reader.value(Setting.poolOverflow, in: 0...1_000)
    wait = reader.span(Setting.poolWait)
    recycle = reader.span(Setting.poolRecycle)
    statement = reader.span(Setting.statementTimeout)
  }
}

/// How the API reads replicas. (engine fact F17)
package struct ReplicaSettings: Sendable {
  package let hosts: [HostName]
  package let user: String
  package let poolSize: Int
  package let maxLag: Duration

  init(_ reader: inout KeyReader) {
    hosts = reader.value(Derived.databaseReplicaHosts)
    user = reader.value(Derived.databaseReader)
    poolSize = reader.value(Setting.replicaPoolSize, in: 1...1_000)
    maxLag = reader.span(Setting.replicaMaxLag)
  }
}

/// How a process reaches both Redis servers. (C-37, C-60)
package struct RedisSettings: Sendable {
  package let engine: RedisEngine
  package let cacheHost: HostName
  package let stateHost: HostName
  package let port: Int
  package let isEncrypted: Bool
  package let connections: Int
  package let timeout: Duration
  package let connectTimeout: Duration
  package let prefix: String
  package let viewLife: Duration

  init(_ reader: inout KeyReader) {
    engine = reader.value(Stated.redisEngine)
    cacheHost = reader.value(Derived.redisCacheHost)
    stateHost = reader.value(Derived.redisStateHost)
    port = reader.value(Derived.redisPort, in: 1...65_535)
    isEncrypted = reader.value(Derived.redisTLS)
    connections = reader.value(Setting.redisConnections, in: 1...10_000)
    timeout = reader.span(Setting.redisTimeout)
    connectTimeout = reader.span(Setting.redisConnectTimeout)
    prefix = reader.value(Derived.cachePrefix)
    viewLife = .seconds(Int(reader.value(Setting.cacheTTL).rawValue) ?? 5)
  }
}

/// What the order path is told. (S17-ENV-03, S04-RES-02)
package struct TradingSettings: Sendable {
  package let mode: TradingMode
  package let execution: ExecutionMode
  package let approvalLife: Duration
  package let idempotencyLife: Duration
  package let instruments: [Instrument]
  package let marketDataMaxAge: Duration
  /// The simulated venue, when it is another process.
  package let venue: InsideAddress?
  package let guarantee: VenueGuarantee
  package let feedSeed: Int
  package let breakerFailures: Int
  package let breakerOpen: Duration
  package let attempts: Int

  init(_ reader: inout KeyReader) {
    mode = reader.value(Stated.tradingMode)
    execution = reader.value(Setting.executionMode)
    approvalLife = reader.span(Setting.approvalLife)
    idempotencyLife = reader.span(Setting.idempotencyLife)
    instruments = reader.value(Setting.instrumentsTraded)
    marketDataMaxAge = reader.span(
      Setting.marketDataMaxAge, in: .milliseconds(100)...Self.longestMaxAge(reader.stage))
    let url = reader.value(Setting.venueURL)
    venue = InsideAddress(url)
    if venue == nil, !url.isEmpty {
      reader.refuse(Setting.venueURL.name, "expected `http://host:port` and nothing more")
    }
    guarantee = reader.value(Setting.venueGuarantee)
    feedSeed = reader.value(Setting.feedSeed)
    breakerFailures = reader.value(Setting.breakerFailures, in: 1...1_000)
    breakerOpen = reader.span(Setting.breakerOpen)
    attempts = reader.value(Setting.attempts, in: 1...10)
    if instruments.isEmpty { reader.refuse(Setting.instrumentsTraded.name, "names nothing") }
  }

  /// An environment tightens the limit and never loosens it; on a laptop that is busy with other
  /// things a quote may be late. (S04-TRD-03)
  private static func longestMaxAge(_ stage: StageKind) -> Duration {
    stage.isDeployed ? Setting.marketDataMaxAge.default ?? .milliseconds(1_500) : .minutes(1)
  }
}

/// The caps as this environment tightened them; above a cap is refused. What tightens is said once,
/// by ``Caps/tightened(by:)``. (S18-HS-10, S17-INT-03)
package struct RiskSettings: Sendable {
  package let orderValue: Money
  package let symbolExposure: Money
  package let openExposure: Money
  package let dailyTurnover: Money
  package let dailyLoss: Money
  package let drawdown: Ratio
  package let priceDeviation: Ratio
  package let leverage: Int
  package let ordersPerMinute: Int
  package let openOrders: Int
  /// The same in exact numbers; the hard caps when something was refused.
  package let caps: Caps

  init(_ reader: inout KeyReader) {
    orderValue = reader.value(Setting.maxOrderValue)
    symbolExposure = reader.value(Setting.maxSymbolExposure)
    openExposure = reader.value(Setting.maxOpenExposure)
    dailyTurnover = reader.value(Setting.maxDailyTurnover)
    dailyLoss = reader.value(Setting.maxDailyLoss)
    drawdown = reader.value(Setting.maxDrawdown)
    priceDeviation = reader.value(Setting.maxPriceDeviation)
    leverage = reader.value(Setting.maxLeverage)
    ordersPerMinute = reader.value(Setting.maxOrdersPerMinute)
    openOrders = reader.value(Setting.maxOpenOrders)
    let settings = CapSettings(
      orderValue: orderValue, symbolExposure: symbolExposure, openExposure: openExposure,
      dailyTurnover: dailyTurnover, dailyLoss: dailyLoss, drawdown: drawdown,
      priceDeviation: priceDeviation, leverage: leverage, ordersPerMinute: ordersPerMinute,
      openOrders: openOrders)
    do throws(LooserCaps) {
      caps = try Caps.hard.tightened(by: settings)
    } catch {
      caps = .hard
      for refusal in error.refusals {
        reader.refuse(
          refusal.key,
          refusal.isNegative ? "is below 0" : "is above the hard cap of \(refusal.limit)")
      }
    }
  }
}
