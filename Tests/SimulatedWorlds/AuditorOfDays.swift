import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import Ledger
import Risk

/// What a day allows is allowed anew when the next one begins.
extension Auditor {
  /// A moment before midnight.
  func noteEvening() {
    for account in accounts {
      let record = read { try $0.account(account) } ?? nil
      evening.formUnion(record?.stored.reservations.map(\.order) ?? [])
    }
    world.note("the day ends, and \(evening.count) orders go on")
  }

  /// Who is denied since too much was turned over today has turned over so much: all that they
  /// asked for today, and all that the day before has left, at the dearest price of the run.
  func clientWasDenied(_ code: DenialCode, _ request: OrderRequest, askedAt: Timestamp) {
    let surely = kind.midnight.adding(.milliseconds(300))
    guard kind == .midnight, code == .dailyTurnover, askedAt >= surely else { return }
    let account = request.account
    let rows = read { rows in try (rows.orders(of: account), rows.fills(of: account)) }
    guard let (records, fills) = rows else { return }
    let dawn = kind.midnight.adding(.milliseconds(-300))
    let booked = Set(fills.filter { $0.at >= dawn }.map(\.fill.order))
    do {
      var most = try dearest(request.terms.quantity, request.terms.instrument)
      for order in records.map(\.order)
      where order.placedAt >= dawn || evening.contains(order.id) || booked.contains(order.id) {
        most = try most.adding(dearest(order.terms.quantity, order.terms.instrument))
      }
      if most <= caps.dailyTurnover {
        world.violate("an order is denied for a turnover of at most \(most) dollars today")
      }
    } catch {
      world.violate("the auditor cannot compute: \(error)")
    }
  }

  private func dearest(_ quantity: Quantity, _ instrument: Instrument) throws -> Amount {
    let terms = InstrumentTerms.of(instrument)
    let units = try terms.units(of: quantity)
    guard terms.base != .usd else { return units }
    return try units.times(highestAsk[instrument] ?? .zero, .up)
  }

  /// By the fills that were booked.
  func held(_ instrument: Instrument, of account: AccountID) -> Quantity {
    let fills = read { try $0.fills(of: account) } ?? []
    return fills.map(\.fill).filter { $0.instrument == instrument }.reduce(.zero) { sum, fill in
      (try? sum.adding(fill.signedQuantity)) ?? sum
    }
  }
}
