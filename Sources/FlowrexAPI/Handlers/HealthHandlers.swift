import FlowrexContract
package import FlowrexServing
import HTTPTypes
import ServiceContract

/// Health: three paths and two old ones, with fixed words only. (S18-EP-01 … 03, C-09 … C-11)
package struct HealthHandlers: Sendable {
  private let readiness: Readiness
  private let life: LifeCycle
  private let service: String
  private let version: String
  private let buildID: String
  /// RFC 3339, in UTC, to the millisecond.
  private let timestamp: @Sendable () -> String

  package init(
    readiness: Readiness, life: LifeCycle, service: String, version: String, buildID: String,
    timestamp: @escaping @Sendable () -> String
  ) {
    self.readiness = readiness
    self.life = life
    self.service = service
    self.version = version
    self.buildID = buildID
    self.timestamp = timestamp
  }

  private struct Summary: Encodable {
    let status = "healthy"
    let service: String
    let version: String
    let build: String
    let timestamp: String
  }

  private struct Alive: Encodable {
    let status = "alive"
    /// Whether the process was ever ready: what `healthcheck` waits for. (engine fact F11)
    let wasReady: Bool
    let timestamp: String

    enum CodingKeys: String, CodingKey {
      case status
      case wasReady = "was_ready"
      case timestamp
    }
  }

  private struct Ready: Encodable {
    let status: String
    let checks: [String: String]
    let timestamp: String
  }

  package var all: [RouteHandler] {
    let summary = OperationDocument(answer: .healthSummary)
    let ready = OperationDocument(answer: .healthReady, others: [.notReady])
    return [
      RouteHandler(.health, summary, summarise), RouteHandler(.healthAlias, summary, summarise),
      RouteHandler(.healthReady, ready, judge), RouteHandler(.readyAlias, ready, judge),
      RouteHandler(.healthLive, OperationDocument(answer: .healthLive)) { _ in
        try .json(Alive(wasReady: life.wasReady, timestamp: timestamp()))
      },
    ]
  }

  @Sendable private func summarise(_ call: Call) throws -> Answer {
    try .json(
      Summary(
        service: "flowrex-\(service)", version: version, build: buildID, timestamp: timestamp()))
  }

  /// Says which dependency fails and never how: addresses and messages are for the log. (C-11)
  @Sendable private func judge(_ call: Call) async throws -> Answer {
    let verdict = await readiness.ask()
    var checks: [String: String] = [:]
    for check in verdict.checks {
      checks[check.dependency.rawValue] = check.isReachable ? "ok" : "unreachable"
    }
    if life.phase != .serving { checks["process"] = "draining" }
    return try .json(
      Ready(
        status: verdict.isReady ? "ready" : "not_ready", checks: checks, timestamp: timestamp()),
      status: verdict.isReady ? .ok : .serviceUnavailable)
  }
}
