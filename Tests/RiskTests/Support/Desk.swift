import FlowrexContract
import Ledger
import Risk
import Testing

/// Noon of a day, in microseconds.
let noon = Timestamp(microseconds: 19_675 * 86_400_000_000 + 43_200_000_000)

/// A desk with one account, open markets and round prices; a test changes what it is about.
struct Desk {
  var account = RiskAccount()
  var market: Market
  var caps = Caps.hard
  var traded = Set(Instrument.allCases)
  var control = TradingControl()
  var now = noon
  private var lastID = UInt128(0)

  /// - Parameter cash: in dollars; enough, unless the test is about equity.
  init(cash: Amount = 1_000_000) throws {
    market = Market(open: Set(Instrument.allCases))
    try account.deposit(cash)
    account.observe(equity: cash, at: noon)
    for instrument in Instrument.allCases { try quote(instrument, Self.price(of: instrument)) }
  }

  static func price(of instrument: Instrument) -> String {
    switch instrument {
    case .eurUSD: "1.25"
    case .gbpUSD: "1.5"
    case .usdJPY: "160"
    case .usdCHF: "0.8"
    case .audUSD: "0.64"
    case .usdCAD: "1.28"
    case .nzdUSD: "0.6"
    case .eurGBP: "0.8"
    case .xauUSD: "2000"
    case .xagUSD: "25"
    }
  }

  var policy: RiskPolicy {
    RiskPolicy(caps: caps, traded: traded, quoteLife: .milliseconds(1_500))
  }

  mutating func quote(
    _ instrument: Instrument, _ bid: String, _ ask: String? = nil, at time: Timestamp? = nil
  ) throws {
    market.quotes[instrument] = Quote(
      bid: try Price(text: bid), ask: try Price(text: ask ?? bid), asOf: time ?? now)
  }

  mutating func newID() -> OrderID {
    lastID += 1
    return OrderID(lastID)
  }

  /// Asks without reserving.
  func ask(_ order: OrderTerms) -> Decision {
    RiskEngine.decide(OrderID(9), order, for: account, in: market, policy, control, at: now)
  }

  @discardableResult
  mutating func admit(_ order: OrderTerms) throws -> Decision {
    try account.admit(newID(), order, in: market, policy, control, at: now)
  }

  /// Admits an order and fills it at the bid or ask.
  mutating func trade(_ side: Side, _ lots: String, of instrument: Instrument) throws {
    let order = OrderTerms(side, try Quantity(text: lots), of: instrument, .market)
    let id = newID()
    let decision = try account.admit(id, order, in: market, policy, control, at: now)
    #expect(decision.denial == nil, "\(decision)")
    let quote = try #require(market.quotes[instrument])
    let terms = InstrumentTerms.of(instrument)
    try account.receive(
      Fill(
        FillID(id.bits), of: id, side, order.quantity, of: instrument,
        at: side == .buy ? quote.ask : quote.bid,
        conversion: try market.conversion(of: terms.quote, .more)), at: now)
  }

  /// Sets the caps of a configuration.
  mutating func tighten(_ change: (inout CapSettings) -> Void) throws {
    var settings = CapSettings()
    change(&settings)
    caps = try caps.tightened(by: settings)
  }
}

func buy(_ lots: String, of instrument: Instrument = .eurUSD, at limit: String? = nil) throws
  -> OrderTerms
{
  try order(.buy, lots, of: instrument, at: limit)
}

func sell(_ lots: String, of instrument: Instrument = .eurUSD, at limit: String? = nil) throws
  -> OrderTerms
{
  try order(.sell, lots, of: instrument, at: limit)
}

func order(
  _ side: Side, _ lots: String, of instrument: Instrument, at limit: String? = nil,
  purpose: OrderPurpose = .trade
) throws -> OrderTerms {
  let pricing = try limit.map { Pricing.limit(try Price(text: $0)) } ?? .market
  return OrderTerms(side, try Quantity(text: lots), of: instrument, pricing, purpose: purpose)
}

/// What the fault of `body` says.
func sentence(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no fault"
  } catch {
    return "\(error)"
  }
}
