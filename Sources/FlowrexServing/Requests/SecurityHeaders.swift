package import HTTPTypes
import ServiceContract

/// What every answer says to a browser, errors and 404 included. (S17-HDR-01 … 09, S04-NET-02 … 08)
package enum SecurityHeaders {
  private static let always: [(HTTPField.Name, String)] = [
    (.xContentTypeOptions, "nosniff"),
    (.named("X-Frame-Options"), "DENY"),
    // Harmless, and looked for by scanners; the policy below is the defence. (C-12)
    (.named("X-XSS-Protection"), "1; mode=block"),
    (.named("Referrer-Policy"), "strict-origin-when-cross-origin"),
    (.named("Permissions-Policy"), "geolocation=(), microphone=(), camera=()"),
    (.named("Cross-Origin-Resource-Policy"), "same-site"),
  ]

  /// Answers are data: nothing in them may load or run anything. (C-13)
  package static let dataPolicy = "default-src 'none'; frame-ancestors 'none'"

  /// - Parameters:
  ///   - isDeployed: Outside a laptop, which has no certificate. (C-14)
  ///   - policy: What the content may load and run.
  package static func add(
    to headers: inout HTTPFields, isDeployed: Bool, policy: String = dataPolicy
  ) {
    headers[.contentSecurityPolicy] = policy
    for (name, value) in always { headers[name] = value }
    if isDeployed {
      headers[.strictTransportSecurity] = "max-age=31536000; includeSubDomains"
    }
    // Balances and tokens stay out of every cache, unless a handler says otherwise.
    if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
  }
}
