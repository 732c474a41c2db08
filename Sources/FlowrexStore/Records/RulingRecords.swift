package import FlowrexContract
package import Ledger

package enum RulingTag {}
package typealias RulingID = Identifier<RulingTag>

/// What a person ruled about something that the service had stopped at.
package enum RulingKind: String, CaseIterable, Sendable {
  /// A halted account trades again.
  case accountResumed = "account_resumed"
  /// The same, and its fall is measured from what it is worth now.
  case accountMeasuredAnew = "account_measured_anew"
  /// A difference with the venue is none any more.
  case divergenceSettled = "divergence_settled"
  /// The venue does not have an order, which ends.
  case orderSettledAbsent = "order_settled_absent"
}

/// Who ruled what, and why; rulings are added and never changed. (S18-AUD-01)
package struct RulingRecord: Hashable, Sendable {
  package let id: RulingID
  package let at: Timestamp
  package let person: PersonID
  package let kind: RulingKind
  /// An account, or a difference's kind and subject.
  package let subject: String
  package let reason: JournalText

  package init(
    _ id: RulingID, at: Timestamp, by person: PersonID, _ kind: RulingKind, of subject: String,
    because reason: JournalText
  ) {
    self.id = id
    self.at = at
    self.person = person
    self.kind = kind
    self.subject = subject
    self.reason = reason
  }
}

/// An account that may not trade as it likes.
package struct HaltedRecord: Hashable, Sendable {
  package let account: AccountID
  package let owner: PersonID
  package let state: TradingState
  /// In dollars, as they were noted last.
  package let dayStart: Amount
  package let peak: Amount
}

/// What people ruled, and what waits for their ruling.
package protocol RulingRows {
  func insert(_ ruling: RulingRecord) throws(StoreFault)
  /// The newest first.
  func rulings(_ page: PageRequest) throws(StoreFault) -> ListPage<RulingRecord>
  /// Accounts that are not active, in the order of their ids.
  func haltedAccounts(_ page: PageRequest) throws(StoreFault) -> ListPage<HaltedRecord>
}
