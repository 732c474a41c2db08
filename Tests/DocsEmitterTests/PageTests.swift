import ServiceContract
import Slipway
import SlipwayEmitters
import SlipwayModel
import TestSupport
import Testing

/// The page that a reviewer reads first says all that the model says, once.
struct PageTests {
  @Test(arguments: Specimen.allCases)
  func `pages are made without a finding`(specimen: Specimen) throws {
    #expect(try specimen.documented.findings == [])
  }

  @Test(arguments: Specimen.allCases)
  func `the drawing shows every service once`(specimen: Specimen) throws {
    let documented = try specimen.documented
    for environment in documented.environments {
      let lines = try drawing(of: environment, in: documented)
      for service in environment.services {
        let nodes = lines.filter { line in
          line.contains("\"\(service.name)<br/>") && !line.contains("-->")
        }
        #expect(nodes.count == 1, "\(service.name) in \(environment.name)")
      }
    }
  }

  @Test(arguments: Specimen.allCases)
  func `every arrow leads from a node to a node`(specimen: Specimen) throws {
    let documented = try specimen.documented
    for environment in documented.environments {
      let lines = try drawing(of: environment, in: documented).dropFirst()
      let arrows = lines.filter { $0.contains("-->") || $0.contains("-.->") }
      let ids = Set(
        lines.filter { !arrows.contains($0) && $0.contains("(") || $0.contains("[") }
          .map { String($0.drop { $0 == " " }.prefix { $0.isLetter || $0.isNumber || $0 == "_" }) })
      #expect(!arrows.isEmpty)
      for arrow in arrows {
        let ends = arrow.split(separator: " ").map(String.init)
        #expect(ids.contains(ends.first ?? ""), "\(arrow)")
        #expect(ids.contains(ends.last ?? ""), "\(arrow)")
      }
      #expect(Set(arrows).count == arrows.count)
    }
  }

  @Test(arguments: Specimen.allCases)
  func `every job's services and every store are drawn as asked`(specimen: Specimen) throws {
    let documented = try specimen.documented
    for environment in documented.environments {
      let lines = try drawing(of: environment, in: documented)
      for name in environment.scrapes.flatMap(\.services) {
        let id = "s_" + name.replacing("-", with: "_")
        #expect(lines.contains { $0.hasPrefix("  s_prometheus -.->") && $0.hasSuffix(" \(id)") })
      }
    }
  }

  @Test(arguments: Specimen.allCases)
  func `every table has a row for each item of the model`(specimen: Specimen) throws {
    let documented = try specimen.documented
    for environment in documented.environments {
      let text = MarkdownText(try documented.readme(environment))
      func names(_ head: String) -> [String] {
        (text.table(head) ?? []).compactMap { $0.first?.replacing("`", with: "") }
      }
      #expect(names("Service") == environment.services.map(\.name))
      #expect(names("Network") == environment.networks.map(\.name))
      #expect(names("Volume") == environment.volumes.map(\.name))
      #expect(names("Job") == environment.scrapes.map(\.name))
      #expect(names("Node") == environment.nodes.map(\.name))
      #expect(names("Dashboard").count == environment.specification.watches.dashboards.count)
      let secrets = text.table("In the engine") ?? []
      #expect(secrets.map { $0[1] } == environment.secrets.map { "`\($0.key.name)`" })
      let alerts = text.tables.filter { $0.first?.first == "Alert" }
        .flatMap { $0.dropFirst() }.map { $0[0].replacing("`", with: "") }
      #expect(alerts.sorted() == environment.ruleAlerts.map(\.name).sorted())
    }
  }

  @Test(.covers("S18-ARCH-04", "S18-ARCH-14", "S18-DC-06", "S18-DC-07", "S17-VAR-57", "C-19"))
  func `production says what it is`() throws {
    let documented = try Specimen.own.documented
    let environment = try #require(documented.environments.first { $0.stage == .production })
    let text = MarkdownText(try documented.readme(environment))
    let services = try #require(text.table("Service"))
    #expect(
      services.first?.prefix(8) == [
        "`backend`", "`FLOWREX_BACKEND_IMAGE` of the release record", "5", "2 CPU, 2 GiB",
        "1 CPU, 1 GiB", "8000 (the edge), 9090 (monitoring)", "nodes for `app`", "new one first",
      ])
    let backups = try #require(text.table("What", "Value"))
    #expect(backups[1] == ["Kept", "30 days"])
    #expect(backups[2] == ["At most lost (recovery point)", "1 minute"])
    let reservations = try #require(text.table("Where"))
    #expect(
      reservations.last == [
        "spread over nodes for `app`", "8", "7.6 CPU, 7760 MiB", "24 CPU, 48 GiB",
      ])
    #expect(
      text.blocks.contains {
        $0.lines.first == "docker node update --label-add edge=true edge-1"
      })
    #expect(
      text.blocks.last?.lines.last == "sudo systemctl enable --now flowrex-prod-verify-log.timer")
  }

  @Test func `development asks nothing of machines and names no backup`() throws {
    let documented = try Specimen.own.documented
    let environment = try #require(documented.environments.first { $0.stage == .development })
    let text = try documented.readme(environment)
    #expect(text.contains("None are taken"))
    #expect(!text.contains("no-new-privileges"))
    #expect(text.contains("from this machine only"))
    #expect(!text.contains("from everywhere"))
  }

  @Test func `settings and what overrides them are told apart`() throws {
    let documented = try Specimen.own.documented
    let environment = try #require(documented.environments.first { $0.stage == .production })
    let rows = try #require(MarkdownText(try documented.readme(environment)).table("Key", "Value"))
    #expect(rows.contains(["`DATABASE_POOL_SIZE`", "`5`", "`10`", "`worker`"]))
    #expect(rows.contains(["`TRADING_MODE`", "`paper`", "none", "all that read it"]))
  }

  @Test func `only who is told of the copies is drawn as reading them`() throws {
    let documented = try Specimen.own.documented
    let environment = try #require(documented.environments.first { $0.stage == .production })
    let lines = try drawing(of: environment, in: documented)
    #expect(lines.contains { $0.hasPrefix("  s_backend") && $0.hasSuffix("s_postgres_replica_1") })
    #expect(!lines.contains { $0.hasPrefix("  s_worker") && $0.hasSuffix("postgres_replica_1") })
  }

  private func drawing(
    of environment: ResolvedEnvironment, in documented: Documented
  ) throws -> [String] {
    let text = MarkdownText(try documented.readme(environment))
    return try #require(text.blocks.first { $0.language == "mermaid" }).lines
  }
}
