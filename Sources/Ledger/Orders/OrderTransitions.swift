package import FlowrexContract

/// Every legal step of an order, in one table; what is not in it is illegal.
package enum OrderTransitions {
  package enum Next: Hashable, Sendable {
    case state(OrderState)
    /// The quantity decides: filled, partly filled, or an order that stays over.
    case filling
    /// Somebody's wish is noted; the venue decides.
    case wish
    /// True already: the venue said it twice, or late.
    case same
  }

  /// Where an event leads, or `nil` when it must not happen in this state.
  package static func next(from state: OrderState, on event: OrderEventKind) -> Next? {
    switch state {
    case .awaitingApproval: whileWaiting(event)
    case .accepted: beforeSending(event)
    case .submitted, .working, .partiallyFilled, .unknown: atVenue(state, event)
    case .filled, .cancelled, .expired: afterwards(state, event)
    case .rejected: event == .rejected ? .same : nil
    }
  }

  private static func whileWaiting(_ event: OrderEventKind) -> Next? {
    switch event {
    case .approved: .state(.accepted)
    case .refused: .state(.rejected)
    case .approvalExpired: .state(.expired)
    case .cancelRequested: .state(.cancelled)
    default: nil
    }
  }

  private static func beforeSending(_ event: OrderEventKind) -> Next? {
    switch event {
    case .submitted: .state(.submitted)
    case .refused: .state(.rejected)
    case .cancelRequested: .state(.cancelled)
    default: nil
    }
  }

  private static func atVenue(_ state: OrderState, _ event: OrderEventKind) -> Next? {
    switch event {
    case .acknowledged: state == .submitted || state == .unknown ? .state(.working) : .same
    case .filled: .filling
    case .cancelRequested: .wish
    case .cancelled: .state(.cancelled)
    case .expired: .state(.expired)
    // What was partly filled was not rejected, and what works in a book has been answered.
    case .rejected: state == .submitted || state == .unknown ? .state(.rejected) : nil
    case .answerLost: .state(.unknown)
    case .provedAbsent: state == .unknown ? .state(.accepted) : nil
    case .settledAbsent: .state(.cancelled)
    case .approved, .refused, .approvalExpired, .submitted: nil
    }
  }

  /// Messages cross each other: an answer or a fill may arrive after the end. Fills count always.
  private static func afterwards(_ state: OrderState, _ event: OrderEventKind) -> Next? {
    switch event {
    case .filled: state == .filled ? nil : .filling
    case .acknowledged, .answerLost: .same
    case .cancelRequested: .same
    case .cancelled: state == .expired ? nil : .same
    case .expired: state == .cancelled ? nil : .same
    default: nil
    }
  }
}
