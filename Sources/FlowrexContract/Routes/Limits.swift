public import ServiceContract

/// One declaration per class feeds the edge (per address) and the service (per principal, exact
/// across replicas). Only development may switch limits off. (C-07, S17-RL-03, S04-RL-05, 07)
extension LimitClass {
  /// Reads and everything that has no class of its own. (S17-VAR-35, 36)
  public static let standard = limit(.standard, perMinute: 60, burst: 10)
  /// Sign-in and refresh: what a guesser would call. (S04-AUTH-07)
  public static let auth = limit(.auth, perMinute: 5, burst: 5)
  /// What sends, cancels or approves an order.
  public static let orders = limit(.orders, perMinute: 60, burst: 10)
  /// Administrators, who must not be locked out of an emergency. (S04-RL-07)
  public static let admin = limit(.admin, perMinute: 300, burst: 30)
  /// WebSocket handshakes: ten in a second. (S18-NGX-06, 17)
  public static let webSocket = limit(.webSocket, perMinute: 600, burst: 5)
  /// The console's pages and their files; ours: a page needs several requests at once.
  public static let pages = limit(.pages, perMinute: 300, burst: 40)

  /// All of them.
  public static let flowrex: [LimitClass] = [standard, auth, orders, admin, webSocket, pages]

  private static func limit(
    _ name: LimitClassName, perMinute: Int, burst: Int
  ) -> LimitClass {
    LimitClass(name.rawValue, perMinute: perMinute, burst: burst)
  }
}

/// When a person is kept out, and for how long. (S04-AUTH-08, C-45)
public enum LockOut {
  /// Failures from one address for one account.
  public static let pairFailures = 5
  /// Failures for one account from anywhere.
  public static let accountFailures = 20
  public static let length = Duration.minutes(5)
}

/// How large a request and an answer may be.
public enum Sizes {
  /// The edge refuses a larger body, and so does the service. (S18-NGX-04)
  public static let body = ByteCount.mebibytes(10)
  /// One message of a WebSocket; ours: the largest has a few hundred bytes.
  public static let webSocketMessage = ByteCount.kibibytes(64)
  /// Items on a page when nobody says how many.
  public static let page = 50
  /// The most that may be asked for.
  public static let largestPage = 200
}

/// How long things are kept. (C-57, S04-DB-08)
public enum Retention {
  public static let audit = Duration.days(7 * 365)
  public static let logs = Duration.days(30)
  public static let metrics = Duration.days(30)
  public static let refreshTokens = Duration.days(7)
  public static let reconciliationLogs = Duration.days(90)
  /// Of every length that is kept. (S04-TRD-04: the time is ours)
  public static let candles = Duration.days(30)
  public static let backups = Duration.days(30)
}
