package import FlowrexAuth
import FlowrexConfiguration
import FlowrexContract
package import FlowrexLimits
package import FlowrexMetrics
package import HTTPTypes
package import Logging
package import ServiceContract

/// Who may pass to a handler, and how often. (C-07, C-08, S04-AUTH-07, S04-RL-04 … 08)
package struct Gate: Sendable {
  private let auth: AuthService
  /// `nil`: limits are off, which only a laptop may say. (S17-VAR-34)
  private let limiter: (any RateLimiter)?
  /// Decides reads while the limiter cannot. (C-08)
  private let local: any RateLimiter
  private let metrics: MetricRegistry

  package init(
    auth: AuthService, limiter: (any RateLimiter)?, local: any RateLimiter,
    metrics: MetricRegistry
  ) {
    self.auth = auth
    self.limiter = limiter
    self.local = local
    self.metrics = metrics
  }

  /// What passed: who it is, and what the answer says of limits.
  package struct Pass: Sendable {
    package let person: AccessToken?
    package let headers: HTTPFields
  }

  /// - Parameter caller: Is told who it is as soon as a token says so with our signature.
  /// - Throws: The problem that is answered instead.
  package func pass(
    _ route: Route, authorization: String?, address: String, caller: Caller, logger: Logger
  ) async throws -> Pass {
    guard route.auth != .anonymous else {
      let headers = try await limit(route, route.limit, Self.principal(address), logger)
      return Pass(person: nil, headers: headers)
    }
    let person: AccessToken
    do {
      person = try verified(authorization)
    } catch {
      // Guessing tokens is limited like everything else, by address. (S17-RL-05)
      _ = try await limit(route, route.limit, Self.principal(address), logger)
      throw error
    }
    caller.note(person.subject)
    let isAdmin = person.role == .admin
    // Administrators have higher limits where everybody has the standard one. (S04-RL-07)
    let limit = isAdmin && route.limit == .standard ? LimitClass.admin : route.limit
    let headers = try await self.limit(route, limit, "user:\(person.subject)", logger)
    // After the limit: who knocks at doors that are not theirs is limited like everybody.
    guard route.auth == .user || isAdmin else { throw Problem(.forbidden, headers: headers) }
    // Only now somebody is asked: a flood of one person's tokens does not reach the store.
    try await refusing { try await auth.confirm(person) }
    return Pass(person: person, headers: headers)
  }

  /// Who has a whole network of addresses counts as one. (S17-RL-05)
  private static func principal(_ address: String) -> String {
    "address:\(AddressBlock.network(of: address))"
  }

  /// Who a token speaks for by its signature; nobody is asked.
  private func verified(_ authorization: String?) throws -> AccessToken {
    let challenge: HTTPFields = [.wwwAuthenticate: "Bearer"]
    guard let authorization else { throw Problem(.unauthenticated, headers: challenge) }
    let parts = authorization.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else {
      throw Problem(.unauthenticated, headers: challenge)
    }
    do {
      return try auth.verify(String(parts[1]))
    } catch let refused as TokenRefused {
      throw problem(of: refused)
    }
  }

  private func refusing(_ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch let refused as TokenRefused {
      throw problem(of: refused)
    }
  }

  private func problem(of refused: TokenRefused) -> Problem {
    metrics.add(to: Flowrex.tokenRejections, .of(\.reason, refused.fault))
    return Problem(
      .unauthenticated, headers: [.wwwAuthenticate: #"Bearer error="invalid_token""#])
  }

  private func limit(
    _ route: Route, _ limit: LimitClass?, _ principal: String, _ logger: Logger
  ) async throws -> HTTPFields {
    guard let limit, let limiter, let name = LimitClassName(rawValue: limit.name) else {
      return [:]
    }
    let decision: LimitDecision
    do {
      decision = try await limiter.take(limit, principal: principal)
    } catch {
      decision = try await withoutLimiter(route, limit, name, principal, logger)
    }
    let headers = Self.headers(limit, decision)
    guard decision.isAllowed else {
      metrics.add(to: Flowrex.rateLimitedRequests, .of(\.limit, name))
      throw Problem(.rateLimited, headers: headers)
    }
    return headers
  }

  /// Writes and sign-ins are refused when nobody can count them; reads go on with a bucket of this
  /// process. (C-08, S04-RL-04)
  private func withoutLimiter(
    _ route: Route, _ limit: LimitClass, _ name: LimitClassName, _ principal: String,
    _ logger: Logger
  ) async throws -> LimitDecision {
    let isRead = route.method == .get && limit != .auth
    metrics.add(
      to: Flowrex.degradedLimits, .of(\.limit, name), .of(\.decision, isRead ? .local : .closed))
    logger.warning("limits are decided without the shared store")
    guard isRead else {
      throw Problem(.limiterUnavailable, headers: [.retryAfter: "5"])
    }
    return try await local.take(limit, principal: principal)
  }

  /// The draft's fields and those that older clients read. (S04-RL-08)
  private static func headers(_ limit: LimitClass, _ decision: LimitDecision) -> HTTPFields {
    let full = decision.fullAfter.roundedUp
    var headers: HTTPFields = [
      .named("RateLimit-Policy"): "\"\(limit.name)\";q=\(limit.perMinute);w=60",
      .named("RateLimit"): "\"\(limit.name)\";r=\(decision.remaining);t=\(full)",
      .named("X-RateLimit-Limit"): "\(limit.perMinute)",
      .named("X-RateLimit-Remaining"): "\(decision.remaining)",
      .named("X-RateLimit-Reset"): "\(full)",
    ]
    if !decision.isAllowed { headers[.retryAfter] = "\(max(1, decision.retryAfter.roundedUp))" }
    return headers
  }
}

extension Duration {
  /// Whole seconds, rounded up.
  fileprivate var roundedUp: Int64 {
    components.seconds + (components.attoseconds > 0 ? 1 : 0)
  }
}
