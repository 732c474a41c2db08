internal import ServiceContract

extension Duration {
  /// What an ordinary request may take; the chain's request step is the backstop. (C-35)
  static var ordinary: Duration { .seconds(5) }
}

extension Route {
  /// A route of the API, with its path taken from the closed list.
  init(
    _ method: Method, at endpoint: Endpoint, _ auth: Auth, _ limit: LimitClass?,
    within: Duration = .ordinary, _ summary: String
  ) {
    self.init(method, endpoint.rawValue, auth: auth, limit: limit, within: within, summary)
  }

  /// A page of the console.
  init(
    _ method: Method, page: ConsoleEndpoint, _ auth: Auth, _ limit: LimitClass?,
    within: Duration = Timeouts.request, _ summary: String
  ) {
    self.init(method, page.rawValue, auth: auth, limit: limit, within: within, summary)
  }
}
