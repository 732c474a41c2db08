public import ServiceContract

/// The console: pages that work without scripts, forms that post. (S18-ARCH-03, C-61)
extension Route {
  public static let consoleHealth = Route(
    .get, page: .health, .anonymous, nil, within: .seconds(1),
    "That the console answers. (S18-EP-04, C-10)")

  public static let pageHome = Route(
    .get, page: .home, .anonymous, .pages, "To the portfolio, or to the sign-in.")
  public static let pageSignIn = Route(.get, page: .signIn, .anonymous, .pages, "The form.")
  public static let formSignIn = Route(
    .post, page: .signIn, .anonymous, .auth, "Signs in. (S04-AUTH-07)")
  public static let formSignOut = Route(
    .post, page: .signOut, .user, .pages, "Signs out. (S04-AUTH-10)")
  public static let pagePortfolio = Route(
    .get, page: .portfolio, .user, .pages, "Value. (S04-TRD-09)")
  public static let pagePositions = Route(.get, page: .positions, .user, .pages, "What is open.")
  public static let pageOrders = Route(.get, page: .orders, .user, .pages, "Orders, by page.")
  public static let pageOrder = Route(
    .get, page: .order, .user, .pages, "One order and its events.")
  public static let formOrder = Route(
    .post, page: .orders, .user, .orders, "Places an order. (S04-TRD-05)")
  public static let formCancel = Route(
    .post, page: .cancelOrder, .user, .orders, "Cancels an order. (S04-TRD-05)")
  public static let pageApprovals = Route(
    .get, page: .approvals, .user, .pages, "What waits. (C-65)")
  public static let formApprove = Route(
    .post, page: .approve, .user, .orders, "Approves an order. (C-65)")
  public static let formReject = Route(
    .post, page: .reject, .user, .orders, "Refuses an order. (C-65)")
  public static let pageGuards = Route(
    .get, page: .guards, .user, .pages, "The guards. (S03-ARCH-07)")
  public static let pageReconciliation = Route(
    .get, page: .reconciliation, .user, .pages, "Our books and the broker's. (S03-ARCH-05)")
  public static let pageEmergency = Route(
    .get, page: .emergency, .admin, .admin, "The stop and its state. (S18-EMG-02)")
  public static let formEmergency = Route(
    .post, page: .emergency, .admin, .admin, "Stops all trading. (S18-EMG-02)")
  public static let formEmergencyRelease = Route(
    .post, page: .emergencyRelease, .admin, .admin, "Asks for its end. (S18-EMG-06)")
  public static let consoleFile = Route(
    .get, page: .staticFile, .anonymous, .pages,
    "Style, script, icon; cached for a year. (S18-NGX-21)")

  /// What the console mounts on ``Port/console``.
  public static let consoleRoutes: [Route] = [
    consoleHealth, pageHome, pageSignIn, formSignIn, formSignOut, pagePortfolio, pagePositions,
    pageOrders, pageOrder, formOrder, formCancel, pageApprovals, formApprove, formReject,
    pageGuards, pageReconciliation, pageEmergency, formEmergency, formEmergencyRelease,
    consoleFile,
  ]
}
