package import FlowrexContract

/// What can happen to an order. Fills carry their quantity; everything else is a word.
package enum OrderEvent: Hashable, Sendable {
  /// A person let it go. (C-65)
  case approved
  /// A person, or risk at the second look, ended it before it was sent. (C-65)
  case refused
  /// Nobody decided in time. (C-65)
  case approvalExpired
  /// It is about to be handed to the venue; made durable first, so that whatever was sent is
  /// known to have been.
  case submitted
  /// The venue has it in its book.
  case acknowledged
  /// The venue refuses it, with proof.
  case rejected
  /// Part or all of it was traded.
  case filled(Quantity)
  /// Somebody wants it to end. Before it was sent that ends it; later the venue decides.
  case cancelRequested
  /// The venue ended it.
  case cancelled
  /// The venue gave it up at the end of its life.
  case expired
  /// The venue did not answer in time, which is no refusal.
  case answerLost
  /// Reconciliation proved that the venue never had it, so that it may be sent again.
  case provedAbsent
  /// A person found out that the venue does not have it, or not any more: it ends.
  case settledAbsent
}

/// The kinds of events, for tables and messages.
package enum OrderEventKind: String, Hashable, Sendable, CaseIterable {
  case approved, refused
  case approvalExpired = "approval_expired"
  case submitted, acknowledged, rejected, filled
  case cancelRequested = "cancel_requested"
  case cancelled, expired
  case answerLost = "answer_lost"
  case provedAbsent = "proved_absent"
  case settledAbsent = "settled_absent"
}

extension OrderEvent {
  package var kind: OrderEventKind {
    switch self {
    case .approved: .approved
    case .refused: .refused
    case .approvalExpired: .approvalExpired
    case .submitted: .submitted
    case .acknowledged: .acknowledged
    case .rejected: .rejected
    case .filled: .filled
    case .cancelRequested: .cancelRequested
    case .cancelled: .cancelled
    case .expired: .expired
    case .answerLost: .answerLost
    case .provedAbsent: .provedAbsent
    case .settledAbsent: .settledAbsent
    }
  }
}

extension OrderState {
  /// Whether the order is over. A fill that arrives late is booked all the same.
  package var isFinal: Bool {
    switch self {
    case .filled, .cancelled, .rejected, .expired: true
    case .awaitingApproval, .accepted, .submitted, .working, .partiallyFilled, .unknown: false
    }
  }

  /// Whether the venue may hold the order.
  package var isAtVenue: Bool {
    switch self {
    case .submitted, .working, .partiallyFilled, .unknown: true
    case .awaitingApproval, .accepted, .filled, .cancelled, .rejected, .expired: false
    }
  }
}
