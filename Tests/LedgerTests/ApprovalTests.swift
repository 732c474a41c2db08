import FlowrexContract
import Ledger
import Testing

/// A person decides once, in time. (C-65, S17-INT-04)
struct ApprovalTests {
  private static let asked = Timestamp(microseconds: 1_000_000)
  private static let person = PersonID(5)
  private static let order = "00000000-0000-0000-0000-000000000001"

  private func approval() -> Approval {
    Approval(of: OrderID(1), requestedAt: Self.asked, life: .seconds(300))
  }

  private func later(_ milliseconds: Int32) -> Timestamp {
    Self.asked.adding(.milliseconds(milliseconds))
  }

  @Test func `each decision moves the order its own way`() throws {
    var approved = approval()
    #expect(approved.orderEvent == nil)
    try approved.approve(by: Self.person, at: later(299_999))
    #expect(approved.state == .decided(.approved, by: Self.person, at: later(299_999)))
    #expect(approved.orderEvent == .approved)
    var rejected = approval()
    try rejected.reject(by: Self.person, at: later(0))
    #expect(rejected.orderEvent == .refused)
    var expired = approval()
    try expired.expire(at: later(300_000))
    #expect(expired.orderEvent == .approvalExpired)
    for event in [approved, rejected, expired].compactMap(\.orderEvent) {
      #expect(OrderTransitions.next(from: .awaitingApproval, on: event.kind) != nil)
    }
  }

  @Test func `from its end on nobody approves, noted or not`() {
    var approval = approval()
    #expect(!approval.isDue(at: later(299_999)))
    #expect(approval.isDue(at: later(300_000)))
    #expect(
      sentence { try approval.approve(by: Self.person, at: later(300_000)) }
        == "the approval of order \(Self.order) expired 0 s ago")
    #expect(
      sentence { try approval.reject(by: Self.person, at: later(301_500)) }
        == "the approval of order \(Self.order) expired 1.5 s ago")
    #expect(approval.isPending)
  }

  @Test func `it does not expire early`() {
    var approval = approval()
    #expect(
      sentence { try approval.expire(at: later(299_000)) }
        == "the approval of order \(Self.order) has 1 s left")
  }

  @Test func `it is decided once`() throws {
    var approval = approval()
    try approval.approve(by: Self.person, at: later(1))
    let words = "the approval of order \(Self.order) was decided already: approved"
    #expect(sentence { try approval.approve(by: Self.person, at: later(2)) } == words)
    #expect(sentence { try approval.reject(by: Self.person, at: later(2)) } == words)
    #expect(sentence { try approval.expire(at: later(300_000)) } == words)
    #expect(!approval.isDue(at: later(300_000)))
  }
}
