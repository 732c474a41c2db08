import SlipwayDocuments
import TestSupport
import Testing

/// What runs, how often, how large, and who may reach it.
struct StackTests {
  @Test(
    .covers(
      "S18-ARCH-03", "S18-ARCH-04", "S18-ARCH-10", "S18-ARCH-11", "S18-ARCH-12", "S18-DC-06",
      "S17-ENV-16", "C-29"))
  func `production runs five back ends, three consoles and two workers, on machines for them`()
    throws
  {
    for (name, count) in [("backend", 5), ("console", 3), ("worker", 2)] {
      let deploy = try #require(try Deployed.prod.service(name)["deploy"])
      #expect(deploy["replicas"]?.integer == count, "\(name)")
      let placement = deploy["placement"]
      #expect(placement?["constraints"]?[0]?.string == "node.labels.app == true")
      #expect(placement?["preferences"]?[0]?["spread"]?.string == "node.id")
    }
  }

  @Test(.covers("S18-DC-07", "S18-DC-13"))
  func `production's back end and console have the sizes of the document`() throws {
    func size(_ name: String, _ kind: String) throws -> [String?] {
      let size = try Deployed.prod.service(name)["deploy"]?["resources"]?[kind]
      return [size?["cpus"]?.scalarText, size?["memory"]?.scalarText]
    }
    #expect(try size("backend", "limits") == ["2", "2G"])
    #expect(try size("backend", "reservations") == ["1", "1G"])
    #expect(try size("console", "limits") == ["1", "1G"])
    #expect(try size("console", "reservations") == ["0.5", "512M"])
  }

  @Test(.covers("S18-HS-09", "S18-DC-17"), arguments: Deployed.all)
  func `every service has a limit and a reservation`(environment: Deployed) throws {
    for service in try environment.services() {
      let resources = service.value["deploy"]?["resources"]
      for kind in ["limits", "reservations"] {
        for part in ["cpus", "memory"] {
          #expect(resources?[kind]?[part]?.scalarText != nil, "\(service.key) has no \(kind)")
        }
      }
    }
  }

  @Test(.covers("S18-DC-09", "S18-DC-14", "S18-DC-17"), arguments: Deployed.all)
  func `every service's log rotates after 10 MB, and three files are kept`(
    environment: Deployed
  ) throws {
    for service in try environment.services() {
      let logging = service.value["logging"]
      #expect(logging?["driver"]?.string == "json-file", "\(service.key)")
      #expect(logging?["options"]?["max-size"]?.scalarText == "10m", "\(service.key)")
      #expect(logging?["options"]?["max-file"]?.scalarText == "3", "\(service.key)")
    }
  }

  @Test(.covers("S18-DC-05", "S18-DC-12", "C-32"), arguments: Deployed.all)
  func `back end and console ask themselves whether they are well`(environment: Deployed) throws {
    for (name, program) in [("backend", "flowrex"), ("console", "flowrex-console")] {
      let check = try #require(try environment.service(name)["healthcheck"])
      let words = check["test"]?.list?.compactMap(\.string)
      #expect(words == ["CMD", program, "healthcheck"])
      let times = ["interval", "timeout", "start_period"].map { check[$0]?.scalarText }
      #expect(times == ["10s", "5s", "40s"])
      #expect(check["retries"]?.integer == 3)
    }
  }

  @Test(
    .covers(
      "S18-DC-04", "S18-DC-11", "S18-DC-15", "S18-ARCH-02", "S18-ARCH-22"),
    arguments: Deployed.depended)
  func `only the edge answers from outside, on 80 and 443`(environment: Deployed) throws {
    for service in try environment.services() {
      let ports = service.value["ports"]?.list?.compactMap { $0["published"]?.integer }
      #expect(ports == (service.key == "edge" ? [80, 443] : nil), "\(service.key)")
    }
    let edge = try environment.service("edge")
    #expect(edge["image"]?.string?.contains(/^docker\.io\/library\/nginx:[0-9.]+@sha256:/) == true)
  }

