import FlowrexContract
import HTTPTypes
import ServiceContract

/// A list as the API pages it. (S04-DOC-05)
struct Listed: Decodable, Sendable {
  let items: [JSONValue]
  let next: String?
}

/// What people read: each page asks the API for its parts, all at once, and shows what comes.
struct ReadingPages: Sendable {
  var all: [PageHandler] {
    [
      PageHandler(.pagePortfolio, portfolio), PageHandler(.pagePositions, positions),
      PageHandler(.pageGuards, guards), PageHandler(.pageReconciliation, reconciliation),
    ]
  }

  @Sendable private func portfolio(_ call: PageCall, _ view: View) async throws -> PageAnswer {
    let api = try call.api()
    async let portfolio: Result<JSONValue, APIFault> = api.part(.portfolio)
    async let days: Result<JSONValue, APIFault> = api.part(.profitAndLoss)
    async let risk: Result<JSONValue, APIFault> = api.part(.risk)
    let (value, history, state) = try await (portfolio, days, risk)
    return .page(
      view.page(
        "Portfolio", isLive: true,
        live: [
          view.section(nil, value) { view.facts($0, first: Names.portfolio) },
          view.section("Trading state", state) { view.facts($0, first: Names.risk) },
          view.section("Profit and loss by day", history) { view.listOrFacts($0) },
        ]), status: value.status)
  }

  @Sendable private func positions(_ call: PageCall, _ view: View) async throws -> PageAnswer {
    let api = try call.api()
    async let open: Result<JSONValue, APIFault> = api.part(.listPositions)
    async let totals: Result<JSONValue, APIFault> = api.part(.positionSummary)
    let (positions, summary) = try await (open, totals)
    return .page(
      view.page(
        "Positions", isLive: true,
        live: [
          view.section(nil, positions) { view.listOrFacts($0, Columns.positions) },
          view.section("Totals", summary) { view.facts($0, without: ["as_of", "age_seconds"]) },
        ]), status: positions.status)
  }

  @Sendable private func guards(_ call: PageCall, _ view: View) async throws -> PageAnswer {
    let api = try call.api()
    async let drawdown: Result<JSONValue, APIFault> = api.part(.guardDrawdown)
    async let market: Result<JSONValue, APIFault> = api.part(.guardMarket)
    async let caps: Result<JSONValue, APIFault> = api.part(.riskCaps)
    let (fall, open, limits) = try await (drawdown, market, caps)
    return .page(
      view.page(
        "Guards", isLive: true,
        live: [
          view.section("Drawdown", fall) { view.facts($0, first: ["state"]) },
          view.section("Market", open) { view.facts($0, first: ["status", "state"]) },
          view.section("Caps", limits) { view.listOrFacts($0, Columns.caps) },
        ]), status: fall.status)
  }

  @Sendable private func reconciliation(
    _ call: PageCall, _ view: View
  ) async throws -> PageAnswer {
    let api = try call.api()
    let after = call.asked("after").map { [("after", $0)] } ?? []
    async let now: Result<JSONValue, APIFault> = api.part(.reconciliationStatus)
    async let open: Result<JSONValue, APIFault> = api.part(.reconciliationDivergences)
    async let past: Result<JSONValue, APIFault> = api.part(.reconciliationLogs, query: after)
    let (status, divergences, logs) = try await (now, open, past)
    return .page(
      view.page(
        "Reconciliation", isLive: true,
        live: [
          view.section("State", status) { view.facts($0, first: ["status", "state", "as_of"]) },
          view.section("Open differences", divergences) { view.listOrFacts($0) },
          view.section("Past comparisons", logs) { value in
            .group([
              view.listOrFacts(value),
              view.more({ Link(.reconciliation, query: [("after", $0)]) }, value["next"].string),
            ])
          },
        ]), status: status.status)
  }
}

extension Result where Failure == APIFault {
  /// What a page with this at its heart is answered as.
  var status: HTTPResponse.Status {
    switch self {
    case .success: .ok
    case .failure(let fault): fault.status
    }
  }
}

extension View {
  /// A list with its items as rows, and what the answer says beside them.
  func listOrFacts(_ value: JSONValue, _ columns: [Column]? = nil) -> Node {
    guard case .list(let items) = value["items"] else { return facts(value) }
    var names: [String] = []
    for item in items { names += item.fields.keys.sorted().filter { !names.contains($0) } }
    let columns = columns ?? names.map { Column(Shown.title($0), $0, Self.guess($0)) }
    return .group([
      table("", columns, items), facts(value, without: ["items", "next", "unreadable"]),
    ])
  }

  private static func guess(_ name: String) -> Column.Kind {
    if name.hasSuffix("_at") || name == "as_of" { return .moment }
    return name == "state" || name == "status" || name == "kind" ? .state : .text
  }
}
