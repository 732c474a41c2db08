import ServiceContract
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// The edge before its first certificate: nginx does not start without one, and production may
/// not make one up. (F16, S18-HS-06)
extension NginxEdge {
  var bootstrap: [NginxNode] {
    let http =
      basics + logging + realAddress + [errorFormat, retryAfter(limits: [])] + requestIDVariable
      + bootstrapForwarding + bootstrapHeaders + resolver + challengeUpstream
      + statusServers(isReady: false) + [waitingServer]
    return (process + [.block("http", children: http)]).map { $0.filled(from: [origin]) }
  }

  /// The one upstream of this state wants nothing but the name that was asked for.
  private var bootstrapForwarding: [NginxNode] {
    [
      .directive("proxy_http_version", "1.1"),
      .directive("proxy_connect_timeout", EdgeTime.connect.nginx),
      .directive("proxy_read_timeout", EdgeTime.patience.nginx),
      .directive("proxy_set_header", "Host", "$host"),
      .directive("proxy_set_header", "Connection", ""),
    ]
  }

  /// Any name: the authority asks for the very names that the certificate will be for.
  private var waitingServer: NginxNode {
    .server(
      [
        .directive("listen", String(edge.httpPort), "default_server"),
        .directive("server_name", "_"),
        .directive("error_page", "503", EdgePath.ownPages + "503.$error_format"),
        pagesLocation,
      ] + challengeLocation + [
        .location(["/"], [.directive("return", "503")])
      ], from: certificateOrigin)
  }
}
