import SlipwayDocuments
import TestSupport
import Testing

/// An environment's edge, read from its configuration.
struct Edge {
  let main: [LocatedNginxNode]
  var http: [LocatedNginxNode] { main.first { $0.name == "http" }?.children ?? [] }
  var servers: [LocatedNginxNode] { http.filter { $0.name == "server" } }

  init(_ environment: Deployed) throws {
    main = try NginxReader.read(environment.text("nginx/nginx.conf")).nodes
  }

  /// The public names that are answered over TLS.
  var names: Set<String> {
    let encrypted = servers.filter { server in
      server.children.contains { $0.name == "listen" && $0.arguments.contains("ssl") }
    }
    return Set(
      encrypted.flatMap(\.children).filter { $0.name == "server_name" }.flatMap(\.arguments)
    )
    .subtracting(["_"])
  }

  func location(_ words: String...) -> LocatedNginxNode? {
    servers.flatMap(\.children).first { $0.name == "location" && $0.arguments == words }
  }
}

extension [LocatedNginxNode] {
  /// The arguments of the first directive of this name.
  subscript(name: String) -> [String]? { first { $0.name == name }?.arguments }
}

/// What the documents want to stand in the edge's configuration.
struct EdgeTests {
  private let edge: Edge

  init() throws { edge = try Edge(.prod) }

  @Test(.covers("S18-NGX-01", "S18-NGX-02"))
  func `processes, log and connections are set`() throws {
    #expect(edge.main["worker_processes"] != nil)
    #expect(edge.main["error_log"] == ["stderr", "warn"])
    #expect(edge.main["pid"] == ["/run/edge/nginx.pid"])
    let events = edge.main.first { $0.name == "events" }?.children ?? []
    #expect(events["worker_connections"] == ["4096"])
    #expect(events["use"] == ["epoll"])
    // The container's user is the processes' user.
    #expect(try Deployed.prod.service("edge")["user"]?.string == "101:101")
  }

  @Test(.covers("S18-NGX-04", "S18-NGX-05"))
  func `files, bodies and compression are set`() {
    for name in ["sendfile", "tcp_nopush", "tcp_nodelay", "gzip_vary"] {
      #expect(edge.http[name] == ["on"], "\(name)")
    }
    #expect(edge.http["keepalive_timeout"] == ["65s"])
    #expect(edge.http["types_hash_max_size"] == ["2048"])
    #expect(edge.http["client_max_body_size"] == ["10m"])
    #expect(edge.http["gzip_proxied"] == ["any"])
    #expect(edge.http["gzip_comp_level"] == ["6"])
    #expect(edge.http["gzip_types"]?.count == 7)
  }

  @Test(.covers("S18-NGX-06", "C-07"))
  func `each limit has a zone of 10 MB, by the client's address`() {
    let zones = edge.http.filter { $0.name == "limit_req_zone" }.map(\.arguments)
    let rates = Dictionary(
      uniqueKeysWithValues: zones.map { words in
        (words[1].split(separator: ":").first?.dropFirst("zone=".count) ?? "", words[2])
      })
    #expect(
      rates == [
        "standard": "rate=60r/m", "auth": "rate=5r/m", "orders": "rate=60r/m",
        "admin": "rate=300r/m", "websocket": "rate=600r/m", "pages": "rate=300r/m",
      ])
    for words in zones {
      #expect(words[1].hasSuffix(":10m"))
      let name = words[1].dropFirst("zone=".count).prefix { $0 != ":" }
      #expect(["$binary_remote_addr", "$address_for_\(name)"].contains(words[0]))
    }
  }

  @Test(.covers("S18-NGX-07", "S18-NGX-08", "S18-CL-INF-04", "S03-OPS-04"))
  func `upstreams spread by least connections and drop who is dead`() {
    for (name, server) in [
      ("backend_backend-http", "backend:8000"), ("console_console-http", "console:3000"),
    ] {
      let upstream = edge.http.first { $0.name == "upstream" && $0.arguments == [name] }
      let lines = upstream?.children ?? []
      #expect(lines["least_conn"] == [])
      #expect(lines["server"] == [server, "resolve", "max_fails=3", "fail_timeout=30s"])
      #expect(lines["keepalive"] == ["32"])
    }
  }

  @Test(.covers("S18-NGX-10", "C-70"))
  func `every public name is served with a certificate, over HTTP 2`() throws {
    #expect(edge.names == ["flowrex.app", "www.flowrex.app", "api.flowrex.app"])
    let encrypted = edge.servers.filter { server in
      server.children["listen"]?.contains("ssl") == true
    }
    #expect(encrypted.count == 3)
    #expect(encrypted.allSatisfy { $0.children["http2"] == ["on"] })
    for server in encrypted where server.children["server_name"] != ["_"] {
      #expect(server.children["ssl_certificate"] != nil)
    }
    let hosts = try #require(try Deployed.prod.variables(of: "backend")["TRUSTED_HOSTS"])
    #expect(Set(hosts.split(separator: ",").map(String.init)) == edge.names)
  }

  @Test(.covers("S18-NGX-11", "S04-NET-04"), arguments: Deployed.all)
  func `four suites of TLS 1.2, and 1.3`(environment: Deployed) throws {
    let http = try Edge(environment).http
    #expect(http["ssl_protocols"] == ["TLSv1.2", "TLSv1.3"])
    let suites = try #require(http["ssl_ciphers"]?.first).split(separator: ":")
    #expect(suites.count == 4)
    #expect(suites.allSatisfy { $0.hasPrefix("ECDHE-") && $0.contains("-GCM-") })
  }

  @Test(.covers("S18-NGX-17"))
  func `a socket has its own limit and a day of silence`() throws {
    let socket = try #require(edge.location("=", "/ws")).children
    #expect(socket["limit_req"] == ["zone=websocket", "burst=5", "nodelay"])
    #expect(socket["proxy_read_timeout"] == ["86400s"])
  }

  @Test(.covers("S18-ARCH-01"))
  func `the client's address is believed from the declared proxies only`() {
    let trusted = edge.http.filter { $0.name == "set_real_ip_from" }.flatMap(\.arguments)
    #expect(trusted.count > 10)
    #expect(trusted.allSatisfy { $0.contains("/") && !$0.hasSuffix("/0") })
    #expect(edge.http["real_ip_header"] == ["CF-Connecting-IP"])
  }
}
