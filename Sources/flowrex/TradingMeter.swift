import FlowrexContract
import FlowrexMetrics
import FlowrexStore
import FlowrexTrading
import Ledger
import ServiceContract

/// Turns what was committed about orders into the contract's metrics, those of them that this
/// program exports. (S04-OBS-02, S17-MET-03, C-24)
struct TradingMeter: Sendable {
  /// The program's own, and on a laptop the worker's inside it.
  let registries: [MetricRegistry]

  func kept(_ notes: [StoreNote]) {
    for note in notes {
      for metrics in registries { count(note, in: metrics) }
    }
  }

  private func count(_ note: StoreNote, in metrics: MetricRegistry) {
    switch note {
    case .placed(let record):
      entered(record.order.state, in: metrics)
      trade(Flowrex.ordersAccepted, record, in: metrics)
    case .moved(let record, let before):
      entered(record.order.state, in: metrics)
      if before == .accepted, record.order.state == .submitted {
        trade(Flowrex.tradesAttempted, record, in: metrics)
      }
      if record.order.state.isFinal, !before.isFinal, record.venue != nil,
        record.order.filled.isZero
      {
        trade(Flowrex.tradesFailed, record, in: metrics)
      }
    case .filled(let record, let mode):
      guard metrics.has(Flowrex.tradesExecuted.family), let mode else { return }
      metrics.add(
        to: Flowrex.tradesExecuted, .of(\.symbol, record.fill.instrument),
        .of(\.side, record.fill.side),
        .of(\.mode, mode))
    case .decided(let decision):
      guard metrics.has(Flowrex.approvalsDecided.family) else { return }
      metrics.add(to: Flowrex.approvalsDecided, .of(\.decision, decision))
    case .diverged(let kind):
      guard metrics.has(Flowrex.divergencesFound.family) else { return }
      metrics.add(to: Flowrex.divergencesFound, .of(\.kind, kind))
    case .settled, .changedState: break
    }
  }

  private func entered(_ state: OrderState, in metrics: MetricRegistry) {
    guard metrics.has(Flowrex.orderTransitions.family) else { return }
    metrics.add(to: Flowrex.orderTransitions, .of(\.state, state))
  }

  private func trade(
    _ counter: Counter<TradeLabels>, _ record: OrderRecord, in metrics: MetricRegistry
  ) {
    guard metrics.has(counter.family) else { return }
    let (terms, mode) = (record.order.terms, record.order.mode)
    metrics.add(
      to: counter, .of(\.symbol, terms.instrument), .of(\.side, terms.side), .of(\.mode, mode))
  }
}
