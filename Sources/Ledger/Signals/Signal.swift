package import FlowrexContract

/// What a strategy would do now, until it is over: posted, approved, executed. (S17-MET-04, C-65)
///
/// It ends by itself: from ``expiresAt`` on nobody can approve or execute it, and nobody has to
/// note that.
package struct Signal: Hashable, Sendable {
  /// Who agreed to it, and when; no person in ``ExecutionMode/autonomous``.
  package struct Consent: Hashable, Sendable {
    package let person: PersonID?
    package let at: Timestamp

    package init(by person: PersonID?, at: Timestamp) {
      self.person = person
      self.at = at
    }
  }

  /// What became of it.
  package enum Outcome: Hashable, Sendable {
    case executed(OrderID, at: Timestamp)
    /// Risk did not let the order go.
    case denied(DenialCode, sentence: String, at: Timestamp)
  }

  package let id: SignalID
  package let strategy: StrategyID
  package let terms: SignalTerms
  /// The strategy's, or the desk's, when it was posted.
  package let mode: ExecutionMode
  package let postedAt: Timestamp
  package let expiresAt: Timestamp
  package private(set) var consent: Consent?
  package private(set) var outcome: Outcome?

  /// A signal of a strategy in ``ExecutionMode/autonomous`` needs nobody's consent. (C-65)
  package init(
    _ id: SignalID, of strategy: StrategyID, _ terms: SignalTerms, mode: ExecutionMode,
    postedAt: Timestamp, life: Span
  ) {
    self.id = id
    self.strategy = strategy
    self.terms = terms
    self.mode = mode
    self.postedAt = postedAt
    expiresAt = postedAt.adding(life)
    if mode == .autonomous, terms.type != .hold { consent = Consent(by: nil, at: postedAt) }
  }

  /// A signal as it was stored.
  package init(
    stored id: SignalID, of strategy: StrategyID, _ terms: SignalTerms, mode: ExecutionMode,
    postedAt: Timestamp, expiresAt: Timestamp, consent: Consent?, outcome: Outcome?
  ) {
    self.id = id
    self.strategy = strategy
    self.terms = terms
    self.mode = mode
    self.postedAt = postedAt
    self.expiresAt = expiresAt
    self.consent = consent
    self.outcome = outcome
  }
}

/// The states of a signal.
package enum SignalState: String, Hashable, Sendable, CaseIterable {
  /// It waits for a person.
  case waiting
  case approved
  case executed
  case denied
  case expired
}

extension Signal {
  package func state(at now: Timestamp) -> SignalState {
    switch outcome {
    case .executed: .executed
    case .denied: .denied
    case nil where now >= expiresAt: .expired
    case nil: consent == nil ? .waiting : .approved
    }
  }

  /// Agrees to it; whoever agrees to what is agreed to changes nothing.
  package mutating func approve(by person: PersonID, at now: Timestamp) throws(SignalFault) {
    guard terms.type != .hold else { throw .asksForNothing(id) }
    guard consent == nil else { return }
    guard now < expiresAt else { throw .expired(id, now.since(expiresAt)) }
    consent = Consent(by: person, at: now)
  }

  /// Whether it may become an order now.
  ///
  /// - Throws: why not.
  package func requireExecutable(at now: Timestamp) throws(SignalFault) {
    guard terms.type != .hold else { throw .asksForNothing(id) }
    guard outcome == nil else { throw .isOver(id) }
    guard now < expiresAt else { throw .expired(id, now.since(expiresAt)) }
    guard consent != nil else { throw .notApproved(id) }
  }

  /// Notes what became of it.
  package mutating func end(_ outcome: Outcome, at now: Timestamp) throws(SignalFault) {
    try requireExecutable(at: now)
    self.outcome = outcome
  }
}

/// Why nothing comes of a signal.
package enum SignalFault: Error, Hashable, Sendable {
  case asksForNothing(SignalID)
  case expired(SignalID, Span)
  case notApproved(SignalID)
  case isOver(SignalID)
}

extension SignalFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .asksForNothing(let id): "signal \(id) asks to hold: there is nothing to agree to"
    case .expired(let id, let span): "signal \(id) expired \(span) ago"
    case .notApproved(let id): "signal \(id) was not approved"
    case .isOver(let id): "signal \(id) was executed already"
    }
  }
}
