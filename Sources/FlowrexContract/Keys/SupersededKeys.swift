/// A variable that a document uses and we do not.
public struct SupersededKey: Sendable, Hashable {
  /// What becomes of it.
  public enum Fate: String, Sendable, Hashable {
    /// Another variable holds the same; the value moves over, perhaps in another unit.
    case renamed
    /// A secret's file, and never a variable outside development.
    case secret
    /// It follows from something else that is said once.
    case derived
    /// The specification says it, to the generator and not to the service.
    case specification
    /// There is no such switch any more.
    case removed
  }

  public let old: String
  /// What says it now: a variable, a secret, a type; empty when nothing does.
  public let new: String
  public let fate: Fate
  /// Requirement and decision.
  public let why: String

  public init(_ old: String, _ fate: Fate, _ new: String, _ why: String) {
    self.old = old
    self.new = new
    self.fate = fate
    self.why = why
  }
}

/// Every variable of the documents that is not a key of ours, and what became of it.
public let supersededKeys: [SupersededKey] =
  supersededNames + supersededSwitches + supersededSpecifications

private let supersededNames: [SupersededKey] = [
  SupersededKey("NODE_ENV", .derived, "ENVIRONMENT", "S17-VAR-02, C-06"),
  SupersededKey("APP_ENV", .derived, "ENVIRONMENT", "S03-VAR-14, C-06"),
  SupersededKey("BACKEND_WORKERS", .renamed, "EVENT_LOOP_THREADS", "S17-VAR-10, C-67"),
  SupersededKey(
    "DATABASE_URL", .renamed,
    "DATABASE_HOST, DATABASE_PORT, DATABASE_NAME, DATABASE_USER and secret DATABASE_PASSWORD",
    "S17-VAR-13, S03-VAR-01, C-16, C-40"),
  SupersededKey(
    "DATABASE_POOL_TIMEOUT", .renamed, "DATABASE_POOL_WAIT_SECONDS", "S17-VAR-16, C-35"),
  SupersededKey(
    "DATABASE_POOL_RECYCLE", .renamed, "DATABASE_POOL_RECYCLE_SECONDS", "S17-VAR-17"),
  SupersededKey("DB_POOL_SIZE", .renamed, "DATABASE_POOL_SIZE", "S03-VAR-02"),
  SupersededKey("DB_MAX_OVERFLOW", .renamed, "DATABASE_MAX_OVERFLOW", "S03-VAR-03"),
  SupersededKey("POSTGRES_USER", .renamed, "DATABASE_USER", "S03-STEP-11"),
  SupersededKey("POSTGRES_DB", .renamed, "DATABASE_NAME", "S03-STEP-11, C-49"),
  SupersededKey(
    "POSTGRES_PASSWORD", .secret, "POSTGRES_SUPERUSER_PASSWORD", "S03-STEP-11, S17-CI-02, C-16"),
  SupersededKey("DB_PASSWORD", .secret, "DATABASE_PASSWORD", "S03-STEP-11, C-16"),
  SupersededKey(
    "REDIS_URL", .renamed,
    "REDIS_CACHE_HOST, REDIS_STATE_HOST, REDIS_PORT and secret REDIS_PASSWORD",
    "S17-VAR-18, S03-VAR-04, C-16, C-37"),
  SupersededKey("REDIS_SOCKET_TIMEOUT", .renamed, "REDIS_TIMEOUT_SECONDS", "S03-VAR-05, C-35"),
  SupersededKey(
    "REDIS_SOCKET_CONNECT_TIMEOUT", .renamed, "REDIS_CONNECT_TIMEOUT_SECONDS",
    "S03-VAR-06, C-35"),
  SupersededKey(
    "JWT_EXPIRATION_HOURS", .renamed, "JWT_ACCESS_TOKEN_EXPIRE_MINUTES", "S03-VAR-09, C-01"),
  SupersededKey(
    "POSITION_QUERY_TIMEOUT", .renamed, "DATABASE_STATEMENT_TIMEOUT_SECONDS",
    "S03-VAR-13, C-35"),
  SupersededKey("WS_HEARTBEAT_INTERVAL", .renamed, "WS_HEARTBEAT_SECONDS", "S17-VAR-37"),
  SupersededKey(
    "SENTRY_TRACES_SAMPLE_RATE", .renamed, "TRACES_SAMPLE_RATIO", "S17-VAR-47, C-50"),
  SupersededKey("SENTRY_ENVIRONMENT", .derived, "ENVIRONMENT", "S17-VAR-46"),
  SupersededKey("NEXT_PUBLIC_API_URL", .renamed, "API_URL", "S17-VAR-70, S18-DC-10"),
  SupersededKey("NEXT_PUBLIC_WS_URL", .renamed, "WS_URL", "S17-VAR-71, S18-DC-10"),
  SupersededKey("NEXT_PUBLIC_ENVIRONMENT", .derived, "ENVIRONMENT", "S17-VAR-72"),
  SupersededKey("VERSION", .renamed, "APP_VERSION", "S18-DC-02, C-30"),
  SupersededKey("SLACK_WEBHOOK", .secret, "SLACK_WEBHOOK_URL", "S17-CI-14, C-68"),
]

