public import ServiceContract

/// A pool of database connections. (S17-MET-07, C-27)
public enum DatabasePool: String, LabelValue {
  case primary
  /// Read only; it may lag.
  case replica
}

/// Why a read that a replica could answer went to the primary.
public enum ReplicaFallback: String, LabelValue {
  case lagging
  case unreachable
  case exhausted
}

/// What is cached. Orders and risk never read a cache. (S03-ARCH-02, C-63)
public enum CacheName: String, LabelValue {
  case reconciliation
  case positions
  case guards
}

/// Something that the service depends on and can be without. (C-08, S18-EP-02)
public enum Dependency: String, LabelValue {
  case database
  case databaseReplica = "database_replica"
  case redisCache = "redis_cache"
  case redisState = "redis_state"
  case broker
  case marketData = "market_data"
}

/// A circuit breaker. (S04-RES-01, S04-OBS-04)
public enum BreakerName: String, LabelValue {
  case broker
  case marketData = "market_data"
  case redisCache = "redis_cache"
  case redisState = "redis_state"
  case databaseReplica = "database_replica"
}

/// The states of a circuit breaker. (S04-RES-03)
public enum BreakerState: String, LabelValue {
  case closed
  case halfOpen = "half_open"
  case open
}

/// What is asked of a broker.
public enum BrokerOperation: String, LabelValue {
  case submit
  case cancel
  case lookUp = "look_up"
}

/// How a call of another system ended.
public enum CallOutcome: String, LabelValue {
  case succeeded
  case refused
  /// No answer in time, which is not a refusal.
  case timedOut = "timed_out"
  case failed
}

/// How a piece of work ended.
public enum RunOutcome: String, LabelValue { case succeeded, failed }

/// Why a quote was not believed. (S04-TRD-02)
public enum QuoteFault: String, LabelValue {
  case stale
  case crossed
  case zero
  case outlier
  case outOfOrder = "out_of_order"
  case duplicate
}

/// Where quotes come from. (S04-TRD-01)
public enum MarketDataSource: String, LabelValue { case simulated }

/// How an approval ended. (C-65)
public enum ApprovalDecision: String, LabelValue { case approved, rejected, expired }

/// How our books differ from the broker's.
public enum DivergenceKind: String, LabelValue {
  case orderMissingHere = "order_missing_here"
  case orderMissingThere = "order_missing_there"
  case stateDiffers = "state_differs"
  case fillMissingHere = "fill_missing_here"
  case positionDiffers = "position_differs"
  case cashDiffers = "cash_differs"
  /// Something that a worker cannot work on.
  case workFails = "work_fails"
  /// The venue forgot what it had written down.
  case journalBeganAnew = "journal_began_anew"
  /// Something that the venue told and that is not booked.
  case eventUnbooked = "event_unbooked"
}

/// What the worker does again and again; one worker does a job at a time.
public enum JobName: String, LabelValue {
  case reconciliation
  case outbox
  case drawdownGuard = "drawdown_guard"
  case marketGuard = "market_guard"
  case candles
  case approvalExpiry = "approval_expiry"
  case retention
}

/// Why a sign-in failed. (S04-AUTH-09, C-45)
public enum LoginFailure: String, LabelValue {
  case credentials
  case locked
  case disabled
}

/// What a lock-out locks. (C-45)
public enum LockOutScope: String, LabelValue {
  /// One account from one address.
  case pair
  case account
}

/// Why a token was refused. (S04-AUTH-10 … 14)
public enum TokenFault: String, LabelValue {
  case malformed
  case signature
  case expired
  case issuer
  case audience
  case type
  case revoked
  /// A refresh token used twice: its whole family is revoked. (C-02)
  case reused
}

/// A class of rate limits. (C-07)
public enum LimitClassName: String, LabelValue {
  case standard, auth, orders, admin, webSocket = "websocket", pages
}

/// What the limiter decided without Redis. (C-08)
public enum DegradedDecision: String, LabelValue {
  /// The route fails closed: 503 and `Retry-After`.
  case closed
  /// A bucket of this replica's share of the limit decided.
  case local
}

/// Why a WebSocket was not opened. (S04-RL-06)
public enum SocketRefusal: String, LabelValue {
  case full
  case perUser = "per_user"
  case origin
  case unauthenticated
  case draining
}

/// The severity of a log line. (S17-VAR-12)
public enum LogSeverity: String, LabelValue { case debug, info, warning, error, critical }

/// A limit of the risk engine whose use is measured. (S18-HS-10)
public enum RiskCapName: String, LabelValue {
  case orderValue = "order_value"
  case symbolExposure = "symbol_exposure"
  case openExposure = "open_exposure"
  case dailyTurnover = "daily_turnover"
  case dailyLoss = "daily_loss"
  case drawdown
  case leverage
  case ordersPerMinute = "orders_per_minute"
  case openOrders = "open_orders"
  case priceDeviation = "price_deviation"
}
