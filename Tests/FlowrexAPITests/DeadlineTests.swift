import FlowrexAPI
import FlowrexServing
import FlowrexStore
import HTTPTypes
import Ledger
import Synchronization
import TestSupport
import Testing

/// Nobody waits longer than a route may take, and what became of a request is told as it is.
@Suite(.covers("C-35", "S17-VAR-16"))
struct DeadlineTests {
  @Test func `work that ignores its cancellation is left behind`() async throws {
    let isOver = Atomic<Bool>(false)
    await confirmation("it was answered while the work went on") { answered in
      do {
        try await Deadline.run(until: .now + .milliseconds(50), or: .unknown) {
          // As a library that waits does: it looks at nothing.
          await withCheckedContinuation { continuation in
            Task.detached {
              try? await Task.sleep(for: .seconds(5))
              continuation.resume()
            }
          }
        }
      } catch {
        #expect((error as? Problem)?.code == .outcomeUnknown)
        #expect((error as? Problem)?.headers[.retryAfter] == "1")
        if !isOver.load(ordering: .relaxed) { answered() }
      }
      isOver.store(true, ordering: .relaxed)
    }
  }

  @Test func `work in time is answered, with its value or its error`() async throws {
    let end = ContinuousClock.now + .seconds(60)
    #expect(try await Deadline.run(until: end, or: .late) { 5 } == 5)
    await #expect(throws: StoreFault.statementTimeout) {
      try await Deadline.run(until: end, or: .late) { throw StoreFault.statementTimeout }
    }
  }

  @Test func `who gives up is not kept`() async throws {
    let waiting = Task {
      try await Deadline.run(until: .now + .seconds(60), or: .late) {
        try await Task.sleep(for: .seconds(60))
      }
    }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
  }

  @Test(
    .covers("S04-ERR-03"),
    arguments: [
      (StoreFault.unreachable("x"), "store_unavailable 5"),
      (.unable(state: "53100", message: "x"), "store_unavailable 5"),
      (.poolExhausted(.seconds(5)), "store_unavailable 1"),
      (.statementTimeout, "store_unavailable 1"), (.conflict("x"), "store_unavailable 1"),
      (.outcomeUnknown("x"), "outcome_unknown 1"), (.duplicate("x"), "ours"),
      (.refused(state: "x", message: "x"), "ours"), (.unreadable(column: "x", value: "x"), "ours"),
    ])
  func `a fault of the store is said as what the client can do`(
    fault: StoreFault, said: String
  ) {
    let problem = Problem(fault)
    #expect(
      problem.map { "\($0.code.rawValue) \($0.headers[.retryAfter] ?? "")" } ?? "ours" == said)
    #expect(problem?.code.status.code ?? 503 == 503)
  }
}
