import FlowrexConsole
import FlowrexContract
import FlowrexMetrics
import FlowrexSupport
import Foundation
import Synchronization
import TestSupport
import Testing

/// One refresh token is exchanged once, whoever asks. (C-02)
@Suite struct RefresherTests {
  /// Answers a refresh when it is let, with a token of its own each time.
  private final class Transport: APITransport {
    let gate = FlowrexSupport.Gate()
    let calls = Mutex(0)
    let isRefused: Bool

    init(isRefused: Bool = false) { self.isRefused = isRefused }

    func send(_ request: APIRequest, within limit: Duration) async throws -> APIReply {
      let call = calls.withLock { calls in
        calls += 1
        return calls
      }
      await gate.opened()
      if isRefused {
        let problem = #"{"status":401,"code":"unauthenticated","title":"Sign in first."}"#
        return APIReply(status: 401, headers: [], body: Array(problem.utf8))
      }
      return APIReply(
        status: 200, headers: [("Set-Cookie", "r=\(call + 1); Max-Age=100")],
        body: Array(#"{"access_token":"t\#(call)","expires_in":60}"#.utf8))
    }
  }

  private let tokens = SessionTokens(
    access: "t0", accessEnds: 0, refresh: "r=1", refreshEnds: 9_000)
  private let origin = APIClient.Origin(address: "192.0.2.1", requestID: "a-request")

  private func refresher(_ transport: Transport, now: @escaping @Sendable () -> Int64) -> Refresher
  {
    let client = APIClient(transport, metrics: MetricRegistry(.console), limit: .seconds(5))
    return Refresher(TokenDesk(client, now: now), now: now)
  }

  @Test(.covers("C-02")) func `pages that come together get one exchange`() async throws {
    let transport = Transport()
    let clock = Mutex<Int64>(1_000)
    let refresher = refresher(transport) { clock.withLock { $0 } }
    let (tokens, origin) = (tokens, origin)
    let answers = try await withThrowingTaskGroup(of: SessionTokens.self) { group in
      for _ in 0..<20 { group.addTask { try await refresher.refreshed(tokens, from: origin) } }
      transport.gate.open()
      var answers: Set<String> = []
      for try await fresh in group { answers.insert("\(fresh.access) \(fresh.refresh)") }
      return answers
    }
    #expect(answers == ["t1 r=2"])
    #expect(transport.calls.withLock { $0 } == 1)
    // A page that was on its way with the old cookie.
    clock.withLock { $0 += 30 }
    let late = try await refresher.refreshed(tokens, from: origin)
    #expect(
      late == SessionTokens(access: "t1", accessEnds: 1_060, refresh: "r=2", refreshEnds: 1_100))
    #expect(transport.calls.withLock { $0 } == 1)
    // Later the API decides, which takes it for a theft.
    clock.withLock { $0 += 1 }
    _ = try await refresher.refreshed(tokens, from: origin)
    #expect(transport.calls.withLock { $0 } == 2)
  }

  @Test func `a refusal is not remembered`() async throws {
    let transport = Transport(isRefused: true)
    transport.gate.open()
    let refresher = refresher(transport) { 1_000 }
    for count in 1...2 {
      await #expect(throws: APIFault.self) {
        try await refresher.refreshed(tokens, from: origin)
      }
      #expect(transport.calls.withLock { $0 } == count)
    }
  }
}
