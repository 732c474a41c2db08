import FlowrexContract
import FlowrexMetrics
import FlowrexStore
import FlowrexTrading
import Ledger
import Risk
import ServiceContract

/// Sums over all accounts, for the contract's metrics: an account is a person, and no person is a
/// label. It looks and holds nothing: no order waits for it. (S04-OBS-02, S04-TRD-09, 11, 12)
struct BooksMeter: Sendable {
  private let policy: RiskPolicy
  private let market: any MarketSource
  private let clock: any DeskClock
  private let metrics: MetricRegistry

  private static let page = 100

  init(
    _ policy: RiskPolicy, _ market: any MarketSource, _ clock: any DeskClock,
    _ metrics: MetricRegistry
  ) {
    self.policy = policy
    self.market = market
    self.clock = clock
    self.metrics = metrics
  }

  /// All accounts. Counts and what is fullest are shown of those that can be read and valued; sums
  /// stay as they are when one is left out: a part of a sum is no sum.
  ///
  /// - Throws: ``BooksIncomplete`` when one was left out; what is shown is shown nevertheless.
  func measure(_ store: any Store) async throws {
    let (orders, approvals, strategies) = try await store.transact { rows in
      try (rows.openOrderCounts(), rows.pendingApprovals(), rows.countActiveStrategies())
    }
    for state in OrderState.allCases {
      metrics.set(Flowrex.openOrders, to: Count(orders[state] ?? 0), .of(\.state, state))
    }
    metrics.set(Flowrex.approvalsPending, to: Count(approvals))
    metrics.set(Flowrex.activeStrategies, to: Count(strategies))
    var (sums, count, leftOut) = (BookSums(), 0, 0)
    var last: AccountID?
    while true {
      let after = last
      let accounts = try await store.transact { rows in
        try rows.accounts(after: after, limit: Self.page)
      }
      for id in accounts {
        count += 1
        do { try await add(id, to: &sums, store) } catch let error where Self.isOfOne(error) {
          leftOut += 1
        }
      }
      guard accounts.count == Self.page else { break }
      last = accounts.last
    }
    showMost(sums)
    guard leftOut == 0 else { throw BooksIncomplete(leftOut: leftOut, of: count) }
    showSums(sums)
  }

  private func add(_ id: AccountID, to sums: inout BookSums, _ store: any Store) async throws {
    let found = try await store.transact { rows in
      try (rows.view(of: id), rows.dailyResults(of: id, before: nil, limit: 1))
    }
    guard let record = found.0 else { return }
    let now = clock.now()
    // The newest one, if anything was booked today.
    let realised = found.1.first.flatMap { $0.day == now.day ? $0.realised : nil } ?? .zero
    // At once or not at all.
    var next = sums
    try next.add(
      RiskAccount(record.stored), realised: realised, market.market(), policy.caps, at: now)
    sums = next
  }

  /// Whether others can be looked at although this one cannot: not so when the store is gone or the
  /// job is another's.
  private static func isOfOne(_ error: any Error) -> Bool {
    switch error {
    case StoreFault.unreadable, is RiskAccountFault, is ValuationFault, is ArithmeticFault: true
    default: false
    }
  }

  private func showSums(_ sums: BookSums) {
    metrics.set(Flowrex.portfolioValue, to: sums.equity.money)
    metrics.set(Flowrex.cashBalance, to: sums.cash.money)
    metrics.set(Flowrex.realisedPnL, to: sums.realised.money)
    metrics.set(Flowrex.unrealisedPnL, to: sums.unrealised.money)
    for instrument in Instrument.allCases {
      metrics.set(
        Flowrex.openExposure, to: sums.exposure[instrument].money, .of(\.symbol, instrument))
    }
  }

  private func showMost(_ sums: BookSums) {
    metrics.set(Flowrex.drawdown, to: sums.drawdown.ratio)
    for instrument in Instrument.allCases {
      metrics.set(
        Flowrex.openPositions, to: Count(sums.positions[instrument]), .of(\.symbol, instrument))
    }
    for cap in RiskCapName.allCases {
      metrics.set(
        Flowrex.capUsage, to: (sums.usage[cap] ?? .zero).ratio, .of(\.cap, cap))
    }
  }

  /// Another worker shows them now: whoever adds up over workers counts nothing twice, and whoever
  /// takes the greatest sees what is.
  @Sendable func clear() {
    showSums(BookSums())
    showMost(BookSums())
    for state in OrderState.allCases {
      metrics.set(Flowrex.openOrders, to: Count(0), .of(\.state, state))
    }
    metrics.set(Flowrex.approvalsPending, to: Count(0))
    metrics.set(Flowrex.activeStrategies, to: Count(0))
  }
}

/// Accounts that cannot be read, or that hold what has no price.
struct BooksIncomplete: Error, Hashable, CustomStringConvertible {
  let leftOut: Int
  let of: Int
  var description: String { "\(leftOut) of \(of) accounts could not be measured" }
}
