import Foundation
import TestSupport
import Testing

/// A manager of production whose gate is the real one, and everything that it asks for, made by
/// nothing but what we generate: scripts, jobs, and the steps of a workflow. Only the engine
/// answers from recordings, and only people, their authority and their secrets are made up.
struct Circle {
  let manager: Manager

  var folder: TemporaryFolder { manager.folder }

  /// What the gate says, condition by condition.
  struct Report: Decodable {
    struct Condition: Decodable {
      let id: String
      let verdict: String
      let seen: String
    }
    let passes: Bool
    let conditions: [Condition]

    var verdicts: [String: String] {
      Dictionary(conditions.map { ($0.id, $0.verdict) }) { first, _ in first }
    }
  }

  static func production(_ body: (Circle) async throws -> Void) async throws {
    try await Manager.empty { manager in
      let circle = Circle(manager: manager)
      try await circle.prepare()
      try await body(circle)
    }
  }

  /// Asks the gate directly; nothing is deployed.
  func ask(_ kind: String, _ letter: Character) async throws -> Report {
    let record =
      kind == "rollback"
      ? folder.path(of: "state/releases/\(manager.commit(letter))/release.json")
      : try manager.record(letter)
    let output = try await Tool.built(
      "slipway-gate",
      [
        "gate", "prod", "--kind", kind, "--record", record, "--generated", "generated/prod",
        "--state", "state", "--authorities", "people/authority.pem", "--format", "json",
      ], in: folder.path, environment: ["SLIPWAY_METRICS": folder.path(of: "metrics")])
    try #require(output.stdout.hasPrefix("{"), "\(output)")
    return try JSONDecoder().decode(Report.self, from: Data(output.stdout.utf8))
  }

  /// Runs a script with the real gate behind it.
  func run(_ script: String, _ words: [String] = []) async throws -> Manager.Run {
    try await manager.run(script, words, ["SLIPWAY_GATE": folder.path(of: "gate")])
  }

  /// What the gate says while something is not there.
  func without(_ path: String, _ body: () async throws -> Void) async throws {
    let files = FileManager.default
    let place = folder.path(of: path)
    try files.moveItem(atPath: place, toPath: folder.path(of: "aside"))
    try await body()
    try files.moveItem(atPath: folder.path(of: "aside"), toPath: place)
  }

  // MARK: What nobody of ours makes

