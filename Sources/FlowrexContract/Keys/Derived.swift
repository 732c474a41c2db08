public import ServiceContract

/// Keys whose value follows from the specification: no environment states one, so that no host,
/// name or address can be said twice. ``Contract/bindings`` says which fact each carries.
public enum Derived {
  public static let environment = StatedKey<StageKind>(
    "ENVIRONMENT", onLaptop: nil,
    "What this is; `dev` and `prod` are understood, anything else refuses. (S17-VAR-03, C-06)")

  public static let component = StatedKey<String>(
    "SERVICE_NAME", onLaptop: Program.backend.rawValue,
    "The component's name, in logs and traces. (S17-LOG-02)")

  public static let secretsDirectory = StatedKey<String>(
    "SECRETS_DIRECTORY", onLaptop: ".secrets", "One file per secret. (C-16, S17-SEC-03)")

  public static let internalCA = StatedKey<String>(
    "INTERNAL_CA_FILE", onLaptop: "",
    "Who signed the data stores' certificates. (C-60, engine fact F20)")

  public static let consoleURL = StatedKey<String>(
    "APP_URL", onLaptop: "http://localhost:3000",
    "Where browsers reach the console; https outside a laptop. (S17-VAR-06)")

  public static let apiURL = StatedKey<String>(
    "API_URL", onLaptop: "http://localhost:8000",
    "Where clients reach the API; https outside a laptop. (S17-VAR-07, S17-VAR-70)")

  public static let webSocketURL = StatedKey<String>(
    "WS_URL", onLaptop: "ws://localhost:8000/ws",
    "Where browsers open the stream; wss outside a laptop. (S17-VAR-71, S18-DC-10)")

  public static let apiInsideURL = StatedKey<String>(
    "API_INSIDE_URL", onLaptop: "http://localhost:8000",
    "Where the console reaches the API inside. (S17-VAR-70, S18-DC-10)")

  public static let trustedHosts = StatedKey<[String]>(
    "TRUSTED_HOSTS", onLaptop: ["localhost", "127.0.0.1"],
    "`Host` headers that are answered; health answers any. (S17-HDR-10, C-70)")

  public static let corsOrigins = StatedKey<[String]>(
    "CORS_ORIGINS", onLaptop: ["http://localhost:3000"],
    "Origins whose scripts may call the API. (S17-VAR-24, C-15, S04-NET-09)")
}

/// What one environment must not accept from another, even of its own stage: a token that it did
/// not sign, an answer that it did not cache.
extension Derived {
  public static let tokenIssuer = StatedKey<String>(
    "JWT_ISSUER", onLaptop: "flowrex-development",
    "`iss` of our tokens: names the environment. (S04-AUTH-14, C-49)")

  public static let tokenAudience = StatedKey<String>(
    "JWT_AUDIENCE", onLaptop: "flowrex-api-development",
    "`aud` of our tokens: names the environment. (S04-AUTH-14, C-49)")

  public static let cachePrefix = StatedKey<String>(
    "CACHE_PREFIX", onLaptop: "flowrex:development:",
    "Before every key: names the environment. (S03-VAR-11, C-37, C-49)")
}

/// The stores: one connection is made of parts and a secret, never of one URL. (C-16, C-40)
extension Derived {
  public static let databaseHost = StatedKey<HostName>(
    "DATABASE_HOST", onLaptop: "localhost", "The primary. (S17-VAR-13, C-16, C-40)")

  public static let databasePort = StatedKey<Int>(
    "DATABASE_PORT", onLaptop: 5_432, "Of the primary and its copies. (S17-VAR-13)")

  public static let databaseName = StatedKey<String>(
    "DATABASE_NAME", onLaptop: "flowrex_development",
    "`flowrex_` and the environment. (C-49)")

  public static let databaseUser = StatedKey<String>(
    "DATABASE_USER", onLaptop: "flowrex", "Reads and writes. (S17-VAR-13)")

  public static let databaseReplicaHosts = StatedKey<[HostName]>(
    "DATABASE_REPLICA_HOSTS", onLaptop: [],
    "Read-only copies, for the cached views. (S18-ARCH-05, engine fact F17)")

  public static let databaseReader = StatedKey<String>(
    "DATABASE_READER_USER", onLaptop: "flowrex_reader", "Reads the copies. (engine fact F17)")

  public static let databaseTLS = StatedKey<DatabaseTLS>(
    "DATABASE_TLS", onLaptop: .disable, "`verify-full` outside development. (C-60, S04-DB-06)")

  public static let redisCacheHost = StatedKey<HostName>(
    "REDIS_CACHE_HOST", onLaptop: "localhost",
    "What may be forgotten: cached views. (S17-VAR-18, C-37)")

  public static let redisStateHost = StatedKey<HostName>(
    "REDIS_STATE_HOST", onLaptop: "localhost",
    "What may not: limits, revocations, streams. (S17-VAR-18, C-37)")

  public static let redisPort = StatedKey<Int>(
    "REDIS_PORT", onLaptop: 6_379, "Of both. (S17-VAR-18)")

  public static let redisTLS = StatedKey<Bool>(
    "REDIS_TLS", onLaptop: false, "True outside development. (C-38, C-60)")
}

extension Bindings {
  /// How Flowrex is told of the stores and names that stand around it.
  public static let flowrex = Bindings(
    facts: [
      .fact(.stage, in: Derived.environment.name),
      .fact(.component, in: Derived.component.name),
      .fact(.environment, in: Derived.tokenIssuer.name, before: "flowrex-"),
      .fact(.environment, in: Derived.tokenAudience.name, before: "flowrex-api-"),
      .fact(.environment, in: Derived.cachePrefix.name, before: "flowrex:", after: ":"),
      .fact(.secretsFolder, in: Derived.secretsDirectory.name),
      .fact(.authorityFile, in: Derived.internalCA.name),
      .fact(.siteURL, in: Derived.consoleURL.name),
      .fact(.apiURL, in: Derived.apiURL.name),
      .fact(.webSocketURL, in: Derived.webSocketURL.name),
      .fact(.apiInsideURL, in: Derived.apiInsideURL.name),
      .fact(.trustedHosts, in: Derived.trustedHosts.name),
      .fact(.allowedOrigins, in: Derived.corsOrigins.name),
      .fact(.databaseHost, in: Derived.databaseHost.name),
      .fact(.databasePort, in: Derived.databasePort.name),
      .fact(.databaseName, in: Derived.databaseName.name),
      .fact(.databaseUser, in: Derived.databaseUser.name),
      .fact(.databaseReplicaHosts, in: Derived.databaseReplicaHosts.name),
      .fact(.databaseReader, in: Derived.databaseReader.name),
      .fact(.databaseTLS, in: Derived.databaseTLS.name),
      .fact(.redisCacheHost, in: Derived.redisCacheHost.name),
      .fact(.redisStateHost, in: Derived.redisStateHost.name),
      .fact(.redisPort, in: Derived.redisPort.name),
      .fact(.redisTLS, in: Derived.redisTLS.name),
    ],
    stamps: [
      .stamp(.version, in: Stamped.version.name), .stamp(.revision, in: Stamped.commit.name),
      .stamp(.build, in: Stamped.buildID.name),
    ],
    databasePassword: .databasePassword, readerPassword: .databaseReaderPassword,
    redisPassword: .redisPassword,
    pools: [
      // Beside the pool: what listens, and what the emergency stop has to itself.
      .to(.primary, keys: [Setting.poolSize.name, Setting.poolOverflow.name], beside: 2),
      .to(.replicas, keys: [Setting.replicaPoolSize.name]),
    ])
}
