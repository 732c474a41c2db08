package import Foundation

/// One question to a server.
package struct HTTPRequest: Sendable {
  package enum Method: String, Sendable { case get = "GET", head = "HEAD", post = "POST" }

  /// Where an answer may send the client on to.
  package enum Redirects: Sendable {
    /// The same scheme, host and port: who was asked is who answers.
    case sameOrigin
    /// Whatever host, without the token, for content whose digest is known before it is asked for.
    case anywhere
  }

  package var method: Method = .get
  package var url: URL
  package var accept: [String] = []
  /// A bearer token; it goes to the host of `url` and to no other.
  package var token: String?
  package var redirects: Redirects = .sameOrigin
  /// Further headers; those that hold a credential go to the host of `url` and to no other, for a
  /// request with one is never sent on.
  package var headers: [String: String] = [:]
  package var body: [UInt8] = []
  /// Refusals whose body says why, and is read. Of all other answers that are not the thing itself
  /// only the head is.
  package var explained: Set<Int> = []

  package init(
    _ method: Method = .get, _ url: URL, accept: [String] = [], token: String? = nil,
    redirects: Redirects = .sameOrigin
  ) {
    self.method = method
    self.url = url
    self.accept = accept
    self.token = token
    self.redirects = redirects
  }
}

/// What a server answered.
package struct HTTPAnswer: Sendable {
  package let status: Int
  /// Names in lower case.
  package let headers: [String: String]
  package let body: [UInt8]

  package init(status: Int, headers: [String: String], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// Why there is no answer that may be used.
package enum HTTPFailure: Error, Hashable, Sendable {
  /// No connection, or one that broke; `reason` is a clause.
  case unreachable(host: String, reason: String)
  case timedOut(host: String, after: Duration)
  case tooLarge(host: String, limit: Int)
  case redirected(from: String, to: String)
  case redirectedTooOften(host: String)
}

/// What one question may cost.
package struct HTTPLimits: Sendable {
  /// From the start of one try to its last byte. A registry answers in well under a second; ten is
  /// a bad line, and more only keeps a person waiting.
  package var timeout: Duration
  /// Of one answer. The distribution specification makes registries take manifests of up to 4 MiB;
  /// a larger one is nothing that a registry stores.
  package var bytes: Int
  /// A line that is broken for three tries is broken.
  package var tries: Int
  /// Before the second try; the third waits twice as long.
  package var pause: Duration
  /// Hops from one address to the next.
  package var redirects: Int

  package init(
    timeout: Duration = .seconds(10), bytes: Int = 4 * 1_024 * 1_024, tries: Int = 3,
    pause: Duration = .milliseconds(500), redirects: Int = 3
  ) {
    self.timeout = timeout
    self.bytes = bytes
    self.tries = tries
    self.pause = pause
    self.redirects = redirects
  }
}
