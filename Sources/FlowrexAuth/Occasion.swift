/// A request as it is written down about what somebody did: where it came from, and which it was.
/// (S18-AUD-01)
///
/// No query, body or header that carries a credential is in one.
package struct Occasion: Sendable, Hashable {
  /// Names the request in answers and log lines.
  package let requestID: String?
  /// Where it came from.
  package let address: String?
  package let method: String?
  /// Of the request's target, without its query.
  package let path: String?
  /// What the client calls itself; its own words, cut and cleaned.
  package let userAgent: String?

  package init(
    requestID: String? = nil, address: String? = nil, method: String? = nil, path: String? = nil,
    userAgent: String? = nil
  ) {
    self.requestID = requestID
    self.address = address
    self.method = method
    self.path = path
    self.userAgent = userAgent
  }

  /// No request: a command, a start, a test.
  package static let none = Occasion()
}
