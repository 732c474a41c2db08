package import FlowrexTrading
package import Ledger
import Tracing

/// A venue whose calls are spans: which call, at which venue, how it ended. (S04-OBS-10)
package struct TracedBroker: Broker {
  private let broker: any Broker
  private let tracer: ServiceTracer

  package init(_ broker: any Broker, _ tracer: ServiceTracer) {
    self.broker = broker
    self.tracer = tracer
  }

  package var name: String { broker.name }
  package var guarantee: SubmitGuarantee { broker.guarantee }
  package var clockTolerance: Ledger.Span { broker.clockTolerance }
  package var patience: Ledger.Span { broker.patience }
  package var lateFills: Ledger.Span { broker.lateFills }

  package func submit(
    _ submission: Submission
  ) async throws(BrokerFault) -> SubmitReceipt {
    try await call("submit") { () throws(BrokerFault) in try await broker.submit(submission) }
  }

  package func cancel(_ order: OrderID) async throws(BrokerFault) -> CancelReceipt {
    try await call("cancel") { () throws(BrokerFault) in try await broker.cancel(order) }
  }

  package func lookUp(_ order: OrderID) async throws(BrokerFault) -> LookUp {
    try await call("look_up") { () throws(BrokerFault) in try await broker.lookUp(order) }
  }

  /// Asked all day long, and mostly for nothing: only a fault of it is a span.
  package func events(
    after sequence: Int64, of epoch: Int64, limit: Int
  ) async throws(BrokerFault) -> VenueNews {
    do throws(BrokerFault) {
      return try await broker.events(after: sequence, of: epoch, limit: limit)
    } catch {
      finish(tracer.startSpan("venue events", ofKind: .client), error)
      throw error
    }
  }

  private func call<Value: Sendable>(
    _ word: String, _ body: () async throws(BrokerFault) -> Value
  ) async throws(BrokerFault) -> Value {
    let span = tracer.startSpan("venue \(word)", ofKind: .client)
    let result: Result<Value, BrokerFault> = await ServiceContext.$current.withValue(span.context) {
      do throws(BrokerFault) { return .success(try await body()) } catch {
        return .failure(error)
      }
    }
    switch result {
    case .success(let value):
      finish(span, nil)
      return value
    case .failure(let fault):
      finish(span, fault)
      throw fault
    }
  }

  private func finish(_ span: ServiceSpan, _ fault: BrokerFault?) {
    span.attributes["flowrex.venue"] = broker.name
    if let fault {
      span.attributes["error.type"] = fault.word
      span.setStatus(SpanStatus(code: .error))
    }
    span.end()
  }
}

extension BrokerFault {
  /// The kind alone: the words are the venue's, and may say anything.
  fileprivate var word: String {
    switch self {
    case .notSent: "not_sent"
    case .unanswered: "unanswered"
    case .unsupported: "unsupported"
    }
  }
}
