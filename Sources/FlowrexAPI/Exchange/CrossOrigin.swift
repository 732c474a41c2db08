package import HTTPTypes

/// Which pages of other origins may call the API: those that are named, each exactly. (C-15,
/// S17-HDR-08, S04-NET-09 … 11)
package struct CrossOrigin: Sendable {
  private let origins: Set<String>
  private let areCredentialsAllowed: Bool

  package init(origins: [String], areCredentialsAllowed: Bool) {
    self.origins = Set(origins)
    self.areCredentialsAllowed = areCredentialsAllowed
  }

  package func isAllowed(_ origin: String) -> Bool { origins.contains(origin) }

  /// What an answer says to the page of the request.
  package func add(to headers: inout HTTPFields, origin: String?) {
    let vary = headers[.vary].map { $0 + ", Origin" } ?? "Origin"
    headers[.vary] = vary
    guard let origin, isAllowed(origin) else { return }
    headers[.accessControlAllowOrigin] = origin
    if areCredentialsAllowed { headers[.accessControlAllowCredentials] = "true" }
    headers[.accessControlExposeHeaders] =
      "Retry-After, RateLimit, RateLimit-Policy, X-RateLimit-Limit, X-RateLimit-Remaining, "
      + "X-RateLimit-Reset, X-Request-ID"
  }

  /// The answer to a browser that asks before it sends; `nil` when it does not ask.
  ///
  /// - Parameter methods: What the path answers; looked for only when a browser asks.
  package func preflight(
    _ request: HTTPRequest, methods: @autoclosure () -> [String]
  ) -> Result<Answer, Problem>? {
    guard request.method == .options,
      request.headerFields[.accessControlRequestMethod] != nil,
      let origin = request.headerFields[.origin]
    else { return nil }
    let methods = methods()
    guard isAllowed(origin), !methods.isEmpty else {
      return .failure(Problem(methods.isEmpty ? .notFound : .originNotAllowed))
    }
    return .success(
      Answer(
        status: .noContent,
        headers: [
          .accessControlAllowMethods: methods.joined(separator: ", "),
          .accessControlAllowHeaders:
            "Authorization, Content-Type, Idempotency-Key, X-Requested-With, X-Request-ID",
          .accessControlMaxAge: "600",
        ]))
  }
}
