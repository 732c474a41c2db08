package import FlowrexContract
package import Ledger

/// A strategy with whose it is, under the client's own name for it.
package struct StrategyRecord: Hashable, Sendable {
  package var strategy: Strategy
  package let owner: PersonID
  package let key: ClientKey

  package init(_ strategy: Strategy, of owner: PersonID, key: ClientKey) {
    self.strategy = strategy
    self.owner = owner
    self.key = key
  }
}

/// A signal with whose it is.
package struct SignalRecord: Hashable, Sendable {
  package var signal: Signal
  package let owner: PersonID
  package let key: ClientKey

  package init(_ signal: Signal, of owner: PersonID, key: ClientKey) {
    self.signal = signal
    self.owner = owner
    self.key = key
  }
}

/// An entry of a person's journal; entries are added and never changed. (S18-AUD-04)
package struct JournalRecord: Hashable, Sendable {
  package let id: JournalID
  package let owner: PersonID
  package let key: ClientKey
  package let at: Timestamp
  package let text: JournalText
  /// What it is about, if it is about one of them.
  package let instrument: Instrument?
  package let signal: SignalID?

  package init(
    _ id: JournalID, of owner: PersonID, key: ClientKey, at: Timestamp, _ text: JournalText,
    instrument: Instrument?, signal: SignalID?
  ) {
    self.id = id
    self.owner = owner
    self.key = key
    self.at = at
    self.text = text
    self.instrument = instrument
    self.signal = signal
  }
}
