/// Who may call a route.
public enum Auth: String, Sendable, Hashable { case anonymous, user, admin }

/// How often a client may call the routes of a class.
///
/// One declaration feeds the edge (per address, a flood guard) and the service (per principal,
/// exact across replicas). (C-07)
public struct LimitClass: Sendable, Hashable {
  public let name: String
  /// Requests that are let through in a minute, on average.
  public let perMinute: Int
  /// How many may come at once before the average counts.
  public let burst: Int

  public init(_ name: String, perMinute: Int, burst: Int) {
    self.name = name
    self.perMinute = perMinute
    self.burst = burst
  }
}

/// A route that the service answers.
public struct Route: Sendable, Hashable {
  public enum Method: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    /// A `GET` that becomes a WebSocket.
    case webSocket = "WEBSOCKET"
  }

  public let method: Method
  /// The template: `/api/v1/orders/{id}`.
  public let path: String
  public let auth: Auth
  /// `nil`: never limited (health endpoints, C-10).
  public let limit: LimitClass?
  /// The service answers within this time or says that it could not.
  public let within: Duration
  public let summary: String

  public init(
    _ method: Method, _ path: String, auth: Auth, limit: LimitClass?, within: Duration,
    _ summary: String
  ) {
    self.method = method
    self.path = path
    self.auth = auth
    self.limit = limit
    self.within = within
    self.summary = summary
  }

  public static func get(
    _ path: String, auth: Auth, limit: LimitClass?, within: Duration, _ summary: String
  ) -> Self {
    Route(.get, path, auth: auth, limit: limit, within: within, summary)
  }

  public static func post(
    _ path: String, auth: Auth, limit: LimitClass?, within: Duration, _ summary: String
  ) -> Self {
    Route(.post, path, auth: auth, limit: limit, within: within, summary)
  }
}

/// A port that a process listens on.
public struct Port: Sendable, Hashable {
  /// Who may reach it.
  public enum Reach: String, Sendable, Hashable {
    /// The edge forwards to it.
    case edge
    /// Only other services of the environment.
    case inside
    /// Only the monitoring network; it serves `/metrics`. (C-05)
    case metrics
  }

  public let name: String
  public let number: Int
  public let reach: Reach

  public init(_ name: String, _ number: Int, reach: Reach) {
    self.name = name
    self.number = number
    self.reach = reach
  }
}
