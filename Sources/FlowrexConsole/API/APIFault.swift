import Foundation

/// A failure that the API states. (RFC 9457, S04-ERR-03)
package struct APIProblem: Sendable, Equatable, Decodable {
  package let status: Int
  package let code: String
  package let title: String
  /// The field that is wrong, where one is.
  package let field: String?
  package let detail: String?

  package init(
    status: Int, code: String, title: String, field: String? = nil, detail: String? = nil
  ) {
    self.status = status
    self.code = code
    self.title = title
    self.field = field
    self.detail = detail
  }
}

/// Why the API did not do what it was asked.
package enum APIFault: Error, Sendable, Equatable {
  /// It said so.
  case problem(APIProblem)
  /// No connection: nothing was done.
  case unreachable
  /// It was asked and did not answer in time, or broke off: nobody knows whether it was done.
  case unanswered
  /// It answered something that is not what the contract says.
  case unreadable

  /// Whether the session is over.
  package var isUnauthenticated: Bool {
    guard case .problem(let problem) = self else { return false }
    return problem.status == 401
  }
}
