package import Ledger

/// A venue that takes orders. One protocol, one conformance suite for every adapter.
/// (S04-TRD-05, S04-RES-07)
package protocol Broker: Sendable {
  /// Names the venue in the store: what was heard of it is kept under this name.
  var name: String { get }
  var guarantee: SubmitGuarantee { get }
  /// A submission that is not taken by its ``Submission/goodUntil`` and this much more, by our
  /// clock, never is: how far the venue's clock may be behind ours.
  var clockTolerance: Span { get }
  /// No answer is waited for longer than this: the call ends as ``BrokerFault/unanswered(_:)``.
  var patience: Span { get }
  /// So long after the venue ended an order it may still tell of trades that it made before.
  var lateFills: Span { get }

  func submit(_ submission: Submission) async throws(BrokerFault) -> SubmitReceipt
  /// Asks for an order's end, as often as one likes.
  func cancel(_ order: OrderID) async throws(BrokerFault) -> CancelReceipt
  /// - Throws: ``BrokerFault/unsupported`` unless the guarantee is ``SubmitGuarantee/lookUpAble``.
  func lookUp(_ order: OrderID) async throws(BrokerFault) -> LookUp
  /// What happened after an event, the oldest first; the same question gets the same beginning
  /// of an answer.
  ///
  /// - Parameter epoch: which journal of the venue was heard so far. Should it keep another one
  ///   now, it tells of that one, from its beginning.
  func events(
    after sequence: Int64, of epoch: Int64, limit: Int
  ) async throws(BrokerFault) -> VenueNews
}

/// What an adapter promises about a submission whose answer was lost. (S04-RES-07)
package enum SubmitGuarantee: Hashable, Sendable, CaseIterable {
  /// The same order sent twice is one order: it is sent again. Such an adapter sees to it that a
  /// venue which began another journal does not take it (``Submission/epoch``).
  case idempotent
  /// It can be asked for by our own id: it is asked for first, and sent again only when it is
  /// proved absent.
  case lookUpAble
  /// Neither: it is never sent again. What the venue tells by itself, or a person, decides.
  case neither
}

/// An order on its way.
package struct Submission: Hashable, Sendable {
  package let order: OrderID
  package let account: AccountID
  package let terms: OrderTerms
  /// The venue refuses to take it later than this.
  package let goodUntil: Timestamp
  /// The venue refuses to take it in another journal than this (``VenueNews/epoch``): one that
  /// forgot might take it twice.
  package let epoch: Int64

  package init(
    _ order: OrderID, of account: AccountID, _ terms: OrderTerms, goodUntil: Timestamp,
    epoch: Int64
  ) {
    self.order = order
    self.account = account
    self.terms = terms
    self.goodUntil = goodUntil
    self.epoch = epoch
  }
}

package enum SubmitReceipt: Hashable, Sendable {
  /// The venue has it; fills are told as events.
  case acknowledged
  /// With proof that the order will never be traded.
  case refused(String)
  /// This submission came after its end: it was not taken, which says nothing about another one.
  case tooLate
  /// The venue keeps another journal by now. This submission was not taken; another one may have
  /// been, and was forgotten.
  case otherJournal
}

package enum CancelReceipt: Hashable, Sendable {
  /// The event will follow, after fills that came first.
  case taken
  /// It was over already, so or so, if the venue says.
  case over(VenueState?)
  /// The venue has no such order now, in the journal of that name; one may still be on its way.
  case unknown(epoch: Int64)
}

/// Why there is no answer.
package enum BrokerFault: Error, Hashable, Sendable {
  /// With proof that the venue never got it: nothing happened.
  case notSent(String)
  /// It may have happened, or may still: a time-out is no refusal.
  case unanswered(String)
  /// The adapter cannot do that.
  case unsupported
}

extension BrokerFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notSent(let why): "the venue could not be reached: \(why)"
    case .unanswered(let why): "the venue did not answer: \(why)"
    case .unsupported: "the venue cannot be asked that"
    }
  }
}

/// What a venue says of an order that it is asked about.
package struct LookUp: Hashable, Sendable {
  /// The journal that it keeps (``VenueNews/epoch``). That it does not know an order says nothing
  /// about one that it may have taken in another.
  package let epoch: Int64
  package let order: VenueOrder?

  package init(of epoch: Int64, _ order: VenueOrder?) {
    self.epoch = epoch
    self.order = order
  }
}

/// An order as the venue has it.
package struct VenueOrder: Hashable, Sendable {
  package let order: OrderID
  package let state: VenueState
  /// In lots.
  package let filled: Quantity
  package let fills: [Fill]

  package init(_ order: OrderID, _ state: VenueState, filled: Quantity, fills: [Fill]) {
    self.order = order
    self.state = state
    self.filled = filled
    self.fills = fills
  }
}

package enum VenueState: String, Hashable, Sendable, CaseIterable {
  case working, filled, cancelled, expired, rejected
}

/// What a venue tells at once.
package struct VenueNews: Hashable, Sendable {
  /// Names the journal, and is never 0: a venue that forgot begins another one, in which events
  /// are numbered from 1 again. An adapter keeps the name as long as the venue keeps its orders,
  /// over every connection of its own: for another name people look at each order.
  package let epoch: Int64
  package let events: [VenueEvent]

  package init(of epoch: Int64, _ events: [VenueEvent]) {
    self.epoch = epoch
    self.events = events
  }
}

/// Something that the venue tells.
package struct VenueEvent: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case acknowledged, rejected, cancelled, expired
    case filled(Fill)
  }

  /// Of the venue: 1, 2, 3 …
  package let sequence: Int64
  package let order: OrderID
  package let kind: Kind

  package init(sequence: Int64, order: OrderID, _ kind: Kind) {
    self.sequence = sequence
    self.order = order
    self.kind = kind
  }
}
