public import ServiceContract

/// Who somebody is. (S04-AUTH-07 … 14, C-02, C-61)
extension Route {
  public static let login = Route(
    .post, at: .login, .anonymous, .auth,
    "Exchanges e-mail address and password for tokens. (S04-AUTH-07, 08)")

  public static let refresh = Route(
    .post, at: .refresh, .anonymous, .auth,
    "Exchanges the cookie's refresh token for new tokens, once. (S04-AUTH-12, C-02, C-61)")

  public static let logout = Route(
    .post, at: .logout, .user, .standard, "Revokes the tokens of this session. (S04-AUTH-10)")

  public static let me = Route(.get, at: .me, .user, .standard, "Who the token speaks for.")
}

/// Orders, approvals and what comes of them. (S04-TRD-05 … 12, C-65)
extension Route {
  public static let placeOrder = Route(
    .post, at: .orders, .user, .orders, within: .seconds(8),
    "Places an order under the client's own id, once. (S04-TRD-05, S04-RES-07)")

  public static let listOrders = Route(
    .get, at: .orders, .user, .standard, "The caller's orders, by page. (S04-TRD-05)")

  public static let showOrder = Route(
    .get, at: .order, .user, .standard, "One order. (S04-TRD-05)")

  public static let cancelOrder = Route(
    .delete, at: .order, .user, .orders, within: .seconds(8),
    "Asks for an order's end; a fill may come first. (S04-TRD-05)")

  public static let orderEvents = Route(
    .get, at: .orderEvents, .user, .standard, "Everything that happened to an order. (C-39)")

  public static let listApprovals = Route(
    .get, at: .approvals, .user, .standard, "Orders that wait for a person. (C-65)")

  public static let showApproval = Route(
    .get, at: .approval, .user, .standard, "One of them, with its end. (C-65)")

  public static let approve = Route(
    .post, at: .approve, .user, .orders, within: .seconds(8),
    "Lets an order go, if risk still allows it. (C-65)")

  public static let reject = Route(
    .post, at: .reject, .user, .orders, "Ends an order that waits. (C-65)")

  public static let listTrades = Route(
    .get, at: .trades, .user, .standard, "The caller's fills, by page. (S17-MET-03)")

  public static let showTrade = Route(.get, at: .trade, .user, .standard, "One fill.")

  public static let portfolio = Route(
    .get, at: .portfolio, .user, .standard, "Cash, positions and value now. (S04-TRD-09)")

  public static let profitAndLoss = Route(
    .get, at: .profitAndLoss, .user, .standard, "Profit and loss by day. (S04-TRD-11)")

  public static let risk = Route(
    .get, at: .risk, .user, .standard, "The trading state and what is used. (S04-TRD-12)")

  public static let riskCaps = Route(
    .get, at: .riskCaps, .user, .standard, "Every cap and its tightened value. (S18-HS-10)")
}

extension Route {
  /// Routes about people, orders and money.
  public static let tradingRoutes: [Route] = [
    login, refresh, logout, me, placeOrder, listOrders, showOrder, cancelOrder, orderEvents,
    listApprovals, showApproval, approve, reject, listTrades, showTrade, portfolio,
    profitAndLoss, risk, riskCaps,
  ]
}
