package import FlowrexContract

/// A person's say over one order in ``ExecutionMode/guide``. (C-65, S17-INT-04)
///
/// It ends by itself: from ``expiresAt`` on nobody can approve, whether or not a worker has
/// noted the end already.
package struct Approval: Hashable, Sendable {
  package enum State: Hashable, Sendable {
    case pending
    case decided(ApprovalDecision, by: PersonID?, at: Timestamp)
  }

  package let order: OrderID
  package let requestedAt: Timestamp
  package let expiresAt: Timestamp
  package private(set) var state = State.pending

  /// - Parameter life: the key `APPROVAL_LIFE_SECONDS`.
  package init(of order: OrderID, requestedAt: Timestamp, life: Span) {
    self.order = order
    self.requestedAt = requestedAt
    expiresAt = requestedAt.adding(life)
  }

  /// An approval as it was stored.
  package init(
    stored order: OrderID, requestedAt: Timestamp, expiresAt: Timestamp, state: State
  ) {
    self.order = order
    self.requestedAt = requestedAt
    self.expiresAt = expiresAt
    self.state = state
  }

  package var isPending: Bool { state == .pending }

  /// Whether its time is over and nobody has noted it.
  package func isDue(at now: Timestamp) -> Bool { isPending && now >= expiresAt }

  /// Lets the order go.
  package mutating func approve(by person: PersonID, at now: Timestamp) throws(ApprovalFault) {
    try decide(.approved, by: person, at: now)
  }

  /// Ends the order.
  package mutating func reject(by person: PersonID, at now: Timestamp) throws(ApprovalFault) {
    try decide(.rejected, by: person, at: now)
  }

  /// Notes that the time is over.
  package mutating func expire(at now: Timestamp) throws(ApprovalFault) {
    guard isPending else { throw alreadyDecided }
    guard now >= expiresAt else { throw .notYetExpired(order, expiresAt.since(now)) }
    state = .decided(.expired, by: nil, at: now)
  }

  /// What the order itself takes when this was decided; `nil` while it is pending.
  package var orderEvent: OrderEvent? {
    guard case .decided(let decision, _, _) = state else { return nil }
    return switch decision {
    case .approved: .approved
    case .rejected: .refused
    case .expired: .approvalExpired
    }
  }

  private mutating func decide(
    _ decision: ApprovalDecision, by person: PersonID, at now: Timestamp
  ) throws(ApprovalFault) {
    guard isPending else { throw alreadyDecided }
    guard now < expiresAt else { throw .expired(order, now.since(expiresAt)) }
    state = .decided(decision, by: person, at: now)
  }

  private var alreadyDecided: ApprovalFault {
    guard case .decided(let decision, _, _) = state else { return .alreadyDecided(order, .expired) }
    return .alreadyDecided(order, decision)
  }
}

package enum ApprovalFault: Error, Hashable, Sendable {
  case alreadyDecided(OrderID, ApprovalDecision)
  case expired(OrderID, Span)
  case notYetExpired(OrderID, Span)
}

extension ApprovalFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .alreadyDecided(let order, let decision):
      "the approval of order \(order) was decided already: \(decision.rawValue)"
    case .expired(let order, let span):
      "the approval of order \(order) expired \(span) ago"
    case .notYetExpired(let order, let span):
      "the approval of order \(order) has \(span) left"
    }
  }
}