  @Test(.covers("S18-DC-02", "C-30"), arguments: Deployed.depended)
  func `every image is a digest, or one that the release record names`(
    environment: Deployed
  ) throws {
    for service in try environment.services() {
      let image = try #require(service.value["image"]?.string)
      let isPinned = image.contains(/@sha256:[0-9a-f]{64}$/)
      let isReleased = image.contains(
        /^\$\{FLOWREX_[A-Z]+_IMAGE:\?written by the release record\}$/)
      #expect(isPinned || isReleased, "\(service.key): \(image)")
      #expect(service.value["container_name"] == nil, "\(service.key)")
    }
  }

  @Test(
    .covers("S18-DC-03", "S17-CL-ENV-04", "S03-STEP-01", "S03-STEP-10", "C-16"),
    arguments: Deployed.depended)
  func `the back end gets its secrets as files that only it may read`(
    environment: Deployed
  ) throws {
    let mounts = try #require(try environment.service("backend")["secrets"]?.list)
    let names = mounts.compactMap { $0["source"]?.string }
    for name in ["jwt-secret-key", "database-password", "redis-password"] {
      #expect(names.contains(name), "\(name)")
    }
    for mount in mounts {
      #expect(mount["target"]?.string?.hasPrefix("/run/secrets/") == true)
      #expect(mount["uid"]?.scalarText == "1000")
      #expect(mount["mode"]?.integer == 0o400)
    }
    for service in try environment.services() {
      let told = service.value["environment"]?.map ?? []
      for entry in told where entry.key.contains(/PASSWORD|SECRET_KEY|TOKEN|API_KEY/) {
        #expect(entry.key.hasSuffix("_FILE"), "\(service.key): \(entry.key)")
      }
    }
  }

  @Test(.covers("S18-DC-08", "S18-ARCH-20"), arguments: Deployed.all)
  func `stores stand in a network that leads nowhere, and the edge is not in it`(
    environment: Deployed
  ) throws {
    let networks = try #require(try environment.yaml("docker-compose.yml")["networks"])
    let declared = networks.map?.map(\.key) ?? []
    #expect(networks["data"]?["internal"]?.bool == true || environment.name == "dev")
    for service in try environment.services() {
      let own = service.value["networks"]?.list?.compactMap(\.string) ?? []
      #expect(!own.isEmpty && Set(own).isSubset(of: declared), "\(service.key)")
    }
    func members(_ network: String) throws -> [String] {
      try environment.services().filter {
        $0.value["networks"]?.list?.contains { $0.string == network } == true
      }.map(\.key)
    }
    #expect(!(try members("data")).contains("edge"))
    #expect(!(try members("data")).contains("console"))
    let front = try members("front").filter { $0 != "acme" }
    #expect(Set(front) == ["backend", "console", "edge"])
  }

  @Test(.covers("S18-DC-16"), arguments: Deployed.depended)
  func `the edge has its configuration, its certificates and the authority's questions`(
    environment: Deployed
  ) throws {
    let edge = try environment.service("edge")
    let files = edge["configs"]?.list?.compactMap { $0["target"]?.string } ?? []
    #expect(files.contains("/etc/slipway/nginx/nginx.conf"))
    // Configs of the engine cannot be written to; what is, is in one volume.
    #expect(edge["read_only"]?.bool == true)
    let volumes = edge["volumes"]?.list?.filter { $0["type"]?.string == "volume" } ?? []
    #expect(volumes.compactMap { $0["target"]?.string } == ["/var/lib/edge", "/run/status"])
    let challenge = try Edge(environment).servers.flatMap(\.children).filter {
      $0.arguments.last == "/.well-known/acme-challenge/"
    }
    #expect(challenge.count == 1)
    #expect(challenge.first?.children.first { $0.name == "proxy_pass" } != nil)
  }

