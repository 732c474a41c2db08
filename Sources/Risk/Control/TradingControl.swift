package import FlowrexContract
package import Ledger

/// What orders may do at the moment, for the whole desk: a state and an emergency stop.
/// (S18-EMG-02, 03, 06)
///
/// It is read in the transaction that reserves, so that no order is accepted after the stop was
/// committed.
package struct TradingControl: Hashable, Sendable {
  /// Who may do what: a guard can only tighten.
  package enum Actor: Hashable, Sendable {
    case person(PersonID)
    case riskGuard
  }

  package enum KillSwitch: Hashable, Sendable {
    case released
    case engaged(by: Actor, at: Timestamp)
    /// One person wants it off; another one has to say so too.
    case releaseProposed(by: PersonID, at: Timestamp)
  }

  package enum Command: Hashable, Sendable {
    case activate, reduce, halt
    /// The emergency stop.
    case engage
    /// Off, by two people. (S18-EMG-06)
    case proposeRelease
    case confirmRelease
  }

  package private(set) var state: TradingState
  package private(set) var killSwitch = KillSwitch.released

  package init(state: TradingState = .active) { self.state = state }

  package init(state: TradingState, killSwitch: KillSwitch) {
    self.state = killSwitch == .released ? state : .halted
    self.killSwitch = killSwitch
  }

  package var isStopped: Bool { killSwitch != .released }

  /// Does what is wanted, or says why not and changes nothing. Tightening always works and may be
  /// said twice. After the stop is off trading stays halted until somebody activates it.
  package mutating func receive(
    _ command: Command, from actor: Actor, at now: Timestamp
  ) throws(ControlFault) {
    switch command {
    case .engage:
      if case .engaged = killSwitch { return }
      killSwitch = .engaged(by: actor, at: now)
      state = .halted
    case .halt: state = .halted
    case .reduce: try move(to: .reducing, actor)
    case .activate: try move(to: .active, actor)
    case .proposeRelease: try proposeRelease(actor, now)
    case .confirmRelease: try confirmRelease(actor)
    }
  }

  private mutating func move(to next: TradingState, _ actor: Actor) throws(ControlFault) {
    guard next.strictness < state.strictness else {
      state = next
      return
    }
    guard !isStopped else { throw .stopped(next) }
    guard case .person = actor else { throw .guardLoosens(state, next) }
    state = next
  }

  private mutating func proposeRelease(_ actor: Actor, _ now: Timestamp) throws(ControlFault) {
    guard case .person(let person) = actor else { throw .notAPerson }
    switch killSwitch {
    case .released: throw .notStopped
    case .releaseProposed: return
    case .engaged: killSwitch = .releaseProposed(by: person, at: now)
    }
  }

  private mutating func confirmRelease(_ actor: Actor) throws(ControlFault) {
    guard case .person(let second) = actor else { throw .notAPerson }
    switch killSwitch {
    case .released: throw .notStopped
    case .engaged: throw .notProposed
    case .releaseProposed(let first, _):
      guard first != second else { throw .samePerson(first) }
      killSwitch = .released
    }
  }
}

extension TradingState {
  /// Higher lets fewer orders through.
  package var strictness: Int {
    switch self {
    case .active: 0
    case .reducing: 1
    case .halted: 2
    }
  }

  /// Whichever lets fewer orders through.
  package func stricter(_ other: Self) -> Self { strictness >= other.strictness ? self : other }
}

package enum ControlFault: Error, Hashable, Sendable {
  case stopped(TradingState)
  case guardLoosens(TradingState, TradingState)
  case notAPerson
  case notStopped
  case notProposed
  case samePerson(PersonID)
}

extension ControlFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .stopped(let next):
      "trading cannot become '\(next.rawValue)' while the emergency stop is on"
    case .guardLoosens(let state, let next):
      "a guard cannot loosen trading from '\(state.rawValue)' to '\(next.rawValue)'"
    case .notAPerson: "only people release the emergency stop"
    case .notStopped: "the emergency stop is not on"
    case .notProposed: "nobody has proposed to release the emergency stop"
    case .samePerson(let person):
      "person \(person) proposed the release; another person has to confirm it"
    }
  }
}
