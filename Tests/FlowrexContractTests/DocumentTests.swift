import FlowrexContract
import ServiceContract
import TestSupport
import Testing

/// Nothing that a document names is lost: it is declared, or a table says what became of it.
@Suite struct DocumentTests {
  private static let keysAndSecrets = Set(
    Contract.flowrex.keys.map(\.name) + Contract.flowrex.secrets.map(\.name))
  /// What the generator itself needs, under names of its own.
  private static let generators: Set<String> = [
    "POSTGRES_SUPERUSER_PASSWORD", "GRAFANA_ADMIN_PASSWORD",
  ]

  /// S17-VAR-02 … 72.
  private static let first = """
    NODE_ENV ENVIRONMENT APP_NAME APP_VERSION APP_URL API_URL BACKEND_HOST BACKEND_PORT
    BACKEND_WORKERS BACKEND_RELOAD LOG_LEVEL DATABASE_URL DATABASE_POOL_SIZE
    DATABASE_MAX_OVERFLOW DATABASE_POOL_TIMEOUT DATABASE_POOL_RECYCLE REDIS_URL
    REDIS_MAX_CONNECTIONS JWT_SECRET_KEY JWT_ALGORITHM JWT_ACCESS_TOKEN_EXPIRE_MINUTES
    JWT_REFRESH_TOKEN_EXPIRE_DAYS CORS_ORIGINS CORS_ALLOW_CREDENTIALS TWELVEDATA_API_KEY
    TWELVEDATA_BASE_URL OANDA_ACCOUNT_ID OANDA_API_KEY OANDA_BASE_URL MT5_LOGIN MT5_PASSWORD
    MT5_SERVER RATE_LIMIT_ENABLED RATE_LIMIT_REQUESTS_PER_MINUTE RATE_LIMIT_BURST
    WS_HEARTBEAT_INTERVAL WS_MAX_CONNECTIONS WS_MESSAGE_QUEUE_SIZE SECURITY_HEADERS_ENABLED
    CSRF_PROTECTION_ENABLED SESSION_COOKIE_SECURE SESSION_COOKIE_HTTPONLY
    SESSION_COOKIE_SAMESITE SENTRY_DSN SENTRY_ENVIRONMENT SENTRY_TRACES_SAMPLE_RATE LOG_FORMAT
    LOG_FILE_ENABLED LOG_FILE_PATH LOG_FILE_MAX_BYTES LOG_FILE_BACKUP_COUNT METRICS_ENABLED
    METRICS_PORT BACKUP_ENABLED BACKUP_SCHEDULE BACKUP_RETENTION_DAYS BACKUP_S3_BUCKET
    BACKUP_S3_REGION FEATURE_AI_AGENTS_ENABLED FEATURE_BACKTESTING_ENABLED
    FEATURE_OPTIMIZATION_ENABLED FEATURE_LIVE_TRADING_ENABLED SMTP_HOST SMTP_PORT
    SMTP_USERNAME SMTP_PASSWORD SMTP_FROM_EMAIL SMTP_USE_TLS NEXT_PUBLIC_API_URL
    NEXT_PUBLIC_WS_URL NEXT_PUBLIC_ENVIRONMENT
    """

  /// S03-VAR-01 … 16, S03-STEP-10, 11, S04-AUTH-04, 05, S17-CI, S18-DC, S18-DEP, S18-BKP.
  private static let others = """
    DB_POOL_SIZE DB_MAX_OVERFLOW REDIS_SOCKET_TIMEOUT REDIS_SOCKET_CONNECT_TIMEOUT
    JWT_EXPIRATION_HOURS CACHE_TTL_SECONDS CACHE_PREFIX RECONCILIATION_BATCH_SIZE
    POSITION_QUERY_TIMEOUT APP_ENV DEBUG POSTGRES_USER POSTGRES_PASSWORD POSTGRES_DB
    DB_PASSWORD ADMIN_PASSWORD_HASH SECURITY_SECRET_KEY REGISTRY_URL REGISTRY_USERNAME
    REGISTRY_PASSWORD SLACK_WEBHOOK SLACK_WEBHOOK_URL AWS_REGION VERSION WS_URL
    GRAFANA_ADMIN_PASSWORD GF_SECURITY_ADMIN_PASSWORD GF_USERS_ALLOW_SIGN_UP
    NEXT_TELEMETRY_DISABLED BACKUP_DIR BACKUP_NAME BACKUP_FILE S3_BUCKET RETENTION_DAYS
    PREVIOUS_VERSION HEALTH_CHECK_URL MAX_HEALTH_CHECK_ATTEMPTS HEALTH_CHECK_INTERVAL
    """

