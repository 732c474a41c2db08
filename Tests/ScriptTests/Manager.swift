import Foundation
import TestSupport
import Testing

/// A manager of one environment: the files that were carried there, and the stand-ins that its
/// scripts meet. Nothing on it is real but the shell, `jq` and `flock`.
struct Manager: Sendable {
  let folder: TemporaryFolder
  let environment: String

  var stack: String { "flowrex-\(environment)" }

  /// The address of the webhook is a credential; it must not be seen anywhere.
  static let webhook = "https://hooks.example.com/canary-webhook"

  /// What the stand-ins are told to do wrong.
  enum Fault: String {
    case gate, gateWaits = "gate-waits", curl, scale, run, compose, busy, interrupt
    case rollBack = "roll-back", neverReady = "never-ready", otherImage = "other-image"
    case stackDeploy = "stack-deploy", serviceCreate = "service-create", stillRuns = "still-runs"
    case backup = "job-backup", base = "job-base", migrate = "job-migrate", verify = "job-verify"
    case restore = "job-restore", restoreToTime = "job-restore-to-time", promote = "job-promote"
    case maintenance = "job-maintenance", certificate = "job-certificate"
    case installCertificate = "job-install-certificate", webroot = "job-webroot"
    case verifyCopy = "job-verify-copy", useRestored = "job-use-restored", accept = "job-accept"
    case settle = "job-settle", settleSchema = "job-settle-schema"
    case verifyLog = "job-verify-log", jobEnd = "job-end"
    case rejoin = "job-rejoin", follows = "job-follows", serviceUpdate = "service-update"
  }

  /// What a script left behind when it ended.
  struct Run: Sendable, CustomStringConvertible {
    let status: Int32
    let stdout: String
    /// Standard error, without the moments that lines begin with.
    let said: [String]

    var description: String {
      "status \(status)\n\(said.joined(separator: "\n"))\n--- stdout\n\(stdout)"
    }

    /// `deployed at cleaning`, from the report that a workflow waits for.
    func verdict() throws -> String {
      let report = try JSONDecoder().decode(Report.self, from: Data(stdout.utf8))
      return "\(report.verdict) at \(report.step)"
    }

    func report() throws -> Report {
      try JSONDecoder().decode(Report.self, from: Data(stdout.utf8))
    }
  }

  struct Report: Decodable {
    struct Service: Decodable {
      let name: String
      let image: String
      let replicas: String
    }
    let environment: String
    let commit: String
    let verdict: String
    let step: String
    let services: [Service]
  }

  /// Runs a script of the environment among the stand-ins.
  func run(
    _ script: String, _ arguments: [String] = [], _ variables: [String: String] = [:]
  ) async throws -> Run {
    let output = try await Tool.script(
      "../Tests/ScriptTests/stand-ins/manager",
      [folder.path, environment, script] + arguments, in: folder.path, environment: variables,
      timeout: .seconds(200))
    let moment = try Regex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z ")
    let said = output.stderr.split(separator: "\n").map { line in
      String(line).replacing(moment, with: "").replacing(folder.path, with: "")
    }
    return Run(status: output.status, stdout: output.stdout, said: said)
  }

  /// A record of the release `letter`: its commit and all digests are made of that letter.
  func record(_ letter: Character) throws -> String {
    let images = ["BACKEND", "CONSOLE", "POSTGRES"].map {
      "\"FLOWREX_\($0)_IMAGE\": \"registry.example.com/\($0.lowercased())@\(digest(letter))\""
    }
    return try folder.write(
      """
      {"commit": "\(commit(letter))", "created": "2026-01-01T00:00:00Z", "schema": "0042",
      "contract": "x", "previous": "", "images": {\(images.joined(separator: ", "))}}
      """, to: "record-\(letter).json")
  }

  func commit(_ letter: Character) -> String { String(repeating: letter, count: 40) }
  func digest(_ letter: Character) -> String {
    "sha256:" + String(repeating: letter, count: 64)
  }

  /// What a person sees of the commit in messages.
  func short(_ letter: Character) -> String { String(repeating: letter, count: 12) }

  func deploy(
    _ letter: Character, _ variables: [String: String] = [:]
  ) async throws -> Run {
    try await run("deploy", [try record(letter)], variables)
  }

  func fault(_ fault: Fault, _ text: String = "") throws {
    try folder.write(text, to: "world/faults/\(fault.rawValue)")
  }

  func repair(_ fault: Fault) throws {
    try FileManager.default.removeItem(atPath: folder.path(of: "world/faults/\(fault.rawValue)"))
  }

