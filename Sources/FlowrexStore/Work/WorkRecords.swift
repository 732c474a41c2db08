package import FlowrexContract
package import Ledger

/// Who does a job now, as all workers see it. (S18-ARCH-12)
///
/// There is no time in it: nobody's clock decides about another's lease. Who sees the same fence
/// and renewal for long enough by its own clock knows that the holder is gone.
package struct JobLease: Hashable, Sendable {
  package let job: JobName
  /// `nil` when it was given back.
  package var holder: UInt128?
  /// One more with each change of hands: what a holder before wanted to write is known by it.
  package var fence: Int64
  /// One more whenever the holder says that it is there.
  package var renewal: Int64

  package init(_ job: JobName, holder: UInt128?, fence: Int64, renewal: Int64) {
    self.job = job
    self.holder = holder
    self.fence = fence
    self.renewal = renewal
  }
}

/// How much is still to be said to the venue. (C-39)
package struct OutboxBacklog: Hashable, Sendable {
  package let messages: Int
  /// When the oldest one was decided.
  package let oldest: Timestamp?

  package init(messages: Int, oldest: Timestamp?) {
    self.messages = messages
    self.oldest = oldest
  }
}

/// Whether people are told to come back later. (C-55)
package struct Maintenance: Hashable, Sendable {
  package let isOn: Bool
  /// Who switched it last, and when; `nil` when nobody ever did.
  package let person: PersonID?
  package let at: Timestamp?

  package init(isOn: Bool, by person: PersonID? = nil, at: Timestamp? = nil) {
    self.isOn = isOn
    self.person = person
    self.at = at
  }
}
