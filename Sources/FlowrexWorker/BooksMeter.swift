import FlowrexContract
import FlowrexMetrics
import FlowrexStore
import FlowrexTrading
import Ledger
import Risk
import ServiceContract

/// Sums over all accounts, for the contract's metrics: an account is a person, and no person is a
/// label. (S04-OBS-02, S04-TRD-09, 11, 12)
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

  /// All accounts, or nothing: a part of a sum is no sum.
  func measure(_ store: any Store) async throws {
    var sums = BookSums()
    var last: AccountID?
    while true {
      let after = last
      let accounts = try await store.transact { rows in
        try rows.accounts(after: after, limit: Self.page)
      }
      for id in accounts {
        guard let record = try await store.transact({ try $0.account(id) }) else { continue }
        try sums.add(RiskAccount(record.stored), market.market(), policy.caps, at: clock.now())
      }
      guard accounts.count == Self.page else { break }
      last = accounts.last
    }
    let (orders, approvals, strategies) = try await store.transact { rows in
      try (rows.openOrderCounts(), rows.pendingApprovals(), rows.countActiveStrategies())
    }
    show(sums)
    for state in OrderState.allCases {
      metrics.set(Flowrex.openOrders, to: Count(orders[state] ?? 0), .of(\.state, state))
    }
    metrics.set(Flowrex.approvalsPending, to: Count(approvals))
    metrics.set(Flowrex.activeStrategies, to: Count(strategies))
  }

  private func show(_ sums: BookSums) {
    metrics.set(Flowrex.portfolioValue, to: sums.equity.money)
    metrics.set(Flowrex.cashBalance, to: sums.cash.money)
    metrics.set(Flowrex.realisedPnL, to: sums.realised.money)
    metrics.set(Flowrex.unrealisedPnL, to: sums.unrealised.money)
    metrics.set(Flowrex.drawdown, to: sums.drawdown.ratio)
    for instrument in Instrument.allCases {
      metrics.set(
        Flowrex.openExposure, to: sums.exposure[instrument].money, .of(\.symbol, instrument))
      metrics.set(
        Flowrex.openPositions, to: Count(sums.positions[instrument]), .of(\.symbol, instrument))
    }
    for cap in RiskCapName.allCases {
      metrics.set(
        Flowrex.capUsage, to: (sums.usage[cap] ?? .zero).ratio, .of(\.cap, cap))
    }
  }
}

/// What all accounts come to at the prices of a moment.
struct BookSums {
  private(set) var equity = Amount.zero
  private(set) var cash = Amount.zero
  private(set) var unrealised = Amount.zero
  /// What equity gained since midnight UTC without open profit: what was closed today, and open
  /// profit of yesterday that is not there any more.
  private(set) var realised = Amount.zero
  private(set) var exposure = PerInstrument { _ in Amount.zero }
  private(set) var positions = PerInstrument { _ in 0 }
  /// The deepest fall of an account from its highest value.
  private(set) var drawdown = Proportion.zero
  private(set) var usage: [RiskCapName: Proportion] = [:]

  mutating func add(
    _ account: RiskAccount, _ market: Market, _ caps: Caps, at now: Timestamp
  ) throws {
    let value = try Valuation(cash: account.cash, positions: account.positions, in: market)
    equity = try equity.adding(value.equity)
    cash = try cash.adding(value.cash)
    unrealised = try unrealised.adding(value.unrealised)
    let start = now.day > account.equityDay ? value.equity : account.dayStart
    realised = try realised.adding(
      value.equity.subtracting(start).subtracting(value.unrealised))
    for instrument in Instrument.allCases where !account.positions[instrument].isFlat {
      positions[instrument] += 1
      exposure[instrument] = try exposure[instrument].adding(
        market.exposure(of: account.positions[instrument].quantity, .of(instrument)))
    }
    let top = max(account.peak, value.equity)
    if top.isPositive {
      drawdown = try max(
        drawdown, Proportion(1).share(top.subtracting(value.equity), of: top, .up))
    }
    for used in try account.usage(in: market, caps, at: now) {
      usage[used.cap] = max(usage[used.cap] ?? .zero, used.part)
    }
  }
}

extension Fixed where Kind == AmountKind {
  /// In whole cents, as metrics have it, rounded down.
  var money: Money {
    let (cents, rest) = units.quotientAndRemainder(dividingBy: Self.one / 100)
    return .cents(rest < 0 ? cents - 1 : cents)
  }
}

extension Fixed where Kind == ProportionKind {
  var ratio: Ratio { Ratio(ExactDecimal(units, scale: Self.places)) }
}
