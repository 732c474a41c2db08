import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// The process itself and what holds for every request.
extension NginxEdge {
  private static let connections = 4_096

  /// It runs as an ordinary user in a read-only container: no `user`, and everything that it
  /// writes is in memory. (S18-NGX-01, 02)
  var process: [NginxNode] {
    let size = service.written(.size)
    return [
      // As many as the processors that it may use: `auto` counts the machine's.
      .directive("worker_processes", String(workers), from: size),
      // A connection to a client has another one to an upstream. (N17)
      .directive("worker_rlimit_nofile", String(service.openFilesMax ?? 4 * Self.connections)),
      // Sockets that never end must not outlive a reload or the engine's patience. (F5)
      .directive("worker_shutdown_timeout", (service.stopsWithin - EdgeTime.margin).nginx),
      .directive("error_log", "stderr", "warn"),
      .directive("pid", "\(EdgePath.runtime)/nginx.pid"),
      .block(
        "events",
        children: [
          .directive("worker_connections", String(Self.connections)), .directive("use", "epoll"),
        ]),
    ]
  }

  private var workers: Int {
    let cpus = service.size.limit.cpus
    var (whole, part) = (cpus.mantissa, false)
    for _ in 0..<cpus.scale {
      part = part || whole % 10 != 0
      whole /= 10
    }
    return max(2, Int(whole) + (part ? 1 : 0))
  }

  /// (S18-NGX-04, N17)
  var basics: [NginxNode] {
    var nodes: [NginxNode] = [
      .directive("server_tokens", "off"),
      .block(
        "types",
        children: [
          .directive("text/html", "html"), .directive("application/problem+json", "json"),
        ]),
      .directive("default_type", "text/plain"),
      .directive("types_hash_max_size", "2048"),
      .directive("map_hash_bucket_size", "256"),
      .directive("server_names_hash_bucket_size", "256"),
      // Each location sets what it is; what fails before one is chosen has the strictest policy.
      .directive("uninitialized_variable_warn", "off"),
      .directive("sendfile", "on"),
      .directive("tcp_nopush", "on"),
      .directive("tcp_nodelay", "on"),
      .directive("etag", "off"),
      .directive("absolute_redirect", "off"),
    ]
    for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] {
      nodes.append(.directive("\(kind)_temp_path", "\(EdgePath.cache)/\(kind)"))
    }
    return nodes + [
      .directive("client_header_timeout", "10s"),
      .directive("client_body_timeout", "15s"),
      .directive("send_timeout", "15s"),
      .directive("keepalive_timeout", "65s"),
      .directive("keepalive_requests", "1000"),
      .directive("reset_timedout_connection", "on"),
      .directive("large_client_header_buffers", "4", "8k"),
      .directive("client_body_buffer_size", "16k"),
      .directive(
        "client_max_body_size", edge.bodyMax.nginx, from: [origin.at("bodyMax")]),
    ]
  }

  /// One line of JSON a request; never a query string, for tokens travel in them. (S18-NGX-03)
  var logging: [NginxNode] {
    let fields = [
      ("time", "$time_iso8601"), ("client", "$remote_addr"), ("request_id", requestID),
      ("host", "$host"), ("method", "$request_method"), ("path", "$logged_path"),
      ("protocol", "$server_protocol"), ("tls", "$ssl_protocol"), ("status", "$status"),
      ("bytes", "$body_bytes_sent"), ("agent", "$http_user_agent"), ("rt", "$request_time"),
      ("uct", "$upstream_connect_time"), ("uht", "$upstream_header_time"),
      ("urt", "$upstream_response_time"), ("upstream", "$upstream_addr"),
      ("upstream_status", "$upstream_status"),
    ]
    let words = fields.enumerated().map { index, field in
      let opening = index == 0 ? "{" : ""
      let closing = index == fields.count - 1 ? "}" : ","
      return "\(opening)\"\(field.0)\":\"\(field.1)\"\(closing)"
    }
    return [
      .map(
        "$request_uri", to: "logged_path", default: "",
        [(#"~^(?<path_without_query>[^?]*)"#, "$path_without_query")]),
      .directive("log_format", ["edge", "escape=json"] + words),
      .directive("access_log", "/dev/stdout", "edge"),
    ]
  }

  /// TLS for every secure server. No stapling: the usual authorities have stopped OCSP.
  /// (S18-NGX-11, 12, N10)
  var transport: [NginxNode] {
    let suites = [
      "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256",
      "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384",
    ]
    return [
      .directive("ssl_protocols", "TLSv1.2", "TLSv1.3"),
      .directive("ssl_ciphers", suites.joined(separator: ":")),
      .directive("ssl_prefer_server_ciphers", "off"),
      .directive("ssl_session_cache", "shared:tls:10m"),
      .directive("ssl_session_timeout", "10m"),
      // A ticket's key lives as long as the process: no forward secrecy.
      .directive("ssl_session_tickets", "off"),
    ]
  }

  /// How, not what: only static files are compressed, for an answer that mixes a secret with what
  /// an attacker sent gives the secret away by its size. (S18-NGX-05, BREACH)
  var compression: [NginxNode] {
    [
      .directive("gzip", "off"),
      .directive("gzip_vary", "on"),
      .directive("gzip_proxied", "any"),
      .directive("gzip_comp_level", "6"),
      .directive(
        "gzip_types", "text/css", "text/plain", "text/xml", "application/javascript",
        "text/javascript", "application/json", "image/svg+xml"),
    ]
  }

  /// The client's own address, as far as a proxy that we know says it. (C-34, N05)
  var realAddress: [NginxNode] {
    guard !edge.proxies.ranges.isEmpty else { return [] }
    return edge.proxies.ranges.map {
      .directive("set_real_ip_from", $0, from: proxiesOrigin)
    } + [
      .directive("real_ip_header", edge.proxies.header, from: proxiesOrigin),
      .directive("real_ip_recursive", "on", from: proxiesOrigin),
      .block(
        "geo", "$realip_remote_addr", "$is_trusted_proxy",
        children: [.directive("default", "0")]
          + edge.proxies.ranges.map { .directive($0, "1") }, from: proxiesOrigin),
    ]
  }

  /// The variable that holds the id of a request. (S17-HDR)
  var requestID: String { edge.proxies.ranges.isEmpty ? "$request_id" : "$kept_request_id" }
}