  /// Tells the script that runs to end, as a person or a workflow does.
  func interrupt() throws {
    let text = try folder.read("world/pid").split(separator: "\n").first
    let pid = try #require(text.flatMap { Int32($0) })
    try #require(kill(pid, SIGTERM) == 0)
  }

  /// Waits until `line` was done.
  func awaitOrder(_ line: String) async throws {
    for _ in 0..<6_000 {
      if try order().contains(line) { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("'\(line)' was never done: \(try order())")
  }

  /// What was changed, asked from outside, and told, in that order.
  func order() throws -> [String] {
    guard exists("world/order") else { return [] }
    return try folder.read("world/order").split(separator: "\n").map(String.init)
  }

  /// Every call of every program, with all its arguments.
  func calls() throws -> [String] {
    guard exists("world/calls") else { return [] }
    return try folder.read("world/calls").split(separator: "\n").map(String.init)
  }

  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.path(of: name))
  }

  /// The commit that is recorded as `current` or `previous`.
  func recorded(_ name: String) throws -> String? {
    struct Record: Decodable { let commit: String }
    guard exists("state/\(name).json") else { return nil }
    let data = Data(try folder.read("state/\(name).json").utf8)
    return try JSONDecoder().decode(Record.self, from: data).commit
  }

  /// The value of a metric in the folder that the machine's exporter reads.
  func metric(_ file: String) throws -> String? {
    guard exists("metrics/\(file).prom") else { return nil }
    return try folder.read("metrics/\(file).prom").split(separator: "\n").last.map(String.init)
  }

  /// As if it had never been measured here.
  func forgetMetric(_ file: String) throws {
    try FileManager.default.removeItem(atPath: folder.path(of: "metrics/\(file).prom"))
  }

  /// No value of a secret is in an argument, in what was said or in a file that stays.
  func expectSilence(_ run: Run) throws {
    #expect(!run.description.contains("canary"), "\(run)")
    #expect(try calls().allSatisfy { !$0.contains("canary") })
    for (path, text) in try Snapshot(of: folder, "state").texts where path != "state/webhook" {
      #expect(!text.contains("canary"), "\(path)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path(of: "tmp")) == [])
  }
}

extension Manager {
  /// A manager to which `generated/ENVIRONMENT` was just carried.
  static func empty(
    _ environment: String = "prod", _ body: (Manager) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      let manager = Manager(folder: folder, environment: environment)
      try await manager.prepare()
      try await body(manager)
    }
  }

  /// One on which release `a` runs; the stand-ins have forgotten how it came.
  static func released(
    _ environment: String = "prod", _ body: (Manager) async throws -> Void
  ) async throws {
    let release = try #require(releases[environment])
    let snapshot = try await release.value
    try await withTemporaryFolder { folder in
      try await snapshot.restore(to: folder)
      try await body(Manager(folder: folder, environment: environment))
    }
  }

  private static let releases = Dictionary(
    uniqueKeysWithValues: ["prod", "staging"].map { name in
      (name, Task { try await release(name) })
    })

  /// Deployed once for all tests; what follows starts from a copy.
  private static func release(_ environment: String) async throws -> Snapshot {
    try await withTemporaryFolder { folder in
      let manager = Manager(folder: folder, environment: environment)
      try await manager.prepare()
      // Without a certificate: a test that is about one begins with none.
      try manager.fault(.webroot, "failed")
      let run = try await manager.deploy("a")
      try #require(run.status == 0, "\(run)")
      try manager.repair(.webroot)
      for name in ["calls", "order", "addresses"] {
        try FileManager.default.removeItem(atPath: folder.path(of: "world/\(name)"))
      }
      return try Snapshot(of: folder)
    }
  }

  private func prepare() async throws {
    try FileManager.default.createDirectory(
      atPath: folder.path(of: "generated"), withIntermediateDirectories: true)
    // By a child; see ``Snapshot``.
    let copy = try await Tool.program(
      "/bin/cp",
      ["-a", "\(packageRoot)/generated/\(environment)", folder.path(of: "generated")])
    try #require(copy.status == 0, "\(copy)")
    guard environment != "dev" else { return }
    try folder.write(Self.webhook + "\n", to: "state/webhook")
    let compose = try folder.read("generated/\(environment)/docker-compose.yml")
    try folder.write(
      Self.engineSecrets(of: compose).map { $0 + "\n" }.joined(), to: "world/secrets")
    try folder.write(
      """
      result {"name":"\(Self.backup)","digest":"\(digest("d").dropFirst(7))","bytes":5}

      """, to: "world/said/backup")
    try folder.write("tables 2\nverified \(Self.backup)\n", to: "world/said/verify")
    try folder.write("result {\"kind\":\"full\",\"bytes\":7}\n", to: "world/said/base")
    try folder.write("verified the copies\n", to: "world/said/verify-copy")
    try folder.write("migrated\n", to: "world/said/migrate")
    try folder.write(
      Self.spread(of: folder.read("generated/\(environment)/gate.json")), to: "world/spread.json")
    try prepareFacts()
  }

