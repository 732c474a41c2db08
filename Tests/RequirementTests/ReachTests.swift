import SlipwayDocuments
import TestSupport
import Testing

/// What is watched can be found: on each edge, on each machine, and by people.
struct ReachTests {
  @Test(.covers("C-24", "S18-PROM-08"), arguments: Deployed.all)
  func `each edge has an exporter of its own, on a socket that the two share`(
    environment: Deployed
  ) throws {
    let (edge, exporter) = (
      try environment.service("edge"), try environment.service("nginx-exporter")
    )
    let (one, other) = (edge["deploy"], exporter["deploy"])
    #expect(one?["mode"]?.string == other?["mode"]?.string)
    #expect(one?["replicas"]?.scalarText == other?["replicas"]?.scalarText)
    let constraints = [one, other].map {
      $0?["placement"]?["constraints"]?.list?.compactMap(\.string)
    }
    #expect(constraints[0] == constraints[1])
    let socket = "/run/status/edge.sock"
    let words = exporter["command"]?.list?.compactMap(\.string) ?? []
    #expect(words.contains("--nginx.scrape-uri=unix:\(socket):/stub_status"))
    for service in [edge, exporter] {
      let mounts = service["volumes"]?.list ?? []
      #expect(
        mounts.contains {
          $0["source"]?.string == "edge-status" && $0["target"]?.string == "/run/status"
        })
    }
    let options = try environment.yaml("docker-compose.yml")["volumes"]?["edge-status"]
    #expect(options?["driver_opts"]?["type"]?.string == "tmpfs")
    for file in ["nginx.conf", "bootstrap.conf"] {
      #expect(try environment.text("nginx/\(file)").contains("listen unix:\(socket);"))
    }
  }

  @Test(.covers("S17-ALERT-05"))
  func `one edge of two that is gone is told, and so are both`() throws {
    let alerts = try Deployed.prod.alerts()
    let answering = #"(count(nginx_up{job="nginx"} == 1) or vector(0))"#
    #expect(alerts["EdgeNodesMissing"]?.expression == "\(answering) < 2")
    #expect(alerts["EdgeDown"]?.expression == "\(answering) < 1")
    #expect(
      alerts["NginxTargetsMissing"]?.expression
        == #"(count(up{job="nginx"} == 1) or vector(0)) < 2"#)
    let single = try Deployed.staging.alerts()
    #expect(single["EdgeDown"] != nil && single["EdgeNodesMissing"] == nil)
  }

  @Test(.covers("S18-PROM-05"), arguments: Deployed.depended)
  func `alerts about a machine name it`(environment: Deployed) throws {
    let exporter = try environment.service("node-exporter")
    #expect(exporter["hostname"]?.string == "{{.Node.Hostname}}")
    let words = exporter["command"]?.list?.compactMap(\.string) ?? []
    let excluded = words.first { $0.contains("mount-points-exclude=") }
    #expect(excluded?.contains(#"|etc/(hosts|hostname|resolv\.conf)|"#) == true)
    let alerts = try environment.alerts()
    for name in ["DiskAlmostFull", "MachineMemoryLow"] {
      #expect(
        alerts[name]?.expression.contains(
          "* on (instance) group_left (nodename) node_uname_info <") == true, "\(name)")
    }
    let tests = try environment.text("prometheus/tests/critical.yml")
    #expect(tests.contains("        mountpoint: /\n        nodename: data-1\n"))
    let messages = try environment.text("alertmanager/alertmanager.yml")
    #expect(messages.contains("{{ with or .Labels.nodename .Labels.instance }}"))
  }

  @Test func `only the machines' exporter looks at its machine`() throws {
    for environment in Deployed.depended {
      let binds = try environment.services().flatMap { service in
        (service.value["volumes"]?.list ?? []).filter { $0["type"]?.string == "bind" }.map {
          "\(service.key) \($0["source"]?.string ?? "") \($0["read_only"]?.scalarText ?? "")"
        }
      }
      #expect(binds == ["node-exporter / true"])
    }
  }

  @Test(arguments: Deployed.depended)
  func `links lead to the operations address, and its command stands on the page`(
    environment: Deployed
  ) throws {
    let port = environment == .prod ? 3000 : 3002
    let address = "http://localhost:\(port)"
    #expect(try environment.variables(of: "grafana")["GF_SERVER_ROOT_URL"] == "\(address)/")
    for service in ["prometheus", "alertmanager"] {
      let words = try environment.service(service)["command"]?.list?.compactMap(\.string) ?? []
      #expect(words.contains("--web.external-url=\(address)/\(service)"))
      let gateway = try environment.text("operations/nginx.conf")
      #expect(gateway.contains("location /\(service)/ {"))
    }
    let rules = try environment.text("prometheus/rules/critical.yml")
    #expect(rules.contains("dashboard: \(address)/d/flowrex-"))
    #expect(!rules.contains("dashboard: /"))
    let page = try environment.text("README.md")
    let command = "ssh -t -L \(port):127.0.0.1:\(port) "
    #expect(page.contains(command) && page.contains("/current/scripts/operations"))
    #expect(try generated("runbooks/alerting-broken.md").contains("`scripts/operations`"))
  }

  @Test(.covers("S17-CL-RDY-03", "S03-CL-DOC-04", "S04-DOC-01"), arguments: Deployed.depended)
  func `all that a first release needs stands on one page`(environment: Deployed) throws {
    let page = try environment.text("README.md")
    let start = try #require(page.firstRange(of: "## Before the first release"))
    let section = page[start.lowerBound...]
    let manifest = try environment.text("MANIFEST")
    let timers = manifest.matches(of: /systemd\/([a-z-]+\.timer)/).map { String($0.output.1) }
    #expect(timers.count == 4)
    for timer in timers { #expect(section.contains("systemctl enable --now \(timer)"), "\(timer)") }
    #expect(section.contains("generated/delivery/receive-\(environment.name) /usr/local/sbin/"))
    let secrets = try #require(try environment.yaml("docker-compose.yml")["secrets"]?.map)
    #expect(secrets.count > 20)
    for secret in secrets {
      let name = try #require(secret.value["name"]?.string)
      #expect(section.contains("| `\(name)` |"), "\(name)")
    }
    let order = [
      "no-new-privileges", "docker node update", "/var/lib/flowrex/\(environment.name)",
      "slipway-gate", "docker login", "/signers", "/usr/local/sbin/", "scripts/secrets-check",
      "certificate issue", "systemctl enable",
    ]
    var rest = section
    for word in order {
      let found = try #require(rest.firstRange(of: word), "\(word)")
      rest = rest[found.upperBound...]
    }
  }
}

extension Deployed: Equatable {
  static func == (left: Self, right: Self) -> Bool { left.name == right.name }
}
