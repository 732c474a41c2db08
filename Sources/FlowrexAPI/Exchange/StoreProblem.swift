package import FlowrexStore
package import HTTPTypes

extension Problem {
  /// What a fault of the store is to a client: something that may go well soon, something of which
  /// nobody knows whether it was done, or `nil` for what is our own fault. (C-35, S04-ERR-03)
  package init?(_ fault: StoreFault) {
    switch fault {
    case .unreachable, .unable: self.init(.storeUnavailable, headers: [.retryAfter: "5"])
    case .poolExhausted, .statementTimeout, .conflict:
      self.init(.storeUnavailable, headers: [.retryAfter: "1"])
    case .outcomeUnknown: self.init(.outcomeUnknown, headers: [.retryAfter: "1"])
    case .duplicate, .refused, .unreadable: return nil
    }
  }

  /// What the middleware will answer with, whatever was thrown.
  package static func status(of error: any Error) -> HTTPResponse.Status {
    if let problem = error as? Problem { return problem.code.status }
    if let fault = error as? StoreFault, let problem = Problem(fault) { return problem.code.status }
    return ProblemCode.internalFault.status
  }
}
