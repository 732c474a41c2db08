import FlowrexContract
package import FlowrexMetrics
import FlowrexStore
package import FlowrexTrading
import HTTPTypes
import Ledger
import ServiceContract

/// Strategies of whoever asks: stored switched off, switched on and off. (S17-MET-05)
package struct StrategyHandlers: Sendable {
  private let desk: StrategyDesk
  private let metrics: MetricRegistry

  package init(_ desk: StrategyDesk, metrics: MetricRegistry) {
    self.desk = desk
    self.metrics = metrics
  }

  package var all: [RouteHandler] {
    [
      RouteHandler(
        .createStrategy,
        OperationDocument(
          status: .created, body: .newStrategy, answer: .strategy, others: [.keyUsedForAnother]),
        create),
      RouteHandler(
        .listStrategies,
        OperationDocument(answer: .strategies, query: .page, others: [.invalidField]), list),
      RouteHandler(.showStrategy, OperationDocument(answer: .strategy, others: [.notFound]), show),
      RouteHandler(
        .activateStrategy, OperationDocument(answer: .strategy, others: [.notFound]), activate),
      RouteHandler(
        .deactivateStrategy, OperationDocument(answer: .strategy, others: [.notFound]),
        deactivate),
    ]
  }

  struct NewStrategy: StrictBody {
    static let fields: Set<String> = ["client_strategy_id", "name", "kind", "execution_mode"]
    let client_strategy_id: String
    let name: String
    let kind: String
    let execution_mode: String?
  }

  @Sendable private func create(_ call: Call) async throws -> Answer {
    let body = try call.decoded(NewStrategy.self)
    let key = try ClientKey.read(body.client_strategy_id, "client_strategy_id")
    guard let name = StrategyName(body.name) else { throw Problem(.invalidField, field: "name") }
    let kind: StrategyKind = try Call.word(body.kind, "kind")
    let mode: ExecutionMode? = try body.execution_mode.map {
      try Call.word($0, "execution_mode")
    }
    let person = try call.personID()
    let stored = try await metrics.countingConflicts("client_strategy_id") {
      try await desk.create(name, kind, mode: mode, key: key, by: person)
    }
    // The same key has the same answer.
    return try .json(JSONTree.strategy(stored.record), status: .created)
  }

  @Sendable private func list(_ call: Call) async throws -> Answer {
    let page = try call.page()
    let strategies = try await desk.strategies(of: call.personID(), page)
    return try .json(JSONTree.page(strategies, JSONTree.strategy))
  }

  @Sendable private func show(_ call: Call) async throws -> Answer {
    try .json(JSONTree.strategy(try await desk.strategy(call.id(), of: call.personID())))
  }

  @Sendable private func activate(_ call: Call) async throws -> Answer {
    try await set(isActive: true, call)
  }

  @Sendable private func deactivate(_ call: Call) async throws -> Answer {
    try await set(isActive: false, call)
  }

  private func set(isActive: Bool, _ call: Call) async throws -> Answer {
    let id: StrategyID = try call.id()
    try call.takesNothing()
    let record = try await desk.set(isActive: isActive, id, by: call.personID())
    return try .json(JSONTree.strategy(record))
  }
}
