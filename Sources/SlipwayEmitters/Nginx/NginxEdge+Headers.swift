import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// What clients are told, and what upstreams are told.
extension NginxEdge {
  /// For answers that no browser shall show: nothing may be loaded, nobody may frame it. (C-13)
  static let closedPolicy = "default-src 'none'; frame-ancestors 'none'"

  /// For pages: everything from the site itself, no inline code, no `eval`; the same in every
  /// stage, so that a page that breaks it is seen on the developer's machine. (S17-HDR-05, C-13)
  var pagePolicy: String {
    let api = edge.names.api + portSuffix
    let connects = hasOwnAPIName ? "'self' https://\(api) wss://\(api)" : "'self'"
    return [
      "default-src 'self'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
      "font-src 'self' data:", "connect-src \(connects)", "object-src 'none'", "base-uri 'self'",
      "form-action 'self'", "frame-ancestors 'none'",
    ].joined(separator: "; ")
  }

  /// The headers that nginx owns: on every answer, its own errors included. (S17-HDR-01 … 09)
  private var ownHeaders: [(String, String)] {
    var headers = [
      ("X-Content-Type-Options", "nosniff"),
      ("X-Frame-Options", "DENY"),
      // The documents ask for it; the policy below is the defence. (C-12)
      ("X-XSS-Protection", "1; mode=block"),
      ("Content-Security-Policy", "$content_policy"),
      ("Referrer-Policy", "strict-origin-when-cross-origin"),
      ("Permissions-Policy", "geolocation=(), microphone=(), camera=()"),
      ("Cache-Control", "$cache_control"),
      ("X-Request-ID", requestID),
    ]
    // Never in development: browsers would refuse the developer's machine for a year. (C-14)
    if edge.strictTransport {
      headers.insert(("Strict-Transport-Security", "$strict_transport"), at: 0)
    }
    return headers
  }

  /// Stands at the outermost level and nowhere else. An empty value is no header.
  var headers: [NginxNode] {
    let hidden = ownHeaders.map(\.0) + (edge.strictTransport ? [] : ["Strict-Transport-Security"])
    return hidden.map { .directive("proxy_hide_header", $0) }
      + [.directive("proxy_hide_header", "X-Powered-By")]
      + ownHeaders.map { .directive("add_header", $0.0, $0.1, "always") }
      + [
        .directive("add_header", "Retry-After", "$retry_after", "always"),
        .directive("add_header", "Allow", "$allow", "always"),
      ]
  }

  /// The headers of the edge while it waits for its certificate.
  var bootstrapHeaders: [NginxNode] {
    let fixed = ownHeaders.filter { !$0.1.hasPrefix("$") }
    let closed = [
      ("Content-Security-Policy", Self.closedPolicy), ("Cache-Control", "no-store"),
      ("X-Request-ID", requestID), ("Retry-After", "$retry_after"),
    ]
    return (fixed + closed).map { .directive("add_header", $0.0, $0.1, "always") }
  }

  /// How requests go on. The edge is where trust ends: what a client says about its address,
  /// protocol or name is replaced, never passed on. (S18-NGX-15, C-34, N02)
  var forwarding: [NginxNode] {
    let told = [
      ("Host", "$host"), ("X-Real-IP", "$remote_addr"), ("X-Forwarded-For", "$remote_addr"),
      ("X-Forwarded-Proto", "$scheme"), ("X-Forwarded-Host", "$host"),
      ("X-Request-ID", requestID), ("Upgrade", "$upgrade"), ("Connection", "$connection_upgrade"),
      ("Forwarded", ""), ("Proxy", ""),
    ]
    return [
      .directive("proxy_http_version", "1.1"),
      .directive("proxy_connect_timeout", EdgeTime.connect.nginx),
      .directive("proxy_send_timeout", EdgeTime.read(.seconds(10)).nginx),
      .directive("proxy_read_timeout", EdgeTime.read(.seconds(10)).nginx),
      .directive("proxy_buffer_size", "16k"),
      .directive("proxy_buffers", "8", "16k"),
      .directive("proxy_max_temp_file_size", "16m"),
      // nginx never sends a POST or PATCH again once a byte of it has gone out; locations that
      // take PUT or DELETE switch this off.
      .directive("proxy_next_upstream", "error", "timeout"),
      .directive("proxy_next_upstream_tries", "2"),
      .directive("proxy_next_upstream_timeout", EdgeTime.retry.nginx),
    ] + told.map { .directive("proxy_set_header", $0.0, $0.1) }
  }
}
