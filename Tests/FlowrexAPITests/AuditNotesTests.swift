import FlowrexAPI
import FlowrexAuth
import FlowrexContract
import FlowrexMetrics
import FlowrexStore
import HTTPTypes
import Ledger
import ServiceContract
import Synchronization
import TestSupport
import Testing

/// Requests in the audit log: which, when, and what happens when they cannot be written down.
/// (S18-AUD-01, S18-AUD-02)
@Suite(.covers("S18-AUD-01", "S18-AUD-02")) struct AuditNotesTests {
  /// A log in memory that may be broken from an entry on.
  private final class Log: AuditLog {
    let entries = Mutex<[AuditEntry]>([])
    private let most: Int

    init(most: Int = .max) { self.most = most }

    func append(_ entry: AuditEntry) async throws {
      try entries.withLock { entries in
        guard entries.count < most else { throw StoreFault.unreachable("test") }
        entries.append(entry)
      }
    }
  }

  private static let person = AccessToken(
    subject: "ann", session: "s", role: .user, issuedAt: 0, expiresAt: 900)
  private let metrics = MetricRegistry(.backend)
  private let later = ContinuousClock.now + .seconds(600)

  private func notes(_ log: Log) -> AuditNotes {
    AuditNotes(log, metrics: metrics, now: { Timestamp(microseconds: 7) })
  }

  private func call(_ route: Route, _ parameters: [String: String] = [:]) -> Call {
    Call(
      route: route, person: Self.person, parameters: parameters, query: [("token", "hidden")],
      headers: [.userAgent: "test/1.0 \u{e9}", .authorization: "Bearer hidden"],
      body: Array("hidden".utf8), address: "10.0.0.1", requestID: "r")
  }

  private func outcome(
    _ log: Log, _ route: Route, _ work: () async throws -> Answer
  ) async -> ProblemCode? {
    do {
      _ = try await notes(log).noting(call(route), by: Self.person, until: later, work)
      return nil
    } catch let problem as Problem {
      return problem.code
    } catch let fault as StoreFault {
      return Problem(fault)?.code
    } catch {
      return .internalFault
    }
  }

  @Test func `a change is written down before it is done, and its answer before it is given`()
    async throws
  {
    let log = Log()
    let route = Route.cancelOrder
    let call = call(route, ["id": "an order/\u{e9}" + String(repeating: "x", count: 100)])
    let answer = try await notes(log).noting(call, by: Self.person, until: later) {
      #expect(log.entries.withLock { $0.map(\.action) } == [.requested])
      return Answer(status: .accepted)
    }
    #expect(answer.status == .accepted)
    let path = route.path.replacing(
      "{id}", with: "an order/??" + String(repeating: "x", count: 53))
    let occasion = Occasion(
      requestID: "r", address: "10.0.0.1", method: route.method.rawValue, path: path,
      userAgent: "test/1.0 ??")
    #expect(
      log.entries.withLock { $0 } == [
        AuditEntry(.requested, at: Timestamp(microseconds: 7), actor: "ann", from: occasion),
        AuditEntry(
          .answered, at: Timestamp(microseconds: 7), actor: "ann", from: occasion, status: 202),
      ])
    #expect(metrics.text().contains("audit_entries_total 2"))
  }

  @Test func `what was refused stands there with its status`() async {
    let log = Log()
    let code = await outcome(log, .placeOrder) { throw Problem(.invalidField) }
    #expect(code == .invalidField)
    #expect(log.entries.withLock { $0.map(\.status) } == [nil, 422])
    let failed = await outcome(log, .placeOrder) { throw StoreFault.statementTimeout }
    #expect(failed == .storeUnavailable)
    struct Broken: Error {}
    _ = await outcome(log, .placeOrder) { throw Broken() }
    #expect(log.entries.withLock { $0.map(\.status) } == [nil, 422, nil, 503, nil, 500])
  }

  @Test func `what cannot be written down is not done`() async {
    let log = Log(most: 0)
    let code = await outcome(log, .placeOrder) {
      Issue.record("it was done")
      return Answer(status: .ok)
    }
    #expect(code == .storeUnavailable)
    #expect(metrics.text().contains("audit_write_failures_total 1"))
  }

  @Test func `what was done and cannot be written down is not answered as done`() async {
    #expect(await outcome(Log(most: 1), .placeOrder) { Answer(status: .ok) } == .outcomeUnknown)
    // Nothing changed: it may be asked again.
    #expect(await outcome(Log(most: 1), .portfolio) { Answer(status: .ok) } == .storeUnavailable)
  }

  /// The rule over all routes of the contract.
  @Test(arguments: Program.backend.routes)
  func `changes and what administrators ask are noted, what people read is not`(route: Route) {
    let handler = RouteHandler(route, OperationDocument()) { _ in Answer(status: .ok) }
    let reads = route.method == .get || route.method == .webSocket
    let admin = AccessToken(
      subject: "bob", session: "t", role: .admin, issuedAt: 0, expiresAt: 900)
    #expect(AuditNotes.isNoted(handler, by: Self.person) == !reads)
    #expect(AuditNotes.isNoted(handler, by: admin))
    // Signing in is noted by who does it, in one transaction with what is done.
    let itself = RouteHandler(route, OperationDocument(), notesItself: true) { _ in
      Answer(status: .ok)
    }
    #expect(!AuditNotes.isNoted(itself, by: admin))
  }
}
