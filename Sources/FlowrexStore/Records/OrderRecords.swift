package import FlowrexContract
package import Ledger

/// A client's own name for an order: the same name is the same order. (S04-RES-07)
package struct ClientKey: Hashable, Sendable, CustomStringConvertible {
  package let text: String

  /// `nil` unless it is 1 to 64 letters, digits, and any of `. _ : -` of ASCII.
  package init?(_ text: String) {
    let marks: Set<UInt8> = [
      UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "-"),
    ]
    let isWritten = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"):
        true
      default: marks.contains(byte)
      }
    }
    guard isWritten, (1...64).contains(text.utf8.count) else { return nil }
    self.text = text
  }

  /// The desk's own name for an order that closes in an emergency: no client can write it.
  package init(emergency command: ClientKey, _ order: OrderID) {
    self.init(unchecked: "\(Self.reserved)\(command.text):\(order)")
  }

  /// The desk's own name for the one order of a signal: no client can write it.
  package init(signal: SignalID) { self.init(unchecked: "\(Self.reserved)signal:\(signal)") }

  private init(unchecked text: String) { self.text = text }

  /// As it was stored.
  init?(stored text: String) {
    guard text.first == Self.reserved else {
      self.init(text)
      return
    }
    self.init(unchecked: text)
  }

  private static let reserved: Character = "!"

  package var description: String { text }
}

/// An order with whose it is.
package struct OrderRecord: Hashable, Sendable {
  package var order: Order
  package let account: AccountID
  /// Who placed it.
  package let person: PersonID
  package let key: ClientKey
  /// How many events it has; the next one's number is one more.
  package var events: Int
  /// The venue refuses what it was sent later than this, so that a request which is lost in the
  /// network is lost for good; `nil` until it was sent.
  package var goodUntil: Timestamp?
  /// Where it was sent; `nil` until it was.
  package var venue: String?
  /// The venue's journal in which it may have been taken; `nil` until it was sent.
  package var epoch: Int64?

  package init(
    _ order: Order, of account: AccountID, by person: PersonID, key: ClientKey, events: Int = 0,
    goodUntil: Timestamp? = nil, venue: String? = nil, epoch: Int64? = nil
  ) {
    self.order = order
    self.account = account
    self.person = person
    self.key = key
    self.events = events
    self.goodUntil = goodUntil
    self.venue = venue
    self.epoch = epoch
  }
}

/// Something that happened to an order.
package struct OrderEventRecord: Hashable, Sendable {
  package let order: OrderID
  /// 1, 2, 3 …
  package let number: Int
  package let at: Timestamp
  package let event: OrderEvent

  package init(order: OrderID, number: Int, at: Timestamp, event: OrderEvent) {
    self.order = order
    self.number = number
    self.at = at
    self.event = event
  }
}

/// What was answered to a key, and what had been asked.
package struct KeptAnswer: Hashable, Sendable {
  package enum Outcome: Hashable, Sendable {
    case accepted(OrderID)
    case denied(DenialCode, sentence: String)
  }

  package let account: AccountID
  package let key: ClientKey
  /// What was asked, in one spelling: another one is another question.
  package let question: String
  package let outcome: Outcome
  package let expiresAt: Timestamp

  package init(
    to key: ClientKey, of account: AccountID, question: String, outcome: Outcome,
    expiresAt: Timestamp
  ) {
    self.account = account
    self.key = key
    self.question = question
    self.outcome = outcome
    self.expiresAt = expiresAt
  }
}

/// What a venue has to be told.
package enum OutboxKind: String, Hashable, Sendable, CaseIterable { case submit, cancel }

/// Something that has to be said to the venue; at most one of a kind for an order.
package struct OutboxMessage: Hashable, Sendable {
  package let order: OrderID
  package let kind: OutboxKind
  package let account: AccountID
  /// Nobody touches it before: a delivery that is under way pushes this ahead.
  package var dueAt: Timestamp
  package var attempts: Int
  package let createdAt: Timestamp

  package init(
    _ kind: OutboxKind, _ order: OrderID, of account: AccountID, dueAt: Timestamp,
    attempts: Int = 0, createdAt: Timestamp
  ) {
    self.kind = kind
    self.order = order
    self.account = account
    self.dueAt = dueAt
    self.attempts = attempts
    self.createdAt = createdAt
  }
}

/// What is due to be said to a venue.
package struct DueMessages: Hashable, Sendable {
  package let messages: [OutboxMessage]
  /// They are as due as the others, and nobody can say them.
  package let unreadable: [UnreadableMessage]

  package init(_ messages: [OutboxMessage], unreadable: [UnreadableMessage] = []) {
    self.messages = messages
    self.unreadable = unreadable
  }
}

/// A message that cannot be read, as it is kept.
package struct UnreadableMessage: Hashable, Sendable {
  package let order: String
  package let kind: String
  package let fault: StoreFault

  package init(order: String, kind: String, _ fault: StoreFault) {
    self.order = order
    self.kind = kind
    self.fault = fault
  }
}

/// A trade with whose it is.
package struct FillRecord: Hashable, Sendable {
  package let fill: Fill
  package let account: AccountID
  /// The venue that named it; another one may use the same name.
  package let broker: String
  package let at: Timestamp

  package init(_ fill: Fill, of account: AccountID, from broker: String, at: Timestamp) {
    self.fill = fill
    self.account = account
    self.broker = broker
    self.at = at
  }
}

/// A person's say with whose order it is about.
package struct ApprovalRecord: Hashable, Sendable {
  package var approval: Approval
  package let account: AccountID
  /// Why risk did not let the order go when a person had approved it.
  package var refusal: Refusal?

  package init(_ approval: Approval, of account: AccountID, refusal: Refusal? = nil) {
    self.approval = approval
    self.account = account
    self.refusal = refusal
  }
}

/// A denial as it was told.
package struct Refusal: Hashable, Sendable {
  package let code: DenialCode
  package let sentence: String

  package init(_ code: DenialCode, _ sentence: String) {
    self.code = code
    self.sentence = sentence
  }
}
