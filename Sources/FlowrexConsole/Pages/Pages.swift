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
    let after = call.asked("after").map { [("after", $0)] } ?? []
    async let portfolio: Result<JSONValue, APIFault> = api.part(.portfolio)
    async let days: Result<JSONValue, APIFault> = api.part(.profitAndLoss, query: after)
    async let risk: Result<JSONValue, APIFault> = api.part(.risk)
    let (value, history, state) = try await (portfolio, days, risk)
    return .page(
      view.page(
        "Portfolio", isLive: true,
        live: [
          view.section(nil, value) { value in
            .group([
              view.facts(
                value.with(value["valuation"]), first: Names.portfolio + Names.valuation,
                without: ["positions", "valuation"]),
              .tag(.h2, "Positions"),
              view.table("Positions", Columns.positions, value["positions"].items),
            ])
          },
          view.section("Trading state", state) { value in
            .group([
              view.facts(value, first: Names.risk, without: ["usage"]),
              view.table("Use of the caps", Columns.usage, value["usage"].items),
            ])
          },
          view.section("Profit and loss by day", history) { page in
            .group([
              view.list(page, Columns.results),
              view.more({ Link(.portfolio, query: [("after", $0)]) }, page["next"].string),
            ])
          },
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
          view.section(nil, positions) { view.list($0, Columns.positions) },
          view.section("Totals", summary) { value in
            .group([
              view.list(value, Columns.totals, without: ["valuation"]),
              view.facts(value["valuation"], first: Names.valuation),
            ])
          },
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
          view.section("Drawdown and daily loss", fall) { value in
            .group([
              view.facts(value, first: ["account_state", "equity_usd"], without: ["usage"]),
              view.table("Use of the caps", Columns.usage, value["usage"].items),
            ])
          },
          view.section("Market", open) { view.list($0, Columns.market) },
          view.section("Caps", limits) { view.list($0, Columns.caps) },
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
          view.section("State", status) { view.facts($0, first: ["status", "open", "as_of"]) },
          view.section("Open differences", divergences) { view.list($0, Columns.divergences) },
          view.section("Past comparisons", logs) { value in
            .group([
              view.list(value, Columns.runs),
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

extension JSONValue {
  /// An object with another one's fields beside its own.
  fileprivate func with(_ other: JSONValue) -> JSONValue {
    .object(fields.merging(other.fields) { own, _ in own })
  }
}

extension View {
  /// A list with its items as rows, and before it what the answer says beside them.
  func list(_ value: JSONValue, _ columns: [Column], without: Set<String> = []) -> Node {
    .group([
      facts(value, first: ["as_of"], without: without.union(["items", "next"])),
      table("", columns, value["items"].items),
    ])
  }
}
