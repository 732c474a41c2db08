public import ServiceContract

/// A small contract for tests: not Flowrex, so that nothing in the generator can depend on it.
public enum Shop {
  public static let requests = Counter<RequestLabels>(
    "http_requests_total", "Requests answered, by route template.")
  public static let duration = Histogram<Unlabelled, Duration>(
    "http_request_duration_seconds",
    buckets: [.milliseconds(50), .milliseconds(100), .seconds(1), .seconds(2)],
    "From first byte read to last byte written.")
  public static let basketSize = Gauge<Unlabelled, Count>("basket_items", "Items in baskets.")
  public static let residentMemory = Gauge<Unlabelled, ByteCount>(
    "process_resident_memory_bytes", "Memory in use.")
}

public struct RequestLabels: LabelSet {
  public let status: ServiceContract.Label<StatusClass> = "status"
  public init() {}
}

public enum StatusClass: String, LabelValue {
  case success = "2xx"
  case clientError = "4xx"
  case serverError = "5xx"
}

extension LimitClass {
  public static let reads = LimitClass("reads", perMinute: 60, burst: 10)
  public static let signIn = LimitClass("sign-in", perMinute: 5, burst: 5)
}

extension Route {
  public static let orders = Route.get(
    "/api/v1/orders", auth: .user, limit: .reads, within: .seconds(8), "All orders.")
  public static let placeOrder = Route.post(
    "/api/v1/orders", auth: .user, limit: .reads, within: .seconds(8), "Places an order.")
  public static let order = Route.get(
    "/api/v1/orders/{id}", auth: .user, limit: .reads, within: .seconds(8), "One order.")
  public static let signIn = Route.post(
    "/api/v1/sign-in", auth: .anonymous, limit: .signIn, within: .seconds(5), "Signs in.")
  public static let health = Route.get(
    "/health", auth: .anonymous, limit: nil, within: .seconds(2), "Whether it lives.")
  public static let socket = Route(
    .webSocket, "/ws", auth: .user, limit: LimitClass("socket", perMinute: 600, burst: 5),
    within: .hours(1), "Live prices.")
  public static let shop: [Route] = [.orders, .placeOrder, .order, .signIn, .health, .socket]
}

extension Port {
  public static let api = Port("http", 8000, reach: .edge)
  public static let metrics = Port("metrics", 9090, reach: .metrics)
  public static let pages = Port("http", 3000, reach: .edge)
}

extension SecretKey {
  public static let databasePassword = SecretKey(
    "DATABASE_PASSWORD", atLeast: 128, rotate: .days(90), "Role `shop`.")
  public static let readerPassword = SecretKey(
    "DATABASE_READER_PASSWORD", atLeast: 128, rotate: .days(90), "Role `shop_reader`.")
  public static let redisPassword = SecretKey(
    "REDIS_PASSWORD", atLeast: 128, rotate: .days(90), "Both Redis servers.")
  public static let pagerKey = SecretKey(
    "PAGERDUTY_ROUTING_KEY", form: .issued, atLeast: 128, rotate: .days(365), "Pages people.")
  public static let slackWebhook = SecretKey(
    "SLACK_WEBHOOK_URL", form: .url, atLeast: 128, rotate: .days(365), "Posts messages.")
  public static let heartbeatURL = SecretKey(
    "HEARTBEAT_URL", form: .url, atLeast: 64, rotate: .days(365), "Dead man's switch.")
  public static let sshKey = SecretKey(
    "DEPLOY_SSH_KEY", form: .pem, atLeast: 256, rotate: .days(90), "Reaches the cluster.")
  public static let sshSigning = SecretKey(
    "DEPLOY_SIGNING_KEY", form: .pem, atLeast: 256, rotate: .days(90), "Signs what is carried.")
  public static let sshHost = SecretKey(
    "DEPLOY_SSH_HOST_KEY", form: .issued, atLeast: 0, rotate: .days(365), "Pins the cluster.")
}

extension Setting {
  public static let poolSize = Key<Int>("DATABASE_POOL_SIZE", default: 10, "Per replica.")
  public static let statementTimeout = Key<Duration>(
    "STATEMENT_TIMEOUT_SECONDS", default: .seconds(4), "Of the chain.")
  public static let requestTimeout = Key<Duration>(
    "REQUEST_TIMEOUT_SECONDS", default: .seconds(10), "Of the chain.")
}

/// Keys that follow from the specification.
enum Derived {
  static let all = [
    key("ENVIRONMENT"), key("DATABASE_HOST"), key("DATABASE_REPLICA_HOSTS"),
    key("REDIS_CACHE_HOST"), key("SITE_URL"), key("CACHE_PREFIX"),
  ]
  private static func key(_ name: String) -> KeyDeclaration {
    KeyDeclaration(name: name, defaultText: nil, type: "text", help: "Follows.")
  }
}

extension Shop {
  /// Asked for by nobody, and so written by nobody.
  public static let stockCounted = Gauge<Unlabelled, Moment>(
    "shop_stock_counted_timestamp_seconds", "When people last counted what is there.")
}

extension Contract {
  public static let shop = Contract(
    name: "shop",
    metrics: [
      Shop.requests.family, Shop.duration.family, Shop.basketSize.family,
      Shop.residentMemory.family,
    ], measured: [Shop.stockCounted.family],
    keys: [
      Setting.poolSize.declaration, Setting.statementTimeout.declaration,
      Setting.requestTimeout.declaration,
    ] + Derived.all,
    secrets: [.databasePassword, .readerPassword, .redisPassword],
    routes: Route.shop, ports: [.api, .metrics, .pages], limits: [.reads, .signIn],
    bindings: Bindings(
      facts: [
        .fact(.stage, in: "ENVIRONMENT"), .fact(.databaseHost, in: "DATABASE_HOST"),
        .fact(.databaseReplicaHosts, in: "DATABASE_REPLICA_HOSTS"),
        .fact(.redisCacheHost, in: "REDIS_CACHE_HOST"), .fact(.siteURL, in: "SITE_URL"),
        .fact(.environment, in: "CACHE_PREFIX", before: "shop:", after: ":"),
      ],
      databasePassword: .databasePassword, readerPassword: .readerPassword,
      redisPassword: .redisPassword,
      pools: [.to(.primary, keys: [Setting.poolSize.name])]),
    timeouts: [
      TimeoutStep(
        name: "statement", limit: .seconds(4), at: .key(Setting.statementTimeout.name),
        why: "the server ends what others wait for"),
      TimeoutStep(
        name: "request", limit: .seconds(10), at: .key(Setting.requestTimeout.name),
        why: "the service says that it could not, before the edge does"),
      TimeoutStep(
        name: "edge", limit: .seconds(15), at: .edge, why: "a stuck replica is left for another"),
      TimeoutStep(
        name: "stop grace", limit: .seconds(30), at: .engine,
        why: "the engine kills after the service has ended by itself"),
    ])
}
