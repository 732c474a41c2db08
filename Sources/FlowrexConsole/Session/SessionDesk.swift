import FlowrexContract
import FlowrexServing
package import HTTPTypes

/// Who a request comes from, and whether a form may be believed. (C-61)
package struct SessionDesk: Sendable {
  private let cookies: ConsoleCookies
  private let sealer: Sealer
  private let client: APIClient
  private let refresher: Refresher
  /// Where browsers reach the console: `https://host`.
  private let home: String
  /// Seconds since 1970.
  private let now: @Sendable () -> Int64
  private let draw: @Sendable (_ count: Int) -> [UInt8]

  package init(
    cookies: ConsoleCookies, sealer: Sealer, client: APIClient, refresher: Refresher,
    home: String, now: @escaping @Sendable () -> Int64,
    draw: @escaping @Sendable (_ count: Int) -> [UInt8]
  ) {
    self.cookies = cookies
    self.sealer = sealer
    self.client = client
    self.refresher = refresher
    self.home = home
    self.now = now
    self.draw = draw
  }

  package func session(in headers: [String]) -> ConsoleSession? {
    cookies.session(in: headers, now: now())
  }

  package func formCookie(in headers: [String]) -> String? { cookies.form.value(in: headers) }

  package func person(_ session: ConsoleSession, from origin: APIClient.Origin) -> PersonAPI {
    PersonAPI(session, client: client, refresher: refresher, origin: origin, now: now)
  }

  package func cookie(_ session: ConsoleSession) throws -> String {
    try cookies.text(session, now: now())
  }

  /// Names a session, an order or a form: 128 bits that nobody guesses.
  package func drawn() -> String { RequestName.made(of: draw(16)) }

  // MARK: Forms

  /// The two kinds of sessions cannot be taken for one another.
  private static func binding(_ session: ConsoleSession?, _ formCookie: String?) -> String? {
    session.map { "session \($0.id)" } ?? formCookie.map { "form \($0)" }
  }

  /// What the forms of a page carry; of no use without a cookie.
  package func formToken(_ session: ConsoleSession?, _ formCookie: String?) -> String {
    Self.binding(session, formCookie).map(sealer.formToken) ?? ""
  }

  /// The form of a sign-in that has no cookie yet.
  package func newFormCookie() -> (token: String, cookie: String) {
    let name = drawn()
    return (sealer.formToken(of: "form \(name)"), cookies.form.text(name, seconds: 3_600))
  }

  /// - Throws: `PageFault.foreignForm` for a form that no page of ours can have sent: it was
  ///   posted by another site, or carries no token of its own session.
  package func judge(
    _ form: FormFields, _ headers: HTTPFields, session: ConsoleSession?, formCookie: String?
  ) throws {
    // Browsers say where a form was; what says nothing is no browser, and needs the token.
    let origins = headers[values: .origin]
    let sites = headers[values: .named("Sec-Fetch-Site")]
    guard origins.allSatisfy({ $0 == home }), sites.allSatisfy({ $0 == "same-origin" }),
      let binding = Self.binding(session, formCookie),
      sealer.isFormToken(form.exact(View.tokenField), of: binding)
    else { throw PageFault.foreignForm }
  }

  // MARK: Answers

  /// To the sign-in; the session's cookie goes.
  ///
  /// - Parameters:
  ///   - next: The page that was asked for, where it can be asked for again.
  ///   - hadSession: A session that was there, and is over.
  func signedOut(next: ConsoleEndpoint?, hadSession: Bool) -> PageAnswer {
    var query: [(String, String)] = []
    if let next, View.landings.contains(next) { query.append(("next", next.rawValue)) }
    if hadSession { query.append(("ended", "1")) }
    var answer = PageAnswer.see(Link(.signIn, query: query))
    if hadSession {
      answer.headers.append(HTTPField(name: .setCookie, value: cookies.session.cleared))
    }
    return answer
  }

  /// After a sign-out that somebody asked for.
  package func left() -> PageAnswer {
    var answer = PageAnswer.see(Link(.signIn, query: [("left", "1")]))
    answer.headers.append(HTTPField(name: .setCookie, value: cookies.session.cleared))
    return answer
  }
}

extension View {
  /// The pages that a sign-in may lead to: these and no other address.
  static let landings: [ConsoleEndpoint] = [
    .portfolio, .positions, .orders, .approvals, .guards, .reconciliation, .emergency,
  ]
}