  @Test(.covers("S18-DC-18", "S18-ARCH-08"), arguments: Deployed.all)
  func `Prometheus has its configuration, every rule file and a volume`(
    environment: Deployed
  ) throws {
    let prometheus = try environment.service("prometheus")
    #expect(prometheus["image"]?.string?.contains("@sha256:") == true)
    let rules = try #require(
      try environment.yaml("prometheus/prometheus.yml")["rule_files"]?.list
    ).compactMap(\.string)
    #expect(rules.count == 5)
    let mounts =
      (prometheus["configs"]?.list ?? []) + (prometheus["volumes"]?.list ?? [])
    let targets = mounts.compactMap { $0["target"]?.string }
    let isMounted = { (path: String) in
      targets.contains { path == $0 || path.hasPrefix($0 + "/") }
    }
    for file in ["prometheus.yml"] + rules {
      #expect(isMounted("/etc/slipway/prometheus/\(file)"), "\(file)")
    }
    #expect(targets.contains("/prometheus"))
  }

  @Test(.covers("S03-OK-7D-05"), arguments: Deployed.depended)
  func `metrics are kept for more than a week`(environment: Deployed) throws {
    let words = try environment.service("prometheus")["command"]?.list?.compactMap(\.string) ?? []
    let flag = "--storage.tsdb.retention.time="
    let kept = try #require(words.first { $0.hasPrefix(flag) }).dropFirst(flag.count).dropLast()
    #expect(try #require(Int(kept)) >= 7 * 86_400)
  }

  @Test(.covers("S17-ENV-22"), arguments: Deployed.depended)
  func `no service is root, has a capability, or writes beside its volumes`(
    environment: Deployed
  ) throws {
    for service in try environment.services() {
      #expect(service.value["user"]?.string?.hasPrefix("0:") == false, "\(service.key)")
      #expect(service.value["read_only"]?.bool == true, "\(service.key)")
      #expect(service.value["cap_drop"]?.list?.compactMap(\.string) == ["ALL"])
      #expect(service.value["cap_add"] == nil, "\(service.key)")
    }
  }

  @Test(.covers("S17-ENV-09"))
  func `staging has the parts of production, and fewer of each`() throws {
    func parts(_ environment: Deployed) throws -> Set<String> {
      // Copies are numbered; one is enough to have the part.
      Set(try environment.services().map { $0.key.replacing(/-[2-9]$/, with: "-1") })
    }
    #expect(try parts(.staging) == parts(.prod))
    #expect(try Deployed.staging.services().count < Deployed.prod.services().count)
  }

  @Test(.covers("C-62"))
  func `what fails starts again, and what somebody stopped stays stopped`() throws {
    for service in try Deployed.dev.services() {
      #expect(service.value["restart"]?.string == "unless-stopped", "\(service.key)")
    }
    for service in try Deployed.depended.flatMap({ try $0.services() }) {
      // On an engine of many machines a service is stopped by asking for none of it.
      #expect(service.value["restart"] == nil)
      #expect(service.value["deploy"]?["restart_policy"]?["condition"]?.string == "any")
    }
  }

  @Test(.covers("S18-DC-19", "S18-ARCH-08"), arguments: Deployed.all)
  func `Grafana is provisioned, wants a password from a file, and lets nobody sign up`(
    environment: Deployed
  ) throws {
    let grafana = try environment.service("grafana")
    #expect(grafana["image"]?.string?.contains("@sha256:") == true)
    let told = try environment.variables(of: "grafana")
    #expect(told["GF_USERS_ALLOW_SIGN_UP"] == "false")
    #expect(told["GF_AUTH_ANONYMOUS_ENABLED"] == "false")
    #expect(told["GF_SECURITY_ADMIN_PASSWORD__FILE"] == "/run/secrets/grafana-admin-password")
    #expect(told["GF_PATHS_PROVISIONING"] == "/etc/slipway/grafana/provisioning")
  }
}
