import FlowrexAuth
import FlowrexContract
package import FlowrexMetrics
import FlowrexStore
package import FlowrexTrading
package import Ledger
import Risk
import ServiceContract

/// What administrators rule where the service has stopped by itself: halted accounts, differences
/// with the venue. (S03-ARCH-05, S03-ARCH-07, S18-AUD-01)
package struct RulingHandlers: Sendable {
  private let desk: Desk
  private let metrics: MetricRegistry
  private let now: @Sendable () -> Timestamp

  package init(
    _ desk: Desk, metrics: MetricRegistry, now: @escaping @Sendable () -> Timestamp
  ) {
    self.desk = desk
    self.metrics = metrics
    self.now = now
  }

  package var all: [RouteHandler] {
    [
      RouteHandler(
        .haltedAccounts,
        OperationDocument(answer: .haltedAccounts, query: .page, others: [.invalidField]), halted),
      RouteHandler(
        .resumeAccount,
        OperationDocument(
          body: .resumption, answer: .resumed,
          others: [.notFound, .secondPersonNeeded, .guardStillHalts, .priceUnavailable]), resume),
      RouteHandler(
        .settleDivergence,
        OperationDocument(
          body: .settlement, answer: .settled,
          others: [.notFound, .orderOnItsWay, .orderStateDiffers]), settle),
      RouteHandler(
        .rulings, OperationDocument(answer: .rulings, query: .page, others: [.invalidField]),
        rulings),
    ]
  }

  @Sendable private func halted(_ call: Call) async throws -> Answer {
    let accounts = try await desk.haltedAccounts(call.page())
    return try .json(
      JSONTree.page(accounts) { record in
        [
          "account_id": .id(record.account), "owner": .id(record.owner),
          "state": .word(record.state), "day_start_usd": .decimal(record.dayStart),
          "peak_usd": .decimal(record.peak),
        ]
      })
  }

  struct Resumption: StrictBody {
    static let fields: Set<String> = ["reason", "measure_anew"]
    let reason: String
    let measure_anew: Bool?
  }

  @Sendable private func resume(_ call: Call) async throws -> Answer {
    let id: AccountID = try call.id()
    let body = try call.decoded(Resumption.self)
    let ruler = try ruler(call, body.reason)
    let before = try await desk.resume(id, measuringAnew: body.measure_anew ?? false, by: ruler)
    if before != .active { metrics.add(to: Flowrex.auditEntries) }
    return try .json(
      [
        "account_id": .id(id), "was": .word(before), "state": .word(TradingState.active),
      ] as JSONTree)
  }

  struct Settlement: StrictBody {
    static let fields: Set<String> = ["kind", "subject", "reason", "as_absent"]
    let kind: String
    let subject: String
    let reason: String
    let as_absent: Bool?
  }

  @Sendable private func settle(_ call: Call) async throws -> Answer {
    let body = try call.decoded(Settlement.self)
    let kind: DivergenceKind = try Call.word(body.kind, "kind")
    guard (1...Self.longestSubject).contains(body.subject.utf8.count),
      !body.subject.contains("\0")
    else { throw Problem(.invalidField, field: "subject") }
    let isNew = try await desk.settle(
      kind, of: body.subject, asAbsent: body.as_absent ?? false, by: ruler(call, body.reason))
    if isNew { metrics.add(to: Flowrex.auditEntries) }
    return try .json(
      [
        "kind": .word(kind), "subject": .text(body.subject), "replayed": .flag(!isNew),
      ] as JSONTree)
  }

  @Sendable private func rulings(_ call: Call) async throws -> Answer {
    let rulings = try await desk.rulings(call.page())
    return try .json(
      JSONTree.page(rulings) { ruling in
        [
          "id": .id(ruling.id), "at": .moment(ruling.at), "by": .id(ruling.person),
          "kind": .word(ruling.kind), "subject": .text(ruling.subject),
          "reason": .text(ruling.reason.text),
        ]
      })
  }

  /// In bytes.
  private static let longestSubject = 200
  /// In characters.
  private static let longestReason = 500

  /// Whoever asks, and why. The entry names what was done in the words of the ruling's kind.
  private func ruler(_ call: Call, _ reason: String) throws -> Ruler {
    guard reason.count <= Self.longestReason, let text = JournalText(reason) else {
      throw Problem(.invalidField, field: "reason")
    }
    let (now, occasion, actor) = (now, call.occasion, try call.caller().subject)
    return Ruler(try call.personID(), because: text) { kind, subject in
      AuditEntry(
        .ruled, at: now(), actor: actor, subject: subject, from: occasion, became: kind.rawValue)
    }
  }
}