  @Test(
    .covers(
      "S17-VAR-04", "S17-VAR-05", "S17-VAR-06", "S17-VAR-07", "S17-VAR-08", "S17-VAR-27",
      "S17-VAR-33", "S17-VAR-59", "S17-VAR-64", "S17-VAR-65", "S17-VAR-66", "S17-VAR-68",
      "S03-VAR-02", "S03-VAR-03"))
  func `every variable of the documents is declared or superseded`() {
    let superseded = Set(supersededKeys.map(\.old))
    let names = (Self.first + " " + Self.others).split { $0.isWhitespace }.map(String.init)
    #expect(Set(names).count == names.count && names.count > 100)
    for name in names {
      let isKnown =
        Self.keysAndSecrets.contains(name) || Self.generators.contains(name)
        || superseded.contains(name)
      #expect(isKnown, "\(name) is lost")
    }
  }

  @Test func `the first document's 71 variables are all asked for`() {
    #expect(Self.first.split { $0.isWhitespace }.count == 71)
  }

  @Test(
    .covers(
      "S17-VAR-11", "S17-VAR-40", "S17-VAR-41", "S17-VAR-43", "S17-VAR-44", "S17-VAR-53",
      "S17-VAR-69"))
  func `nothing is declared and superseded at once`() {
    #expect(Set(supersededKeys.map(\.old)).count == supersededKeys.count)
    #expect(Set(supersededKeys.map(\.old)).isDisjoint(with: Self.keysAndSecrets))
  }

  @Test func `whatever supersedes a variable exists`() {
    for key in supersededKeys {
      #expect(key.why.citesSource, "\(key.old)")
      #expect((key.fate == .removed) == key.new.isEmpty, "\(key.old)")
      for match in key.new.matches(of: /[A-Z][A-Z0-9]*_[A-Z0-9_]+/) {
        let name = String(match.output)
        #expect(
          Self.keysAndSecrets.contains(name) || Self.generators.contains(name),
          "\(key.old) became \(name), which nobody declares")
      }
    }
  }

  @Test(.covers("C-23")) func `every metric of the documents is declared or superseded`() {
    let declared = Set(Contract.flowrex.metrics.map(\.name))
    let superseded = Set(supersededMetrics.map(\.old))
    let names = """
      http_requests_total http_request_duration_seconds trades_executed_total
      signals_generated_total active_strategies websocket_connections database_connections
      trades_failed_total trades_attempted_total process_resident_memory_bytes
      process_cpu_seconds_total up request_duration_seconds errors_total
      http_requests_in_progress pg_queries_total redis_keys_total redis_db_keys
      portfolio_value_usd realised_pnl_usd unrealised_pnl_usd circuit_breaker_state
      login_failures_total cache_hits_total cache_misses_total market_data_age_seconds
      flowrex_backup_last_success_timestamp_seconds
      flowrex_certificate_not_after_timestamp_seconds outbox_messages open_orders
      """.split { $0.isWhitespace }.map(String.init)
    for name in names {
      #expect(declared.contains(name) || superseded.contains(name), "\(name) is lost")
    }
    #expect(declared.isDisjoint(with: superseded))
  }

  @Test func `a recorded old name has something to be recorded from`() {
    let declared = Set(Contract.flowrex.metrics.map(\.name))
    for metric in supersededMetrics where metric.isRecorded {
      #expect(declared.contains(metric.new), "\(metric.old)")
    }
  }
}
