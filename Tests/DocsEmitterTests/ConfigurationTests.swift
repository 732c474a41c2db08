import Foundation
import ServiceContract
import Slipway
import SlipwayDocuments
import SlipwayEmitters
import SlipwayModel
import TestSupport
import Testing

/// `.env.example` and the reference say what the contract says, and no more.
struct ConfigurationTests {
  @Test(.covers("S17-VAR-01", "S17-CL-ENV-01", "C-51"), arguments: Specimen.allCases)
  func `the example names every key once, with development's value or the default`(
    specimen: Specimen
  ) throws {
    let documented = try specimen.documented
    let read = try DotenvReader.read(try documented.page(".env.example"))
    let contract = try #require(documented.environments.first).project.contract
    #expect(read.variables.map(\.key).sorted() == contract.keys.map(\.name).sorted())
    let development = try #require(documented.environments.first { $0.stage == .development })
    let stated = development.services.flatMap(\.environment)
    for key in contract.keys {
      let value = stated.first { $0.key == key.name }?.value ?? key.defaultText ?? ""
      #expect(read[key.name]?.literal == value, "\(key.name)")
    }
  }

  @Test(arguments: Specimen.allCases)
  func `python-dotenv reads the same`(specimen: Specimen) async throws {
    let text = try specimen.documented.page(".env.example")
    let program = """
      import dotenv, io, json, sys
      print(json.dumps(dotenv.dotenv_values(stream=io.StringIO(sys.stdin.read()))))
      """
    let output = try await Tool.run("python3", ["-c", program], input: text)
    try #require(output.status == 0 && output.stderr.isEmpty, "\(output)")
    let theirs = try JSONDecoder().decode([String: String].self, from: Data(output.stdout.utf8))
    let ours = try DotenvReader.read(text).variables
    #expect(theirs.count == ours.count)
    for variable in ours { #expect(theirs[variable.key] == variable.literal, "\(variable.key)") }
  }

  @Test(.covers("S17-CL-ENV-03", "S04-AUTH-02"), arguments: Specimen.allCases)
  func `no secret has a value, and each is named`(specimen: Specimen) throws {
    let documented = try specimen.documented
    let text = try documented.page(".env.example")
    let contract = try #require(documented.environments.first).project.contract
    for secret in contract.secrets {
      #expect(text.contains("# \(secret.name) in file \(secret.fileName):"))
      for (path, page) in documented.pages {
        #expect(!page.contains("\(secret.name)="), "\(path)")
      }
    }
  }

  @Test(arguments: Specimen.allCases)
  func `comments stand on lines of their own`(specimen: Specimen) throws {
    for line in try specimen.documented.page(".env.example").split(separator: "\n") {
      #expect(line.hasPrefix("#") || !line.contains("#"), "\(line)")
    }
  }

  @Test(.covers("S04-DOC-02", "S04-DOC-07"), arguments: Specimen.allCases)
  func `the reference has a row for everything that the contract declares`(
    specimen: Specimen
  ) throws {
    let documented = try specimen.documented
    let page = try documented.page("generated/configuration.md")
    let text = MarkdownText(page)
    let contract = try #require(documented.environments.first).project.contract
    func names(_ head: String, _ column: Int = 0) -> [String] {
      text.tables.filter { $0.first?.first == head }.flatMap { $0.dropFirst() }
        .map { $0[column].replacing("`", with: "") }
    }
    #expect(names("Key").sorted() == contract.keys.map(\.name).sorted())
    #expect(names("Secret").starts(with: contract.secrets.map(\.name)))
    #expect(names("Method", 1) == contract.routes.map(\.path))
    #expect(names("Method") == contract.routes.map(\.method.rawValue))
    #expect(names("Limit") == contract.limits.map(\.name))
    #expect(names("Port") == contract.ports.map(\.name))
    #expect(names("Cap") == contract.caps.map(\.name))
    #expect(names("Metric") == contract.metrics.map(\.name))
    for label in contract.metrics.flatMap(\.labels) {
      for value in label.values ?? [] { #expect(page.contains("`\(value)`")) }
    }
  }

  @Test func `each key says what changes it, in words of an environment's file`() throws {
    let text = MarkdownText(try Specimen.own.documented.page("generated/configuration.md"))
    let tables = text.tables.filter { $0.first?.first == "Key" }
    #expect(!tables.isEmpty)
    for table in tables {
      #expect(table.first == ["Key", "Type", "Default", "Changed by", "What it is"])
      for row in table.dropFirst() {
        #expect(row[3] != "" && row[3] != "–", "\(row)")
        // What has a default can be overridden, and nothing else can.
        #expect((row[2] == "–") == (row[3] != "`overriding:`"), "\(row)")
      }
    }
    let rows = tables.flatMap { $0.dropFirst() }
    let changes = Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[3]) })
    #expect(changes["`LOG_LEVEL`"] == "`overriding:`")
    #expect(changes["`TRADING_MODE`"] == "`trading:` of `configuration:`")
    #expect(changes["`TRUSTED_HOSTS`"] == "`names:` of `edge:`")
    #expect(changes["`CACHE_PREFIX`"] == "the environment's name")
    #expect(changes["`APP_COMMIT`"] == "the build")
    #expect(changes["`DATABASE_ENGINE`"] == "the stage")
  }

  @Test(.covers("S17-CL-ENV-03")) func `secrets say how strong, how old and read by whom`() throws {
    let text = MarkdownText(try Specimen.own.documented.page("generated/configuration.md"))
    let rows = try #require(text.table("Secret"))
    let password = try #require(rows.first { $0[0] == "`DATABASE_READER_PASSWORD`" })
    #expect(
      password.prefix(5) == [
        "`DATABASE_READER_PASSWORD`", "random text", "128 bits", "90 days",
        "`backend`, `postgres-primary`, `postgres-replica-1`, `postgres-replica-2`",
      ])
  }
}

