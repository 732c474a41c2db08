import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// The small nginx behind the operations address: it runs on a manager for as long as somebody
/// looks, on that machine's loopback alone, and hands on what each part of monitoring answers.
struct NginxOperations: Sendable {
  let environment: ResolvedEnvironment

  init(_ environment: ResolvedEnvironment) { self.environment = environment }

  private var origin: Origin { environment.specification.monitoring.origin.at("reachedBy") }

  var configuration: [NginxNode] {
    let process: [NginxNode] = [
      .directive("worker_processes", "1"),
      .directive("error_log", "stderr", "warn"),
      .directive("pid", "\(EdgePath.runtime)/nginx.pid"),
      .block("events", children: [.directive("worker_connections", "256")]),
    ]
    return (process + [.block("http", children: http)]).map { $0.filled(from: [origin]) }
  }

  private var http: [NginxNode] {
    let folders: [NginxNode] = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
      .directive("\($0)_temp_path", "\(EdgePath.cache)/\($0)")
    }
    let basics: [NginxNode] = [
      .directive("server_tokens", "off"),
      .directive("access_log", "off"),
      // Whoever is sent elsewhere came through another port than the one that nginx knows of.
      .directive("absolute_redirect", "off"),
    ]
    return basics + folders + forwarding + OperationsPart.all.map(upstream) + [
      .server(
        [
          .directive("listen", String(OperationsPart.listens), "default_server"),
          .directive("server_name", "_"),
        ] + OperationsPart.all.map(location))
    ]
  }

  private var forwarding: [NginxNode] {
    [
      .directive("resolver", "127.0.0.11", "valid=1s", "ipv6=off"),
      .directive("resolver_timeout", "2s"),
      .directive("proxy_http_version", "1.1"),
      // Grafana compares the name with the page that asks; whoever looks asked for this one.
      .directive(
        "proxy_set_header", "Host",
        "localhost:\(environment.specification.monitoring.port)"),
      // Long questions of Prometheus are answered within two minutes or not at all.
      .directive("proxy_read_timeout", "130s"),
      .map(
        "$http_upgrade", to: "connection_upgrade", default: "", [("websocket", "upgrade")]),
      .directive("proxy_set_header", "Upgrade", "$http_upgrade"),
      .directive("proxy_set_header", "Connection", "$connection_upgrade"),
    ]
  }

  private func upstream(_ part: OperationsPart) -> NginxNode {
    .block(
      "upstream", part.service,
      children: [
        .directive("zone", part.service, "64k"),
        .directive("server", "\(part.service):\(part.port)", "resolve"),
      ])
  }

  /// With a path behind the name, nginx takes the location's own away.
  private func location(_ part: OperationsPart) -> NginxNode {
    .location([part.path], [.directive("proxy_pass", "http://\(part.service)/")])
  }
}
