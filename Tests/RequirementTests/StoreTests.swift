import SlipwayDocuments
import TestSupport
import Testing

/// PostgreSQL, Redis and what is kept of them.
struct StoreTests {
  @Test(.covers("S17-ENV-17", "S18-ARCH-05", "S18-ARCH-13", "S18-CL-INF-06", "C-04"))
  func `production's database is PostgreSQL 16 with two replicas on other machines`() throws {
    let services = try Deployed.prod.services().filter {
      $0.key.hasPrefix("postgres-") && !$0.key.contains("exporter")
    }
    #expect(
      services.map(\.key) == ["postgres-primary", "postgres-replica-1", "postgres-replica-2"])
    let nodes = services.map {
      $0.value["deploy"]?["placement"]?["constraints"]?[0]?.string ?? ""
    }
    #expect(Set(nodes).count == 3, "\(nodes)")
    let image = try DockerfileReader.read(generated("docker/flowrex-postgres.Dockerfile"))
    let base = try #require(image.instructions.first { $0.keyword == "FROM" })
    guard case .words(let words) = base.arguments else {
      Issue.record("\(base)")
      return
    }
    #expect(words[0].hasPrefix("docker.io/library/postgres:16."))
  }

  @Test(.covers("S18-ARCH-15", "C-19", "S04-BKP-08"), arguments: Deployed.depended)
  func `changes are archived within a minute, so that any moment can be restored`(
    environment: Deployed
  ) throws {
    let settings = try environment.settings("postgres/postgresql.conf")
    #expect(settings["archive_mode"] == ["on"])
    #expect(settings["wal_level"] == ["replica"])
    #expect(settings["archive_timeout"] == ["60s"])
    #expect(settings["archive_command"]?.first?.hasSuffix(" archive-push %p") == true)
    #expect(try environment.text("scripts/restore-to-time").hasPrefix("#!"))
  }

  @Test(
    .covers(
      "S17-VAR-56", "S17-VAR-57", "S17-VAR-58", "S18-ARCH-14", "S04-BKP-01",
      "S04-BKP-03", "S04-DB-07", "S03-OPS-07", "C-18"))
  func `a backup is taken at 02 UTC, encrypted, kept for 30 days, and restored as its proof`()
    throws
  {
    func timer(_ name: String) throws -> String {
      try Deployed.prod.text("systemd/flowrex-prod-\(name).timer")
    }
    #expect(try timer("backup").contains("\nOnCalendar=*-*-* 02:00:00 UTC\n"))
    #expect(try timer("verify-backup").contains("\nOnCalendar=*-*-* 04:00:00 UTC\n"))
    let settings = try Deployed.prod.settings("postgres/pgbackrest.conf")
    #expect(settings["repo1-s3-bucket"] == ["flowrex-prod-backups"])
    #expect(settings["repo1-cipher-type"] == ["aes-256-cbc"])
    #expect(settings["repo1-retention-full-type"] == ["time"])
    #expect(settings["repo1-retention-full"] == ["30"])
  }

  @Test(.covers("S18-24H-08"), arguments: Deployed.depended)
  func `the certificate is renewed by a timer`(environment: Deployed) throws {
    let name = "systemd/flowrex-\(environment.name)-certificate"
    #expect(try environment.text("\(name).timer").contains("\nOnCalendar="))
    #expect(try environment.text("\(name).service").contains("scripts/certificate renew"))
  }

  @Test(
    .covers(
      "S17-ENV-18", "S17-ENV-11", "S18-ARCH-16", "S18-CL-INF-07", "S04-DB-01", "C-38"),
    arguments: Deployed.depended)
  func `what may not be forgotten is written as snapshots and as a log`(
    environment: Deployed
  ) throws {
    let settings = try environment.settings("redis-state/redis.conf")
    #expect(settings["appendonly"] == ["yes"])
    #expect(settings["save"] == ["900 1 300 100 60 10000"])
    #expect(settings["dir"] == ["/data"])
    let mounts = try environment.service("redis-state")["volumes"]?.list ?? []
    #expect(mounts.contains { $0["type"]?.string == "volume" && $0["target"]?.string == "/data" })
  }

  @Test(.covers("C-37", "S18-ARCH-06"), arguments: Deployed.all)
  func `cache and state are two servers, and nothing empties either`(environment: Deployed) throws {
    let cache = try environment.settings("redis-cache/redis.conf")
    let state = try environment.settings("redis-state/redis.conf")
    #expect(cache["maxmemory-policy"] == ["allkeys-lru"])
    #expect(state["maxmemory-policy"] == ["noeviction"])
    for settings in [cache, state] {
      let gone = settings["rename-command"] ?? []
      for command in ["FLUSHALL", "FLUSHDB", "KEYS"] { #expect(gone.contains("\(command) \"\"")) }
    }
    for store in ["redis-cache", "redis-state"] {
      let image = try #require(try environment.service(store)["image"]?.string)
      #expect(image.hasPrefix("docker.io/library/redis:7."))
    }
  }

  @Test(.covers("S04-DB-02"), arguments: Deployed.all)
  func `Redis' memory stays under its container's limit`(environment: Deployed) throws {
    for store in ["redis-cache", "redis-state"] {
      let settings = try environment.settings("\(store)/redis.conf")
      let most = try #require(Int(settings["maxmemory"]?.first ?? ""))
      let limits = try environment.service(store)["deploy"]?["resources"]?["limits"]
      #expect(try most < mebibytes(limits?["memory"]?.string) << 20)
    }
  }

  @Test(.covers("S04-RL-01", "S04-RL-02", "S03-STEP-12", "C-38"), arguments: Deployed.all)
  func `Redis wants a password, and nobody outside reaches it`(environment: Deployed) throws {
    for store in ["redis-cache", "redis-state"] {
      let settings = try environment.settings("\(store)/redis.conf")
      #expect(settings["protected-mode"] == ["yes"])
      #expect(settings["include"]?.first?.contains("password") == true)
      let service = try environment.service(store)
      #expect(service["ports"] == nil)
      #expect(service["networks"]?.list?.compactMap(\.string) == ["data"])
    }
  }

  @Test(.covers("S03-STEP-13"), arguments: Deployed.all)
  func `every store keeps its data in a declared volume`(environment: Deployed) throws {
    let declared = try environment.yaml("docker-compose.yml")["volumes"]?.map?.map(\.key) ?? []
    for store in ["postgres-primary", "redis-cache", "redis-state", "prometheus", "grafana"] {
      let mounts = try environment.service(store)["volumes"]?.list ?? []
      let named = mounts.filter { $0["type"]?.string == "volume" }
        .compactMap { $0["source"]?.string }
      #expect(!named.isEmpty && Set(named).isSubset(of: declared), "\(store)")
    }
  }
}
