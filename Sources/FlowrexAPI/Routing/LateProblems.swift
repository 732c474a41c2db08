import FlowrexContract
package import FlowrexServing
import HTTPTypes
import ServiceContract

extension Problem {
  package static let late = Problem(.timedOut, headers: [.retryAfter: "1"])
  /// It may be done, or still be being done.
  package static let unknown = Problem(.outcomeUnknown, headers: [.retryAfter: "1"])
}

extension Deadline {
  /// Answers with a problem at the end, whatever the work does. (C-35)
  package static func run<Value: Sendable>(
    until end: ContinuousClock.Instant, or late: Problem,
    _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    try await run(until: end, orThrow: late, work)
  }
}

extension Route {
  /// Whether it changes something.
  var isWrite: Bool { method != .get }
  var takesBody: Bool { [.post, .put, .patch].contains(method) }
}
