package import FlowrexStore
import Tracing

/// A store whose transactions are spans; of statements and values nothing is told. (S04-OBS-11)
package struct TracedStore: Store {
  private let store: any Store
  private let tracer: ServiceTracer
  private let system: String

  /// - Parameter system: `postgresql` or `sqlite`.
  package init(_ store: any Store, _ tracer: ServiceTracer, system: String) {
    self.store = store
    self.tracer = tracer
    self.system = system
  }

  package func transact<Value: Sendable>(
    _ urgency: Urgency, _ body: @escaping @Sendable (any StoreTransaction) throws -> Value
  ) async throws -> Value {
    // What nobody asked for is no trace of its own: loops of a process would be most of them.
    guard TraceParent.current != nil else { return try await store.transact(urgency, body) }
    return try await tracer.withSpan("transaction", ofKind: .client) { span in
      span.attributes["db.system.name"] = system
      return try await store.transact(urgency, body)
    }
  }
}
