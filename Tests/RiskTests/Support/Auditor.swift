import FlowrexContract
import Ledger

/// Keeps its own books of one account in whole cents and hundredths of lots, and sees every
/// instant at which a cap is exceeded. It shares no arithmetic with the risk engine; its prices
/// are those of `Desk.price(of:)`, which do not move.
struct Auditor {
  private struct Open {
    let instrument: Int
    let isPurchase: Bool
    var lots: Int
  }

  private var open: [UInt128: Open] = [:]
  private var held = [Int](repeating: 0, count: 10)
  private var bought = [Int](repeating: 0, count: 10)
  private var sold = [Int](repeating: 0, count: 10)
  private var tradedToday = 0
  private var openValue = 0
  private var today: Int64 = 0
  private var accepted: [Int64] = []
  private let equity: Int
  private(set) var excesses: [String: Int] = [:]

  /// Cents for a hundredth of a lot, in the order of the contract's instruments.
  private static let cents = [
    125_000, 150_000, 100_000, 100_000, 64_000, 100_000, 60_000, 125_000, 200_000, 125_000,
  ]

  /// - Parameter equity: in dollars; it does not change, since prices do not.
  init(equity: Int) { self.equity = equity * 100 }

  mutating func accept(_ id: OrderID, _ order: OrderTerms, at now: Timestamp) {
    let place = Instrument.allCases.firstIndex(of: order.instrument) ?? 0
    let lots = Int(order.quantity.units / 1_000_000)
    let value = lots * Self.cents[place]
    open[id.bits] = Open(instrument: place, isPurchase: order.side == .buy, lots: lots)
    if order.side == .buy { bought[place] += lots } else { sold[place] += lots }
    turn(now)
    openValue += value
    accepted.append(now.microseconds)
    note("order_value", value, 25_000_000)
    let minute = accepted.suffix(200).filter { $0 > now.microseconds - 60_000_000 }.count
    note("orders_per_minute", minute, 60)
    judge()
  }

  mutating func fill(_ id: OrderID, _ lots: Int, at now: Timestamp) {
    guard let order = open[id.bits] else { return }
    take(lots, of: order, id)
    held[order.instrument] += order.isPurchase ? lots : -lots
    turn(now)
    tradedToday += lots * Self.cents[order.instrument]
    judge()
  }

  mutating func end(_ id: OrderID) {
    guard let order = open[id.bits] else { return }
    take(order.lots, of: order, id)
    judge()
  }

  private mutating func take(_ lots: Int, of order: Open, _ id: OrderID) {
    if order.isPurchase {
      bought[order.instrument] -= lots
    } else {
      sold[order.instrument] -= lots
    }
    openValue -= lots * Self.cents[order.instrument]
    open[id.bits]?.lots -= lots
    if order.lots == lots { open[id.bits] = nil }
  }

  private mutating func turn(_ now: Timestamp) {
    let day = now.microseconds / 86_400_000_000
    if day > today { (today, tradedToday) = (day, 0) }
  }

  /// Any of the open orders may be filled at any time: the largest position each side allows.
  private mutating func judge() {
    var total = 0
    for place in held.indices {
      let long = held[place] + bought[place]
      let short = sold[place] - held[place]
      let value = max(long, short) * Self.cents[place]
      total += value
      note("symbol_exposure", value, 100_000_000)
    }
    note("open_exposure", total, 200_000_000)
    note("leverage", total, 10 * equity)
    note("daily_turnover", tradedToday + openValue, 500_000_000)
    note("open_orders", open.count, 200)
  }

  private mutating func note(_ cap: String, _ found: Int, _ limit: Int) {
    if found > limit { excesses[cap, default: 0] += 1 }
  }

  /// Hundredths of lots held, to compare with the account.
  var positions: [Int] { held }
}
