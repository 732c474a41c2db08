package import FlowrexAuth
import FlowrexConfiguration
import FlowrexContract
package import FlowrexMetrics
import FlowrexStore
import HTTPTypes
package import Logging
import ServiceContract

/// Signing in, refreshing, signing out. (S04-AUTH-07 … 14, C-02, C-61)
package struct AuthHandlers: Sendable {
  private let auth: AuthService
  private let metrics: MetricRegistry
  private let audit: AuditNotes
  private let crossOrigin: CrossOrigin
  private let cookie: RefreshCookie
  private let logger: Logger

  package init(
    auth: AuthService, metrics: MetricRegistry, audit: AuditNotes, crossOrigin: CrossOrigin,
    cookie: RefreshCookie, logger: Logger
  ) {
    self.auth = auth
    self.metrics = metrics
    self.audit = audit
    self.crossOrigin = crossOrigin
    self.cookie = cookie
    self.logger = logger
  }

  package var all: [RouteHandler] {
    [
      RouteHandler(
        .login,
        OperationDocument(body: .signIn, answer: .tokens, others: [.invalidCredentials]),
        notesItself: true, signIn),
      RouteHandler(
        .refresh, OperationDocument(answer: .tokens, others: [.unauthenticated]),
        notesItself: true, refresh),
      RouteHandler(
        .logout, OperationDocument(status: .noContent), notesItself: true, signOut),
      RouteHandler(.me, OperationDocument(answer: .person), whoAmI),
    ]
  }

  struct SignIn: StrictBody {
    static let fields: Set<String> = ["email", "password"]
    let email: String
    let password: String
  }

  private struct Tokens: Encodable {
    let accessToken: String
    let tokenType = "Bearer"
    let expiresIn: Int

    enum CodingKeys: String, CodingKey {
      case accessToken = "access_token"
      case tokenType = "token_type"
      case expiresIn = "expires_in"
    }
  }

  private struct Person: Encodable {
    let id: String
    let email: String
    let role: String
  }

  @Sendable private func signIn(_ call: Call) async throws -> Answer {
    let body = try call.decoded(SignIn.self)
    do {
      let pair = try await auth.signIn(
        email: body.email, password: body.password,
        from: AddressBlock.network(of: call.address), call.occasion)
      metrics.add(to: Flowrex.logins)
      logger.info(
        "signed in", metadata: ["request_id": "\(call.requestID)", "user": "\(pair.user)"])
      return try answer(pair)
    } catch SignInRefused.failed(let reason, let began) {
      metrics.add(to: Flowrex.loginFailures, .of(\.reason, reason))
      for scope in began { metrics.add(to: Flowrex.lockOuts, .of(\.scope, scope)) }
      // Whom somebody wanted to be stays out of the log: it may be a password. (S04-AUTH-09)
      logger.notice(
        "sign-in failed",
        metadata: [
          "request_id": "\(call.requestID)", "reason": "\(reason.rawValue)",
          "ip_address": "\(call.address)",
          "lock_outs": "\(began.map(\.rawValue).joined(separator: ","))",
        ])
      try await audit.note(
        .signInFailed, call, actor: nil,
        status: ProblemCode.invalidCredentials.status.code, became: reason.rawValue)
      throw Problem(.invalidCredentials)
    }
  }

  /// The cookie alone is not enough: a page of somebody else cannot add the header without being
  /// asked about first, and is then refused. (C-61)
  @Sendable private func refresh(_ call: Call) async throws -> Answer {
    let origin = call.headers[.origin]
    guard call.headers[.requestedWith] != nil, origin.map(crossOrigin.isAllowed) ?? true else {
      throw Problem(.crossSiteRequest)
    }
    guard let token = cookie.value(in: call.headers[values: .cookie]) else {
      throw Problem(.unauthenticated)
    }
    do {
      let pair = try await auth.refresh(token, call.occasion)
      metrics.add(to: Flowrex.tokenRefreshes)
      return try answer(pair)
    } catch let refused as TokenRefused {
      metrics.add(to: Flowrex.tokenRejections, .of(\.reason, refused.fault))
      if refused.fault == .reused {
        metrics.add(to: Flowrex.tokensRevoked)
        logger.warning(
          "a refresh token was used twice, its session is revoked",
          metadata: ["request_id": "\(call.requestID)", "ip_address": "\(call.address)"])
      }
      throw Problem(.unauthenticated, headers: [.setCookie: cookie.cleared])
    }
  }

  @Sendable private func signOut(_ call: Call) async throws -> Answer {
    let caller = try call.caller()
    if try await auth.signOut(caller, call.occasion) { metrics.add(to: Flowrex.tokensRevoked) }
    return Answer(status: .noContent, headers: [.setCookie: cookie.cleared])
  }

  @Sendable private func whoAmI(_ call: Call) async throws -> Answer {
    guard let user = try await auth.person(call.caller()) else {
      throw Problem(.unauthenticated)
    }
    return try .json(Person(id: user.id, email: user.email.text, role: user.role.rawValue))
  }

  private func answer(_ pair: TokenPair) throws -> Answer {
    try .json(
      Tokens(accessToken: pair.access, expiresIn: pair.life.wholeSeconds),
      headers: [.setCookie: cookie.text(pair.refresh)])
  }
}

/// The cookie with the refresh token: for scripts invisible, for other sites not sent. (C-61,
/// S17-VAR-42 … 44)
package struct RefreshCookie: Sendable {
  private let isSecure: Bool
  private let life: Duration

  /// - Parameter isSecure: False on a laptop only, which has no certificate.
  package init(isSecure: Bool, life: Duration) {
    self.isSecure = isSecure
    self.life = life
  }

  package var name: String { isSecure ? "__Secure-flowrex-refresh" : "flowrex-refresh" }

  func text(_ token: String) -> String { made(token, seconds: life.wholeSeconds) }

  var cleared: String { made("", seconds: 0) }

  private func made(_ value: String, seconds: Int) -> String {
    "\(name)=\(value); Path=/api/v1/auth; Max-Age=\(seconds); HttpOnly; SameSite=Strict"
      + (isSecure ? "; Secure" : "")
  }

  /// - Returns: `nil` without the cookie, and with two of them: one was slipped in.
  func value(in headers: [String]) -> String? {
    let values = headers.flatMap { $0.split(separator: ";") }.compactMap { part -> String? in
      let pair = part.drop { $0 == " " }
      guard pair.hasPrefix(name + "=") else { return nil }
      return String(pair.dropFirst(name.count + 1))
    }
    return values.count == 1 ? values.first : nil
  }
}
