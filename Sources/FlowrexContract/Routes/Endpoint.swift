public import ServiceContract

/// The template of every route: one list for the router, the metrics and the documents.
///
/// A route takes its path from here, so that a label value and a path cannot differ. (C-23)
public enum Endpoint: String, LabelValue {
  case health = "/health"
  case healthReady = "/health/ready"
  case healthLive = "/health/live"
  case healthAlias = "/api/v1/health"
  case readyAlias = "/api/v1/ready"
  case openAPI = "/api/v1/openapi.json"

  case login = "/api/v1/auth/login"
  case refresh = "/api/v1/auth/refresh"
  case logout = "/api/v1/auth/logout"
  case me = "/api/v1/auth/me"

  case orders = "/api/v1/orders"
  case order = "/api/v1/orders/{id}"
  case orderEvents = "/api/v1/orders/{id}/events"
  case approvals = "/api/v1/approvals"
  case approval = "/api/v1/approvals/{id}"
  case approve = "/api/v1/approvals/{id}/approve"
  case reject = "/api/v1/approvals/{id}/reject"
  case trades = "/api/v1/trades"
  case trade = "/api/v1/trades/{id}"
  case portfolio = "/api/v1/portfolio"
  case profitAndLoss = "/api/v1/portfolio/pnl"
  case risk = "/api/v1/risk"
  case riskCaps = "/api/v1/risk/caps"

  case positions = "/api/v1/positions/open"
  case positionSummary = "/api/v1/positions/summary"
  case position = "/api/v1/positions/{id}"
  case reconciliationStatus = "/api/v1/reconciliation/status"
  case reconciliationLogs = "/api/v1/reconciliation/logs"
  case reconciliationDivergences = "/api/v1/reconciliation/divergences"
  case guardDrawdown = "/api/v1/guards/drawdown"
  case guardMarket = "/api/v1/guards/market"

  case strategies = "/api/v1/strategies"
  case strategy = "/api/v1/strategies/{id}"
  case activateStrategy = "/api/v1/strategies/{id}/activate"
  case deactivateStrategy = "/api/v1/strategies/{id}/deactivate"
  case signals = "/api/v1/signals"
  case signal = "/api/v1/signals/{id}"
  case approveSignal = "/api/v1/signals/{id}/approve"
  case executeSignal = "/api/v1/signals/{id}/execute"
  case journal = "/api/v1/journal"
  case journalEntry = "/api/v1/journal/{id}"

  case instruments = "/api/v1/market/instruments"
  case marketStatus = "/api/v1/market/status"
  case quotes = "/api/v1/market/quotes"
  case quote = "/api/v1/market/quotes/{symbol}"
  case candles = "/api/v1/market/candles/{symbol}"

  case emergency = "/api/v1/admin/emergency"
  case emergencyRelease = "/api/v1/admin/emergency/release"
  case closeAll = "/api/v1/admin/positions/close-all"
  case maintenance = "/api/v1/admin/maintenance"
  case haltedAccounts = "/api/v1/admin/accounts/halted"
  case resumeAccount = "/api/v1/admin/accounts/{id}/resume"
  case settleDivergence = "/api/v1/admin/divergences/settle"
  case rulings = "/api/v1/admin/rulings"

  case webSocket = "/ws"

  /// What matched no route; the path itself is never a label.
  case unmatched
}

/// The template of every page of the console.
public enum ConsoleEndpoint: String, LabelValue {
  case home = "/"
  case signIn = "/sign-in"
  case signOut = "/sign-out"
  case portfolio = "/portfolio"
  case positions = "/positions"
  case orders = "/orders"
  case order = "/orders/{id}"
  case cancelOrder = "/orders/{id}/cancel"
  case approvals = "/approvals"
  case approve = "/approvals/{id}/approve"
  case reject = "/approvals/{id}/reject"
  case guards = "/guards"
  case reconciliation = "/reconciliation"
  case emergency = "/emergency"
  case emergencyRelease = "/emergency/release"
  case staticFile = "/static/{file}"
  /// Asked by the container's health check; an exact location at the edge. (S18-EP-04, C-10)
  case health = "/api/health"

  /// What matched no page.
  case unmatched
}