private let supersededSwitches: [SupersededKey] = [
  SupersededKey("BACKEND_RELOAD", .removed, "", "S17-VAR-11: a compiled service is rebuilt"),
  SupersededKey(
    "RATE_LIMIT_REQUESTS_PER_MINUTE", .derived, "LimitClass.standard", "S17-VAR-35, C-07"),
  SupersededKey("RATE_LIMIT_BURST", .derived, "LimitClass.standard", "S17-VAR-36, C-07"),
  SupersededKey(
    "SECURITY_HEADERS_ENABLED", .removed, "", "S17-VAR-40: always on, so no switch"),
  SupersededKey("CSRF_PROTECTION_ENABLED", .removed, "", "S17-VAR-41: always on, so no switch"),
  SupersededKey(
    "SESSION_COOKIE_SECURE", .derived, "ENVIRONMENT", "S17-VAR-42, C-61: off on a laptop only"),
  SupersededKey("SESSION_COOKIE_HTTPONLY", .removed, "", "S17-VAR-43, C-61: always"),
  SupersededKey("SESSION_COOKIE_SAMESITE", .removed, "", "S17-VAR-44, C-61: always strict"),
  SupersededKey("METRICS_ENABLED", .removed, "", "S17-VAR-53, S18-HS-08: always on"),
  SupersededKey(
    "FEATURE_LIVE_TRADING_ENABLED", .derived, "TRADING_MODE", "S17-VAR-63, S17-ENV-19"),
  SupersededKey("SMTP_USE_TLS", .removed, "", "S17-VAR-69: always, with the adapter"),
  SupersededKey("NEXT_TELEMETRY_DISABLED", .removed, "", "S18-DFF-03: the console is ours"),
  SupersededKey("GF_USERS_ALLOW_SIGN_UP", .specification, "Grafana", "S18-DC-19"),
]

private let supersededSpecifications: [SupersededKey] = [
  SupersededKey("BACKUP_ENABLED", .specification, "backups:", "S17-VAR-55, S17-HS-08"),
  SupersededKey("BACKUP_SCHEDULE", .specification, "backups:", "S17-VAR-56, C-18"),
  SupersededKey("BACKUP_RETENTION_DAYS", .specification, "backups:", "S17-VAR-57, C-57"),
  SupersededKey("BACKUP_S3_BUCKET", .specification, "backups:", "S17-VAR-58, S17-SEC-05"),
  SupersededKey("BACKUP_S3_REGION", .specification, "backups:", "S17-VAR-59"),
  SupersededKey("S3_BUCKET", .specification, "backups:", "S18-BKP-04"),
  SupersededKey("RETENTION_DAYS", .specification, "backups:", "S18-BKP-05"),
  SupersededKey("BACKUP_DIR", .specification, "backups:", "S18-BKP-02"),
  SupersededKey("BACKUP_NAME", .derived, "the moment of the backup", "S18-BKP-02"),
  SupersededKey("BACKUP_FILE", .derived, "the backup's manifest", "S18-BKP-02, C-18"),
  SupersededKey("REGISTRY_URL", .specification, "Repository", "S18-DC-02, S17-CI-09"),
  SupersededKey("PREVIOUS_VERSION", .derived, "the release record", "S18-RBK-01"),
  SupersededKey("HEALTH_CHECK_URL", .derived, "Health.readiness of each replica", "C-33"),
  SupersededKey("MAX_HEALTH_CHECK_ATTEMPTS", .specification, "delivery", "S18-DEP-01"),
  SupersededKey("HEALTH_CHECK_INTERVAL", .specification, "delivery", "S18-DEP-01"),
  SupersededKey("AWS_REGION", .specification, "secrets:", "S17-SEC-03"),
  SupersededKey(
    "GF_SECURITY_ADMIN_PASSWORD", .secret, "GRAFANA_ADMIN_PASSWORD", "S18-DC-19, C-16"),
]