/// What differs, and nothing else.
struct DifferencesTests {
  @Test(arguments: Specimen.allCases)
  func `in every row at least two environments disagree`(specimen: Specimen) throws {
    let documented = try specimen.documented
    let text = MarkdownText(try documented.page("generated/DIFFERENCES.md"))
    let names = documented.environments.map(\.name)
    #expect(text.tables.count == 5)
    for table in text.tables {
      #expect(table.first == ["What"] + names)
      for row in table.dropFirst() { #expect(Set(row.dropFirst()).count > 1, "\(row)") }
    }
  }

  @Test(.covers("C-03", "S17-ALERT-02", "S17-ENV-03"))
  func `replicas, settings, thresholds and secrets are compared`() throws {
    let page = try Specimen.own.documented.page("generated/DIFFERENCES.md")
    for row in [
      "| Nodes | 1 | 1 | 8 |",
      "| `TRADING_MODE` | `simulated` | `paper` | `paper` |",
      "| `DATABASE_POOL_SIZE` of `worker` | `10` | `10` | `5` |",
      "| `PAGERDUTY_ROUTING_KEY` | – | – | version 1 |",
    ] {
      #expect(page.contains(row), "\(row)")
    }
    let rows = MarkdownText(page).tables.flatMap { $0 }
    let errors = try #require(rows.first { $0[0] == "`HighErrorRate`" })
    #expect(
      errors.dropFirst() == [
        "critical, for 5 minutes, `… > 0.01`", "critical, for 5 minutes, `… > 0.05`",
        "critical, for 5 minutes, `… > 0.01`",
      ])
    let backend = try #require(rows.first { $0[0] == "`backend`" })
    #expect(backend[3] == "5 × 2 CPU, 2 GiB; free 1 CPU, 1 GiB")
    #expect(!rows.contains { $0[0] == "`DatabaseDown`" })
  }
}
