import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// The upstreams and the servers.
extension NginxEdge {
  /// The engine's own name server. A replica that is going away leaves it two seconds before its
  /// signal, so one second is what may be believed. (F9, N09)
  var resolver: [NginxNode] {
    [
      .directive("resolver", "127.0.0.11", "valid=1s", "ipv6=off"),
      .directive("resolver_timeout", "2s"),
    ]
  }

  /// (S18-NGX-07, 08, C-34)
  var upstreams: [NginxNode] {
    edge.upstreams.map {
      upstream($0.name, $0.service, $0.port, from: origins(of: $0))
    } + challengeUpstream
  }

  var challengeUpstream: [NginxNode] {
    guard let challenges, let port = challenges.ports.first else { return [] }
    return [upstream(challenges.name, challenges.name, port.number, from: certificateOrigin)]
  }

  private func upstream(
    _ name: String, _ service: String, _ port: Int, from origins: [Origin]
  ) -> NginxNode {
    .block(
      "upstream", name,
      children: [
        .directive("zone", name, "256k"),
        .directive("least_conn"),
        .directive("server", "\(service):\(port)", "resolve", "max_fails=3", "fail_timeout=30s"),
        .directive("keepalive", "32"),
        // Before the service's own patience ends, so that nobody writes into a closed connection.
        .directive("keepalive_timeout", "30s"),
      ], from: origins)
  }

  /// Health on a port that is never published; counters on a socket that only the exporter of the
  /// same machine reaches. (N15)
  func statusServers(isReady: Bool) -> [NginxNode] {
    let health: [NginxNode] =
      // Waiting for a certificate is healthy; having one that nginx refuses is not, so that the
      // roll that brought it is taken back. (F11)
      (isReady ? [] : [.refuse(503, if: ["-f", EdgePath.refused])])
      + [.directive("return", "200", "ok\n")]
    let status: [NginxNode] = [
      .directive("server_name", "edge"), .directive("access_log", "off"),
    ]
    let nothing = NginxNode.location(["/"], [.directive("return", "404")])
    return [
      .server(
        [.directive("listen", String(Resolver.EdgePort.status))] + status
          + [.location(["=", "/healthz"], health), nothing]),
      .server(
        [.directive("listen", "unix:\(Resolver.EdgeStatus.socket)")] + status + [
          .location(
            ["=", Resolver.EdgeStatus.page], [.directive("include", EdgePath.counters)]),
          nothing,
        ]),
    ]
  }

  /// In a file of its own: builds for tests lack the module that the official image has.
  var counters: [NginxNode] { [.directive("stub_status", from: [origin])] }

  /// Port 80: the authority's questions, and the way to the secure side. (S18-NGX-09, N08)
  var insecureServers: [NginxNode] {
    let listen = String(edge.httpPort)
    return [
      .server(
        [
          .directive("listen", listen, "default_server"),
          .directive("server_name", "_"),
          // Closes the connection without a word.
          .directive("return", "444"),
        ], from: namesOrigin),
      .server(
        [
          .directive("listen", listen),
          .directive("server_name", edge.names.all),
        ] + challengeLocation + [
          .location(
            ["/"],
            [.directive("return", "301", "https://$host\(portSuffix)$request_uri")])
        ], from: namesOrigin),
    ]
  }

  /// Proxied, for the authority may ask any edge node. (F16)
  var challengeLocation: [NginxNode] {
    guard let challenges else { return [] }
    return [
      .location(
        ["^~", EdgePath.challenge],
        [.directive("proxy_pass", "http://\(challenges.name)")], from: certificateOrigin)
    ]
  }

  /// Port 443: nobody's names, other names of the site, the site. (S18-NGX-10, C-70)
  var secureServers: [NginxNode] {
    var servers = [unknownNames]
    if !edge.names.also.isEmpty { servers.append(otherNames) }
    return servers + [siteServer]
  }

  private var secureListen: [NginxNode] {
    [
      .directive("listen", String(edge.httpsPort), "ssl"), .directive("http2", "on"),
    ]
  }

  private var certificate: [NginxNode] {
    [
      .directive("ssl_certificate", EdgePath.certificate, from: certificateOrigin),
      .directive("ssl_certificate_key", EdgePath.key, from: certificateOrigin),
    ]
  }

  /// No handshake for a name that is not ours; and if only the request names another, 421. (N08)
  private var unknownNames: NginxNode {
    .server(
      [
        .directive("listen", String(edge.httpsPort), "ssl", "default_server"),
        .directive("http2", "on"),
        .directive("server_name", "_"),
        .directive("ssl_reject_handshake", "on"),
        .location(["/"], [.directive("return", "421")]),
      ], from: namesOrigin)
  }

  private var otherNames: NginxNode {
    .server(
      secureListen + [.directive("server_name", edge.names.also)] + certificate + [
        .directive("return", "301", "https://\(edge.names.site)\(portSuffix)$request_uri")
      ], from: namesOrigin)
  }

  private var siteServer: NginxNode {
    let names = hasOwnAPIName ? [edge.names.site, edge.names.api] : [edge.names.site]
    return .server(
      secureListen + [.directive("server_name", names, from: namesOrigin)] + certificate
        + errorPages + closing + locations)
  }

  /// The edge's own errors, in the form that the client asked for.
  private var errorPages: [NginxNode] {
    EdgePages.statuses.map {
      .directive("error_page", String($0), EdgePath.ownPages + "\($0).$error_format")
    }
  }

  /// Maintenance closes what is not health, without a reload. (C-55)
  private var closing: [NginxNode] {
    [
      .set("maintenance", "off"),
      .when(["-f", EdgePath.maintenance], [.set("maintenance", "on")]),
      .refuse(503, if: ["$is_closed"]),
    ]
  }

  /// Reached by ``errorPages`` only.
  var pagesLocation: NginxNode {
    .location(
      ["^~", EdgePath.ownPages],
      [.directive("internal"), .directive("alias", EdgePath.pages)])
  }
}