  /// What the jobs say that collect facts.
  private func prepareFacts() throws {
    try folder.write("node vm privileges 1 time 1\n", to: "world/said/fact-node")
    try folder.write(
      """
      {"level": "info", "message": "connected"}
      {"applied": "0042", "failed": [], "changed": [], "serves": ["0041", "0042"]}

      """, to: "world/said/fact-migrations")
    try folder.write(
      "edge edge-1 \(digest("e").dropFirst(7)) \(Data("chain".utf8).base64EncodedString())\n",
      to: "world/said/fact-certificate")
    // {"status":"success","data":{"activeTargets":[]}}, packed by gzip.
    try folder.write(Self.noTargets + "\n", to: "world/said/fact-targets")
  }

  /// How many tasks each service has.
  private static func spread(of gate: String) throws -> String {
    struct Gate: Decodable {
      struct Service: Decodable {
        let name: String
        let replicas: Int?
      }
      let services: [Service]
    }
    let services = try JSONDecoder().decode(Gate.self, from: Data(gate.utf8)).services
    return "{" + services.map { "\"\($0.name)\": \($0.replicas ?? 1)" }.joined(separator: ", ")
      + "}"
  }

  /// The name of the backup that the stand-ins take, whenever they do.
  static let backup = "daily-20260101T020000Z"
  private static let noTargets =
    "H4sIAAAAAAACA6tWKi5JLCktVrJSKi5NTk4tLlbSUUpJLElUsqpWSkwuySxLDUksSk8tAaqIjq2tBQAV"
    + "70v8MAAAAA=="

  /// The names that the stack's file gives its secrets.
  static func engineSecrets(of compose: String) -> [String] {
    let lines = compose.split(separator: "\n")
    guard let start = lines.firstIndex(of: "secrets:") else { return [] }
    return lines[(start + 1)...].prefix { $0.hasPrefix(" ") }
      .filter { $0.hasPrefix("    name: ") }.map { String($0.dropFirst(10)) }
  }
}

/// All files of a folder, to be written again elsewhere.
struct Snapshot: Sendable {
  private struct File {
    let path: String
    let data: Data
    let mode: Int
  }
  private var files: [File] = []
  private var links: [(path: String, target: String)] = []
  private let origin: String

  init(of folder: TemporaryFolder, _ part: String = "") throws {
    origin = folder.path
    let manager = FileManager.default
    let root = part.isEmpty ? folder.path : folder.path(of: part)
    let paths = manager.enumerator(atPath: root)
    while let name = paths?.nextObject() as? String {
      let full = "\(root)/\(name)"
      let path = part.isEmpty ? name : "\(part)/\(name)"
      let attributes = try manager.attributesOfItem(atPath: full)
      switch attributes[.type] as? FileAttributeType {
      case .typeRegular?:
        files.append(
          File(
            path: path, data: try Data(contentsOf: URL(fileURLWithPath: full)),
            mode: (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0o600))
      case .typeSymbolicLink?:
        links.append((path, try manager.destinationOfSymbolicLink(atPath: full)))
      default: break
      }
    }
  }

  var texts: [(path: String, text: String)] {
    files.map { ($0.path, String(decoding: $0.data, as: UTF8.self)) }
  }

  /// A child copies them to their place: a program that this process has just written may still be
  /// open in a child of another test, and could not be run.
  func restore(to folder: TemporaryFolder) async throws {
    try await withTemporaryFolder { staged in
      try write(to: staged, meantFor: folder)
      let copy = try await Tool.program("/bin/cp", ["-a", staged.path + "/.", folder.path])
      try #require(copy.status == 0, "\(copy)")
    }
  }

  private func write(to folder: TemporaryFolder, meantFor place: TemporaryFolder) throws {
    let manager = FileManager.default
    for file in files {
      let path = folder.path(of: file.path)
      try manager.createDirectory(
        atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path,
        withIntermediateDirectories: true)
      guard
        manager.createFile(
          atPath: path, contents: file.data, attributes: [.posixPermissions: file.mode])
      else { throw CocoaError(.fileWriteUnknown) }
    }
    for link in links {
      try manager.createSymbolicLink(
        atPath: folder.path(of: link.path),
        withDestinationPath: link.target.replacing(origin, with: place.path))
    }
  }
}
