import FlowrexContract
import Ledger
import Testing

/// Signals by themselves: what they may ask for, who agrees, and when they are over.
/// (S17-MET-04, C-65)
struct SignalTests {
  private static let noon = Timestamp(microseconds: 1_700_049_600_000_000)
  private static let person = PersonID(7)

  private func signal(
    _ type: SignalType = .enterLong, mode: ExecutionMode = .guide
  ) throws -> Signal {
    let terms = try SignalTerms(
      type, of: .eurUSD, type == .hold ? nil : Quantity(10, .two), .market)
    return Signal(
      SignalID(1), of: StrategyID(2), terms, mode: mode, postedAt: Self.noon, life: .minute)
  }

  @Test(arguments: [
    (SignalType.enterLong, nil, Pricing.market, "a signal to enter_long says how many lots"),
    (.enterShort, nil, .market, "a signal to enter_short says how many lots"),
    (.hold, Quantity(1), .market, "a signal to hold asks for no lots"),
    (.hold, nil, .limit(1), "a signal to hold has no limit price"),
    (.enterLong, .zero, .market, "the quantity 0 is not above zero"),
    (.exit, Quantity(1, .three), .market, "the quantity 0.001 is below the smallest of 0.01 lots"),
    (.exit, nil, .limit(0), "the limit price 0 is not above zero"),
    (
      .enterShort, Quantity(1), .limit(Price(1_100_001, .six)),
      "the limit price 1.100001 is no multiple of the tick 0.00001"
    ),
  ])
  func `parts that do not belong together are refused in one sentence`(
    type: SignalType, quantity: Quantity?, pricing: Pricing, sentence: String
  ) {
    let fault = #expect(throws: SignalTermsFault.self) {
      try SignalTerms(type, of: .eurUSD, quantity, pricing)
    }
    #expect(fault?.description == sentence)
  }

  @Test func `an exit may leave its lots open, and a hold asks for nothing`() throws {
    #expect(try SignalTerms(.exit, of: .xauUSD, nil, .market).quantity == nil)
    #expect(try SignalTerms(.exit, of: .xauUSD, nil, .limit(2_000)).pricing == .limit(2_000))
    #expect(try SignalTerms(.hold, of: .xauUSD, nil, .market).type == .hold)
  }

  @Test func `it waits for a person, in time, and once`() throws {
    var signal = try signal()
    let late = Self.noon.adding(.minute)
    #expect(signal.state(at: Self.noon) == .waiting)
    #expect(throws: SignalFault.notApproved(signal.id)) {
      try signal.requireExecutable(at: Self.noon)
    }
    try signal.approve(by: Self.person, at: Self.noon)
    try signal.approve(by: PersonID(8), at: Self.noon.adding(.seconds(1)))
    #expect(signal.consent == Signal.Consent(by: Self.person, at: Self.noon))
    #expect(signal.state(at: Self.noon) == .approved)
    #expect(signal.state(at: Timestamp(microseconds: late.microseconds - 1)) == .approved)
    #expect(signal.state(at: late) == .expired)
    let over = Signal.Outcome.executed(OrderID(3), at: late)
    #expect(throws: SignalFault.expired(signal.id, Span(microseconds: 0))) {
      try signal.end(over, at: late)
    }
    try signal.end(over, at: Self.noon)
    #expect(signal.state(at: late) == .executed)
    #expect(throws: SignalFault.isOver(signal.id)) { try signal.end(over, at: Self.noon) }
  }

  @Test func `too late is too late, to the microsecond`() throws {
    var signal = try signal()
    let end = Self.noon.adding(.minute)
    let fault = #expect(throws: SignalFault.self) {
      try signal.approve(by: Self.person, at: end.adding(.seconds(2)))
    }
    #expect(
      fault?.description == "signal 00000000-0000-0000-0000-000000000001 expired 2 s ago")
    #expect(throws: SignalFault.self) { try signal.approve(by: Self.person, at: end) }
    try signal.approve(by: Self.person, at: Timestamp(microseconds: end.microseconds - 1))
  }

  @Test func `by itself it needs nobody, and a hold nobody at all`() throws {
    let free = try signal(mode: .autonomous)
    #expect(free.state(at: Self.noon) == .approved)
    #expect(free.consent == Signal.Consent(by: nil, at: Self.noon))
    for mode in ExecutionMode.allCases {
      var hold = try signal(.hold, mode: mode)
      #expect(hold.state(at: Self.noon) == .waiting)
      #expect(throws: SignalFault.asksForNothing(hold.id)) {
        try hold.approve(by: Self.person, at: Self.noon)
      }
      #expect(throws: SignalFault.asksForNothing(hold.id)) {
        try hold.requireExecutable(at: Self.noon)
      }
    }
  }

  @Test func `a strategy is stored switched off, and switched`() throws {
    let name = try #require(StrategyName("Breakout, London"))
    var strategy = Strategy(StrategyID(1), name, .breakout, mode: nil, createdAt: Self.noon)
    #expect(!strategy.isActive)
    let later = Self.noon.adding(.minute)
    strategy.set(isActive: false, at: later)
    #expect(strategy.changedAt == Self.noon)
    strategy.set(isActive: true, at: later)
    #expect(strategy.isActive && strategy.changedAt == later)
    strategy.set(isActive: true, at: later.adding(.minute))
    #expect(strategy.changedAt == later)
  }

  @Test(arguments: [
    "", " ", " a", "a ", "a\nb", "a\u{0}", "a\u{202E}b", "a\u{2028}b",
    String(repeating: "a", count: 81), "a" + String(repeating: "\u{301}", count: 200),
  ])
  func `what is no name of a line is none of a strategy`(text: String) {
    #expect(StrategyName(text) == nil)
  }

  @Test func `names are kept as they are written`() {
    for text in ["a", "Élan 2", "日本", String(repeating: "é", count: 80)] {
      #expect(StrategyName(text)?.text == text)
    }
  }

  @Test func `an entry is text with lines, and not only blank`() {
    for text in ["", " ", "\n\t ", "a\u{0}b", "a\u{1B}[0m", String(repeating: "a", count: 8_001)] {
      #expect(JournalText(text) == nil, "\(text.prefix(9))")
    }
    for text in ["a", "first\nsecond\ttabbed", "👩‍👩‍👧", String(repeating: "a", count: 8_000)] {
      #expect(JournalText(text)?.text == text)
    }
  }
}
