public import ServiceContract

/// Keys with a default: `overriding: [.logLevel(.warning)]`.
extension Setting {
  public static let appName = Key<String>(
    "APP_NAME", default: "Flowrex", "In titles and the token of the console. (S17-VAR-04)")

  public static let backendHost = Key<String>(
    "BACKEND_HOST", default: "0.0.0.0", "The address listened on. (S17-VAR-08)")

  public static let threads = Key<Int>(
    "EVENT_LOOP_THREADS", default: 2, "As many as the processors it may use. (S17-VAR-10, C-67)")

  public static let maxBody = Key<ByteCount>(
    "MAX_BODY_BYTES", default: Sizes.body, "A larger body is refused. (S18-NGX-04)")

  public static let requestTimeout = Key<Duration>(
    "REQUEST_TIMEOUT_SECONDS", default: Timeouts.request, "Of the chain. (C-35)")

  public static let upstreamTimeout = Key<Duration>(
    "UPSTREAM_TIMEOUT_SECONDS", default: Timeouts.upstream,
    "A call of another system, all attempts together. (S04-RES-09, C-35)")

  public static let drainAccept = Key<Duration>(
    "DRAIN_ACCEPT_SECONDS", default: Timeouts.drainAccept,
    "New requests are still taken for so long after the signal to stop. (engine fact F9)")

  public static let drain = Key<Duration>(
    "DRAIN_SECONDS", default: Timeouts.drain, "Then what is left is ended. (C-33, C-35)")

  public static let dependencyWait = Key<Duration>(
    "DEPENDENCY_WAIT_SECONDS", default: .seconds(60),
    "How long a start waits for what it needs, before it ends and names it. (engine fact F4)")

  public static let trustedProxies = Key<[AddressRange]>(
    "TRUSTED_PROXIES",
    default: ["127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
    "Whose `X-Forwarded-For` is believed: the network that the edge is in. (S17-RL-05, C-34)")
}

extension Setting {
  public static let logLevel = Key<LogLevel>(
    "LOG_LEVEL", default: .info,
    "The least severe line; development also knows `debug` and `trace`. (S17-VAR-12, C-22)")

  public static let logFile = Key<Bool>(
    "LOG_FILE_ENABLED", default: false, "Lines also go to a file. (S17-VAR-49, C-20)")

  public static let logFilePath = Key<String>(
    "LOG_FILE_PATH", default: "/var/log/flowrex/app.log", "Which file. (S17-VAR-50)")

  public static let logFileSize = Key<ByteCount>(
    "LOG_FILE_MAX_BYTES", default: .mebibytes(10), "Then a new one begins. (S17-VAR-51)")

  public static let logFileCount = Key<Int>(
    "LOG_FILE_BACKUP_COUNT", default: 5, "How many old ones are kept. (S17-VAR-52)")

  public static let traces = Key<String>(
    "OTEL_EXPORTER_OTLP_ENDPOINT", default: "",
    "Where traces go, OTLP over HTTP; empty is nowhere. (S04-OBS-09, C-50)")

  public static let traceSampling = Key<Ratio>(
    "TRACES_SAMPLE_RATIO", default: .percent(10), "Of requests. (S17-VAR-47, S04-OBS-09)")
}

extension Setting {
  public static let tokenAlgorithm = Key<TokenAlgorithm>(
    "JWT_ALGORITHM", default: .hs256, "How tokens are signed. (S17-VAR-21, C-44)")

  public static let accessTokenLife = Key<AccessTokenLife>(
    "JWT_ACCESS_TOKEN_EXPIRE_MINUTES", default: .fifteenMinutes, "Minutes. (C-01)")

  public static let refreshTokenLife = Key<RefreshTokenLife>(
    "JWT_REFRESH_TOKEN_EXPIRE_DAYS", default: .sevenDays, "Days. (S17-VAR-23, C-02)")

  public static let passwordCost = Key<PasswordCost>(
    "PASSWORD_HASH_COST", default: .twelve, "Of bcrypt. (C-46)")

  public static let corsCredentials = Key<Bool>(
    "CORS_ALLOW_CREDENTIALS", default: true,
    "Cookies from the named origins, never from `*`. (S17-VAR-25, C-15)")

  public static let webSocketHeartbeat = Key<Duration>(
    "WS_HEARTBEAT_SECONDS", default: .seconds(30), "Between two pings. (S17-VAR-37)")

  public static let webSocketLimit = Key<Int>(
    "WS_MAX_CONNECTIONS", default: 100, "Of one replica. (S17-VAR-38, C-28)")

  public static let webSocketPerUser = Key<Int>(
    "WS_MAX_CONNECTIONS_PER_USER", default: 5, "Of one person, one replica. (S04-RL-06)")

  public static let webSocketQueue = Key<Int>(
    "WS_MESSAGE_QUEUE_SIZE", default: 1_000,
    "A reader that is further behind is dropped. (S17-VAR-39)")

  public static let webSocketMessage = Key<ByteCount>(
    "WS_MAX_MESSAGE_BYTES", default: Sizes.webSocketMessage, "From a client. (S04-RL-06)")

  public static let webSocketSendTimeout = Key<Duration>(
    "WS_SEND_TIMEOUT_SECONDS", default: .seconds(5), "For one message. (S04-RES-11)")
}

extension KeyDeclaration {
  /// What every process of Flowrex reads.
  public static let commonKeys: [KeyDeclaration] = [
    Derived.environment.declaration, Derived.component.declaration, Stamped.version.declaration,
    Stamped.commit.declaration,
    Stamped.buildID.declaration, Setting.appName.declaration,
    Derived.secretsDirectory.declaration, Setting.logLevel.declaration,
    Stated.logFormat.declaration, Setting.logFile.declaration, Setting.logFilePath.declaration,
    Setting.logFileSize.declaration, Setting.logFileCount.declaration,
  ]

  /// What every process that stays up reads.
  public static let processKeys: [KeyDeclaration] = [
    Setting.threads.declaration, Stated.metricsPort.declaration, Setting.traces.declaration,
    Setting.traceSampling.declaration, Setting.drainAccept.declaration,
    Setting.drain.declaration, Setting.upstreamTimeout.declaration,
    Setting.dependencyWait.declaration,
  ]

  /// What a process that answers people reads.
  public static let publicKeys: [KeyDeclaration] = [
    Stated.debug.declaration, Setting.backendHost.declaration, Setting.maxBody.declaration,
    Setting.requestTimeout.declaration, Derived.consoleURL.declaration,
    Derived.trustedHosts.declaration, Setting.trustedProxies.declaration,
  ]

  /// What the API reads of clients, tokens and streams.
  public static let apiKeys: [KeyDeclaration] = [
    Stated.backendPort.declaration, Derived.apiURL.declaration, Derived.corsOrigins.declaration,
    Setting.corsCredentials.declaration, Stated.rateLimits.declaration,
    Derived.tokenIssuer.declaration, Derived.tokenAudience.declaration,
    Setting.tokenAlgorithm.declaration, Setting.accessTokenLife.declaration,
    Setting.refreshTokenLife.declaration, Setting.passwordCost.declaration,
    Setting.webSocketHeartbeat.declaration, Setting.webSocketLimit.declaration,
    Setting.webSocketPerUser.declaration, Setting.webSocketQueue.declaration,
    Setting.webSocketMessage.declaration, Setting.webSocketSendTimeout.declaration,
  ]

  /// What the console reads beside those of every public process.
  public static let consoleKeys: [KeyDeclaration] = [
    Stated.consolePort.declaration, Derived.apiInsideURL.declaration,
    Derived.webSocketURL.declaration,
  ]
}