  private func prepare() async throws {
    let gate = "generated/prod/gate.json"
    let people = try await Tool.script(
      "../Tests/ScriptTests/stand-ins/people", [folder.path(of: "people"), folder.path(of: gate)])
    try #require(people.status == 0, "\(people)")
    // No Vault is here: the same values as files, which is another of the declared sources.
    let text = try folder.read(gate)
    let vault = try Regex(#""source": \{\s*"kind": "vault",\s*"path": "[^"]*"\s*\}"#)
    try #require(text.contains(vault))
    let source = #""source": {"kind": "files", "path": "\#(folder.path(of: "people/secrets"))"}"#
    try folder.write(text.replacing(vault, with: source), to: gate)
    try folder.write(folder.read("people/signers"), to: "state/signers")
    try folder.write(
      """
      #!/bin/sh
      exec "\(buildFolder)/slipway-gate" "$@" \\
        --authorities "\(folder.path(of: "people/authority.pem"))"
      """, to: "gate", executable: true)
    try await prepareCluster(try Expected(folder.read(gate)))
  }

  /// What the engine and the jobs say of a cluster as it is declared.
  private func prepareCluster(_ expected: Expected) async throws {
    try folder.write(expected.nodesAsInspected, to: "world/nodes.json")
    try folder.write(
      expected.nodes.map { "node \($0.name) privileges 1 time 1\n" }.joined(),
      to: "world/said/fact-node")
    let packed = try await Tool.run(
      "busybox", ["sh", "-c", "gzip | base64"],
      input: expected.targets(at: Date.now.formatted(.iso8601)))
    try folder.write(packed.stdout, to: "world/said/fact-targets")
    var said = ""
    for node in expected.nodes where node.labels.contains("edge") {
      let job = try await Tool.run(
        "busybox",
        [
          "env", "NODE=\(node.name)", "sh",
          folder.path(of: "generated/prod/scripts/jobs/fact-certificate.sh"),
          folder.path(of: "people/certificates"),
        ])
      try #require(job.status == 0, "\(job)")
      said += job.stdout
    }
    try folder.write(said, to: "world/said/fact-certificate")
    let now = Date.now.formatted(.iso8601).replacing("-", with: "")
      .replacing(":", with: "")
    let digest = manager.digest("d").dropFirst(7)
    try folder.write(
      "result {\"name\":\"daily-\(now)\",\"digest\":\"\(digest)\",\"bytes\":5}\n",
      to: "world/said/backup")
    try folder.write("verified daily-\(now)\n", to: "world/said/verify")
  }

  // MARK: What CI makes

  /// The reports of a run of the workflow, each sealed by the workflow's own step.
  func report(on letter: Character) async throws {
    try? FileManager.default.removeItem(atPath: folder.path(of: "evidence"))
    func seal(_ artefact: String, _ files: [(String, String)]) async throws {
      for (name, text) in files {
        try folder.write(text, to: "runner/\(artefact)/evidence/\(name)")
      }
      let output = try await Tool.run(
        "busybox",
        [
          "env", "GITHUB_SHA=\(manager.commit(letter))", "GITHUB_RUN_ID=812",
          "GITHUB_JOB=\(artefact)", "bash", "--noprofile", "--norc", "-euo", "pipefail", "-c",
          try Self.sealStep(),
        ], in: folder.path(of: "runner/\(artefact)"))
      try #require(output.status == 0, "\(output)")
      try FileManager.default.createDirectory(
        atPath: folder.path(of: "evidence"), withIntermediateDirectories: true)
      try FileManager.default.moveItem(
        atPath: folder.path(of: "runner/\(artefact)/evidence"),
        toPath: folder.path(of: "evidence/evidence-\(artefact)"))
    }
    try await seal("test", [("beside.xml", Self.tests), ("coverage.json", Self.coverage)])
    try await seal("security", [("trivy.sarif", Self.scan(of: []))])
    try await seal("lint", [("form.json", Self.form)])
    try await seal("leaks", [("leaks.sarif", Self.scan(of: []))])
    for image in ["backend", "console", "postgres"] {
      let name = "registry.example.com/\(image)@\(manager.digest(letter))"
      try await seal("image-flowrex-\(image)", [("trivy.sarif", Self.scan(of: [name]))])
    }
  }

  /// The step's own text, from the committed workflow.
  private static func sealStep() throws -> String {
    let lines = try GeneratedScripts.read("../.github/workflows/deploy.yml")
      .split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0.hasSuffix("- name: Seal the evidence") })
    let text = lines[start...].drop { !$0.hasSuffix("run: |") }.dropFirst()
    return text.prefix { $0.hasPrefix("        ") }.joined(separator: "\n")
  }

  private static let tests = """
    <testsuites><testsuite name="TestResults" errors="0" tests="1" failures="0" skipped="0">
    <testcase classname="RiskTests.CapTests" name="c" time="0.1"/></testsuite></testsuites>
    """

  private static let coverage: String = {
    let files = ["Ledger/Order", "Risk/Caps", "Slipway/Run"].map {
      """
      {"filename": "/build/Sources/\($0).swift", "summary": {"lines": {"count": 10, "covered": 9}}}
      """
    }
    return """
      {"type": "llvm.coverage.json.export", "version": "2.0.1",
       "data": [{"files": [\(files.joined(separator: ", "))], "totals": {}}]}
      """
  }()

  private static let form =
    #"{"checks": [{"name": "swift format", "files": 612, "findings": 0}]}"#

  private static func scan(of images: [String]) -> String {
    let digests = images.map { "\"\($0)\"" }.joined(separator: ", ")
    let about = images.isEmpty ? "" : #", "properties": {"repoDigests": [\#(digests)]}"#
    return """
      {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Trivy", "rules": []}},
       "results": []\(about)}]}
      """
  }

  // MARK: What people sign

  func signOff(on letter: Character) async throws {
    let expected = try Expected(folder.read("generated/prod/gate.json"))
    #expect(expected.roles.count == 8)
    for role in expected.roles {
      let written = try await Tool.built(
        "slipway-gate",
        [
          "sign-off", "prod", "--role", role, "--by", "A. Person", "--commit",
          manager.commit(letter),
        ],
        in: folder.path)
      try #require(written.status == 0, "\(written)")
      try await sign("evidence/sign-offs/\(role).json")
    }
  }

  func sign(_ path: String) async throws {
    let output = try await Tool.run(
      "busybox",
      [
        "env", "ssh-keygen", "-q", "-Y", "sign", "-n", "slipway", "-f",
        folder.path(of: "people/key"), folder.path(of: path),
      ])
    try #require(output.status == 0, "\(output)")
  }

  /// What staging's own scripts wrote when it went the same way, brought here and signed.
  func rehearse() async throws {
    try await Manager.empty("staging") { staging in
      for letter in ["a", "b"] as [Character] {
        let run = try await staging.deploy(letter)
        try #require(run.status == 0, "\(run)")
      }
      let back = try await staging.run("rollback")
      try #require(back.status == 0, "\(back)")
      let folder = "state/rehearsals"
      let names = try FileManager.default.contentsOfDirectory(
        atPath: staging.folder.path(of: folder))
      #expect(names.count == 2)
      for name in names {
        try self.folder.write(staging.folder.read("\(folder)/\(name)"), to: "\(folder)/\(name)")
        try await sign("\(folder)/\(name)")
      }
    }
  }
}

/// What `gate.json` expects of a cluster.
private struct Expected: Decodable {
  struct Node: Decodable {
    let name: String
    let manager: Bool
    let labels: [String]
    let milliCPUs: Int
    let memory: Int
  }
  struct Scrape: Decodable {
    let job: String
    let targets: Int?
  }
  let nodes: [Node]
  let scrapes: [Scrape]
  let roles: [String]

  init(_ text: String) throws {
    self = try JSONDecoder().decode(Expected.self, from: Data(text.utf8))
  }

  var nodesAsInspected: String {
    let nodes = nodes.map { node in
      let labels = node.labels.map { "\"\($0)\": \"true\"" }.joined(separator: ", ")
      return """
        {"ID": "id-\(node.name)", "Spec": {"Labels": {\(labels)}, "Availability": "active",
         "Role": "\(node.manager ? "manager" : "worker")"},
         "Description": {"Hostname": "\(node.name)",
          "Platform": {"Architecture": "x86_64", "OS": "linux"},
          "Resources": {"NanoCPUs": \(node.milliCPUs)000000, "MemoryBytes": \(node.memory)}},
         "Status": {"State": "ready", "Addr": "192.0.2.1"}}
        """
    }
    return "[" + nodes.joined(separator: ",\n") + "]"
  }

  func targets(at moment: String) -> String {
    let targets = scrapes.flatMap { scrape in
      (1...(scrape.targets ?? 1)).map { number in
        """
        {"labels": {"job": "\(scrape.job)", "instance": "\(scrape.job)-\(number):9090"},
         "health": "up", "lastScrape": "\(moment)"}
        """
      }
    }
    return """
      {"status": "success", "data": {"activeTargets": [\(targets.joined(separator: ", "))]}}
      """
  }
}
