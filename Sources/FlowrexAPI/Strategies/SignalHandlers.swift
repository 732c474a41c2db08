import FlowrexContract
package import FlowrexMetrics
import FlowrexStore
package import FlowrexTrading
import HTTPTypes
package import Ledger
import ServiceContract

/// Signals of whoever asks: posted, approved, executed. (S17-MET-04, C-65)
package struct SignalHandlers: Sendable {
  private let desk: Desk
  private let traders: Traders
  private let metrics: MetricRegistry
  private let now: @Sendable () -> Timestamp

  package init(
    _ desk: Desk, _ traders: Traders, metrics: MetricRegistry,
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.desk = desk
    self.traders = traders
    self.metrics = metrics
    self.now = now
  }

  package var all: [RouteHandler] {
    [
      RouteHandler(
        .postSignal,
        OperationDocument(
          status: .created, body: .newSignal, answer: .signal,
          others: [.notFound, .keyUsedForAnother, .strategyIsOff]), post),
      RouteHandler(
        .listSignals,
        OperationDocument(answer: .signals, query: .page, others: [.invalidField]), list),
      RouteHandler(.showSignal, OperationDocument(answer: .signal, others: [.notFound]), show),
      RouteHandler(
        .approveSignal,
        OperationDocument(
          answer: .signal,
          others: [.notFound, .strategyIsOff, .signalExpired, .signalAsksForNothing]), approve),
      RouteHandler(
        .executeSignal,
        OperationDocument(
          answer: .signal,
          others: [
            .notFound, .strategyIsOff, .signalExpired, .signalNotApproved,
            .signalAsksForNothing, .nothingToExit,
          ]), execute),
    ]
  }

  struct NewSignal: StrictBody {
    static let fields: Set<String> = [
      "client_signal_id", "strategy_id", "signal_type", "symbol", "quantity", "limit_price",
      "life_seconds",
    ]
    let client_signal_id: String
    let strategy_id: String
    let signal_type: String
    let symbol: String
    let quantity: String?
    let limit_price: String?
    let life_seconds: Int?

    /// Numbers are text, so that none is rounded on its way.
    func terms() throws -> SignalTerms {
      let type: SignalType = try Call.word(signal_type, "signal_type")
      let instrument: Instrument = try Call.word(symbol, "symbol")
      let quantity: Quantity? = try number(quantity, "quantity")
      let limit: Price? = try number(limit_price, "limit_price")
      do throws(SignalTermsFault) {
        return try SignalTerms(
          type, of: instrument, quantity, limit.map { .limit($0) } ?? .market)
      } catch {
        throw Problem(.invalidField, field: error.isAboutQuantity ? "quantity" : "limit_price")
      }
    }

    private func number<Kind>(_ text: String?, _ field: String) throws -> Fixed<Kind>? {
      guard let text else { return nil }
      guard let number = try? Fixed<Kind>(text: text) else {
        throw Problem(.invalidField, field: field)
      }
      return number
    }

    func life() throws -> Span? {
      guard let life_seconds else { return nil }
      let longest = StrategyDesk.longestLife.microseconds / 1_000_000
      guard let seconds = Int32(exactly: life_seconds), (1...longest).contains(Int64(seconds))
      else { throw Problem(.invalidField, field: "life_seconds") }
      return .seconds(seconds)
    }
  }

  @Sendable private func post(_ call: Call) async throws -> Answer {
    let body = try call.decoded(NewSignal.self)
    let key = try ClientKey.read(body.client_signal_id, "client_signal_id")
    guard let strategy = StrategyID(text: body.strategy_id) else {
      throw Problem(.invalidField, field: "strategy_id")
    }
    let (terms, life, person) = try (body.terms(), body.life(), call.personID())
    let posted = try await metrics.countingConflicts("client_signal_id") {
      try await desk.strategies.post(terms, life: life, of: strategy, key: key, by: person)
    }
    if !posted.stored.isReplay {
      metrics.add(
        to: Flowrex.signalsGenerated, .of(\.strategy, posted.kind), .of(\.type, terms.type))
    }
    // The same key has the same answer.
    return try .json(JSONTree.signal(posted.stored.record, at: now()), status: .created)
  }

  @Sendable private func list(_ call: Call) async throws -> Answer {
    let page = try call.page()
    let signals = try await desk.strategies.signals(of: call.personID(), page)
    let now = now()
    return try .json(JSONTree.page(signals) { JSONTree.signal($0, at: now) })
  }

  @Sendable private func show(_ call: Call) async throws -> Answer {
    let record = try await desk.strategies.signal(call.id(), of: call.personID())
    return try .json(JSONTree.signal(record, at: now()))
  }

  @Sendable private func approve(_ call: Call) async throws -> Answer {
    let id: SignalID = try call.id()
    try call.takesNothing()
    let record = try await desk.strategies.approve(id, by: call.personID())
    return try .json(JSONTree.signal(record, at: now()))
  }

  @Sendable private func execute(_ call: Call) async throws -> Answer {
    let began = ContinuousClock.now
    let id: SignalID = try call.id()
    try call.takesNothing()
    let trader = try await traders.of(call)
    let stored = try await desk.execute(id, of: trader.account, by: trader.person)
    switch stored.record.signal.outcome {
    case .executed where stored.isReplay: metrics.add(to: Flowrex.idempotentReplays)
    case .executed: metrics.observe(Flowrex.orderLatency, .now - began)
    case .denied(let code, _, _) where !stored.isReplay:
      metrics.add(to: Flowrex.riskRejections, .of(\.code, code))
    case .denied, nil: break
    }
    return try .json(JSONTree.signal(stored.record, at: now()))
  }
}
