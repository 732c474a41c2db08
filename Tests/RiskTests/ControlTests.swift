import FlowrexContract
import Ledger
import Risk
import Testing

/// The desk's state tightens easily and loosens by people. (S18-EMG-02, 03, 06)
struct ControlTests {
  private static let anna = TradingControl.Actor.person(PersonID(1))
  private static let ben = TradingControl.Actor.person(PersonID(2))

  @Test(arguments: TradingState.allCases, TradingState.allCases)
  func `people move it anywhere, guards only down`(from: TradingState, to: TradingState) throws {
    let commands: [TradingState: TradingControl.Command] = [
      .active: .activate, .reducing: .reduce, .halted: .halt,
    ]
    let command = try #require(commands[to])
    var byPerson = TradingControl(state: from)
    try byPerson.receive(command, from: Self.anna, at: noon)
    #expect(byPerson.state == to)
    var byGuard = TradingControl(state: from)
    if to.strictness < from.strictness {
      #expect(
        sentence { try byGuard.receive(command, from: .riskGuard, at: noon) }
          == "a guard cannot loosen trading from '\(from.rawValue)' to '\(to.rawValue)'")
      #expect(byGuard.state == from)
    } else {
      try byGuard.receive(command, from: .riskGuard, at: noon)
      #expect(byGuard.state == to)
    }
  }

  @Test func `the stop halts, and two people release it into a halt`() throws {
    var control = TradingControl()
    try control.receive(.engage, from: .riskGuard, at: noon)
    #expect(control.isStopped && control.state == .halted)
    let words = "trading cannot become 'active' while the emergency stop is on"
    #expect(sentence { try control.receive(.activate, from: Self.anna, at: noon) } == words)
    #expect(
      sentence { try control.receive(.reduce, from: Self.anna, at: noon) }
        == "trading cannot become 'reducing' while the emergency stop is on")
    try control.receive(.proposeRelease, from: Self.anna, at: noon)
    #expect(control.isStopped)
    #expect(sentence { try control.receive(.activate, from: Self.anna, at: noon) } == words)
    try control.receive(.confirmRelease, from: Self.ben, at: noon)
    #expect(!control.isStopped && control.state == .halted)
    try control.receive(.activate, from: Self.anna, at: noon)
    #expect(control.state == .active)
  }

  @Test func `one person alone does not release the stop`() throws {
    var control = TradingControl()
    #expect(
      sentence { try control.receive(.proposeRelease, from: Self.anna, at: noon) }
        == "the emergency stop is not on")
    #expect(
      sentence { try control.receive(.confirmRelease, from: Self.anna, at: noon) }
        == "the emergency stop is not on")
    try control.receive(.engage, from: Self.anna, at: noon)
    #expect(
      sentence { try control.receive(.confirmRelease, from: Self.ben, at: noon) }
        == "nobody has proposed to release the emergency stop")
    #expect(
      sentence { try control.receive(.proposeRelease, from: .riskGuard, at: noon) }
        == "only people release the emergency stop")
    try control.receive(.proposeRelease, from: Self.anna, at: noon)
    #expect(
      sentence { try control.receive(.confirmRelease, from: Self.anna, at: noon) }
        == "person 00000000-0000-0000-0000-000000000001 proposed the release; "
        + "another person has to confirm it")
    #expect(
      sentence { try control.receive(.confirmRelease, from: .riskGuard, at: noon) }
        == "only people release the emergency stop")
    // Anna proposes again through Ben's confirmation only; a new stop takes the proposal back.
    try control.receive(.engage, from: .riskGuard, at: noon)
    #expect(
      sentence { try control.receive(.confirmRelease, from: Self.ben, at: noon) }
        == "nobody has proposed to release the emergency stop")
  }

  @Test func `a stored stop halts whatever state was stored with it`() {
    let control = TradingControl(state: .active, killSwitch: .engaged(by: .riskGuard, at: noon))
    #expect(control.state == .halted)
  }

  @Test func `a random sequence never trades while stopped`() throws {
    var random = Generator(seed: 7)
    let commands: [TradingControl.Command] = [
      .activate, .reduce, .halt, .engage, .proposeRelease, .confirmRelease,
    ]
    var control = TradingControl()
    var releases = 0
    for _ in 0..<20_000 {
      let actor = random.pick([Self.anna, Self.ben, .riskGuard])
      let command = random.pick(commands)
      let before = control
      do {
        try control.receive(command, from: actor, at: noon)
      } catch {
        #expect(control == before)
      }
      if control.isStopped { #expect(control.state == .halted) }
      if before.isStopped, !control.isStopped {
        releases += 1
        #expect(command == .confirmRelease && control.state == .halted)
        if case .releaseProposed(let first, _) = before.killSwitch {
          #expect(actor != .person(first))
        }
      }
      if actor == .riskGuard {
        #expect(control.state.strictness >= before.state.strictness)
      }
    }
    #expect(releases > 100)
  }
}
