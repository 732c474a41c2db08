import ServiceContract
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// The small nginx that answers the certificate authority for all edge nodes. (F16)
struct NginxChallenges: Sendable {
  let service: ResolvedService

  /// `nil` where no authority is asked.
  init?(_ environment: ResolvedEnvironment) {
    guard let service = environment.service(PartName.acme) else { return nil }
    self.service = service
  }

  var configuration: [NginxNode] {
    let process: [NginxNode] = [
      .directive("worker_processes", "1"),
      .directive("error_log", "stderr", "warn"),
      .directive("pid", "\(EdgePath.runtime)/nginx.pid"),
      .block("events", children: [.directive("worker_connections", "256")]),
    ]
    return (process + [.block("http", children: http)]).map { $0.filled(from: [service.origin]) }
  }

  private var http: [NginxNode] {
    let folders: [NginxNode] = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
      .directive("\($0)_temp_path", "\(EdgePath.cache)/\($0)")
    }
    return [
      .directive("server_tokens", "off"),
      .directive("access_log", "off"),
      .directive("default_type", "text/plain"),
    ] + folders + [
      .directive("client_header_timeout", "10s"),
      .directive("client_body_timeout", "10s"),
      .directive("client_max_body_size", "1k"),
      .server([
        .directive("listen", service.ports.map { String($0.number) } + ["default_server"]),
        .directive("server_name", "_"),
        .location(
          ["^~", EdgePath.challenge],
          [.directive("root", EdgePath.webroot)]),
        .location(["=", "/healthz"], [.directive("return", "200", "ok\n")]),
        .location(["/"], [.directive("return", "404")]),
      ]),
    ]
  }
}
