import Foundation
import ServiceContract
import SlipwayEvidence
import SlipwayModel
import TestSupport
import Testing

/// Files of facts: read whole, or refused with the reason.
struct FactTests {
  private static let head = #""made": "2026-11-21T11:59:00Z", "source": "edge-1""#
  private static let nodes = """
    {\(head), "nodes": [{"name": "edge-1", "manager": true, "labels": ["edge"], "ready": true,
     "active": true, "milliCPUs": 4000, "memory": 8589934592, "platform": "linux/amd64",
     "noNewPrivileges": true, "timeInSync": false}]}
    """
  private static let targets = """
    {"status": "success", "data": {"activeTargets": [
      {"labels": {"instance": "10.0.0.2:9090", "job": "backend"}, "scrapeUrl": "http://10.0.0.2",
       "lastError": "", "lastScrape": "2026-11-21T11:58:30.123456789Z", "health": "up"},
      {"labels": {"instance": "10.0.0.3:9090", "job": "backend"},
       "lastScrape": "2026-11-21T11:58:40.5+00:00", "health": "down"}],
      "droppedTargets": []}}
    """
  private static let replicas = """
    {\(head), "replicas": [{"service": "a", "node": "n", "healthy": true, "build": "b"},
     {"service": "c", "node": "n", "healthy": false}]}
    """
  private static let schema = """
    {\(head), "applied": "0042", "failed": [], "changed": ["0007"], "serves": ["0041", "0042"]}
    """
  private static let word = """
    {"role": "risk", "by": "A. Person", "environment": "prod", "decision": "approved",
     "commit": "\(Scene.commit)", "made": "2026-11-21T11:00:00Z",
     "expires": "2026-12-01T00:00:00+02:00"}
    """
  private static let rehearsal = """
    {\(head), "kind": "rollback", "commit": "\(Scene.commit)", "to": "\(Scene.before)",
     "environment": "staging", "steps": ["rolled-back"]}
    """
  private static let statement = """
    {"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://shop.example/vex/1",
     "author": "Security", "timestamp": "2026-11-20T00:00:00Z", "version": 1, "statements": [
      {"vulnerability": {"name": "CVE-1", "aliases": ["GHSA-1"]},
       "products": [{"@id": "pkg:oci/shop"}], "status": "not_affected",
       "justification": "component_not_present"}]}
    """

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  /// The service's own words, after `fact` has said who asked and when.
  @Test(.covers("S17-HS-05"))
  func `what the program says of its schema is what the gate reads`() async throws {
    try await withTemporaryFolder { folder in
      let laptop = [
        "ENVIRONMENT": "development", "DATABASE_PATH": folder.path(of: "flowrex.sqlite"),
      ]
      let up = try await Tool.built("flowrex", ["migrate", "up"], environment: laptop)
      #expect(up.status == 0, "\(up)")
      let said = try await Tool.built(
        "flowrex", ["migrate", "status", "--report"], environment: laptop)
      let line = try #require(said.stdout.split(separator: "\n").last { $0.hasPrefix("{") })
      let fact = try SchemaFact.read(bytes("{\(Self.head), " + line.dropFirst())).value
      let version = try await Tool.built("flowrex", ["migrate", "version"])
      #expect(version.stdout == fact.applied + "\n")
      #expect(fact.serves.last == fact.applied && fact.failed == [] && fact.changed == [])
    }
  }

  @Test func `each fact is read as it stands there`() throws {
    let made = PointInTime(seconds: Scene.noon.seconds - 60)
    let nodes = try NodeFact.read(bytes(Self.nodes))
    #expect(nodes.made == made && nodes.source == "edge-1" && nodes.commit == nil)
    #expect(
      nodes.value == [
        NodeFact(
          name: "edge-1", isManager: true, labels: ["edge"], milliCPUs: 4000,
          memory: .gibibytes(8), platform: "linux/amd64", isInTime: false)
      ])
    let targets = try TargetFact.read(bytes(Self.targets))
    #expect(targets.made == PointInTime(seconds: Scene.noon.seconds - 80))
    #expect(targets.value.map(\.isUp) == [true, false])
    let replicas = try ReplicaFact.read(bytes(Self.replicas)).value
    #expect(replicas.map(\.build) == ["b", nil] && replicas.map(\.isHealthy) == [true, false])
    let schema = try SchemaFact.read(bytes(Self.schema)).value
    #expect(schema == SchemaFact(applied: "0042", changed: ["0007"], serves: ["0041", "0042"]))
    let word = try SignOff.read(bytes(Self.word))
    #expect(word.commit == Scene.commit && word.source == "A. Person" && word.value.isApproval)
    #expect(word.value.expires.text == "2026-11-30T22:00:00Z")
    let rehearsal = try Rehearsal.read(bytes(Self.rehearsal))
    #expect(rehearsal.value.to == Scene.before && rehearsal.commit == Scene.commit)
    let vex = try VEXDocument.read(bytes(Self.statement)).statements[0]
    #expect(vex.vulnerabilities == ["CVE-1", "GHSA-1"] && vex.status == .notAffected)
    #expect(vex.made.text == "2026-11-20T00:00:00Z")
  }

  @Test func `torn, garbled and hostile facts are refused and never crash`() {
    expectSturdy(bytes(Self.nodes), NodeFact.read)
    expectSturdy(bytes(Self.targets), TargetFact.read)
    expectSturdy(bytes(Self.replicas), ReplicaFact.read)
    expectSturdy(bytes(Self.schema), SchemaFact.read)
    expectSturdy(bytes(Self.word), SignOff.read)
    expectSturdy(bytes(Self.rehearsal), Rehearsal.read)
    expectSturdy(bytes(Self.statement), VEXDocument.read)
    expectSturdy(bytes(Asking.gate), GateExpectations.read)
  }

  @Test func `what is missing or of another kind is named`() {
    #expect(refusal("{}", NodeFact.read) == "it has no 'nodes'")
    #expect(refusal(#"{"nodes": {}}"#, NodeFact.read) == "its 'nodes' is no list")
    #expect(refusal(#"{"nodes": [3]}"#, NodeFact.read) == "its 'nodes[0]' is no object")
    #expect(
      refusal(Self.nodes.replacing("4000", with: "\"4\""), NodeFact.read)
        == "its 'nodes[0].milliCPUs' is no whole number")
    #expect(
      refusal(Self.nodes.replacing("11:59:00Z", with: "11:59"), NodeFact.read)
        == "its 'made' is no time such as 2026-11-21T10:00:00Z")
    #expect(
      refusal(Self.targets.replacing("success", with: "error"), TargetFact.read)
        == "it is no successful answer of Prometheus")
    #expect(
      refusal(#"{"status": "success", "data": {"activeTargets": []}}"#, TargetFact.read)
        == "it names no target")
    #expect(
      refusal(Self.rehearsal.replacing("\"rollback\"", with: "\"x\""), Rehearsal.read)
        == "its 'kind' is neither rollback nor firstRelease")
    #expect(
      refusal(Self.statement.replacing("component_not_present", with: "no time"), VEXDocument.read)
        == "'CVE-1' is not_affected without a justification")
    #expect(
      refusal(Self.statement.replacing("openvex.dev", with: "other.dev"), VEXDocument.read)
        == "it is no OpenVEX document")
    #expect(
      refusal(Self.statement.replacing("\"not_affected\"", with: "\"fine\""), VEXDocument.read)
        == "the status 'fine' is none")
  }

  @Test func `a backup is dated by its name, its proof by the metric that scripts write`() throws {
    let newest = try BackupFact.readNewest(
      bytes(#"{"name": "daily-20261121T020000Z", "bytes": 1, "digest": "x"}"#))
    #expect(newest.text == "2026-11-21T02:00:00Z")
    #expect(
      refusal(#"{"name": "daily"}"#, BackupFact.readNewest)
        == "its 'name' does not end in the time at which it was made")
    let metric = "shop_backup_last_verified_timestamp_seconds"
    func read(_ text: String) -> String? {
      refusal(text) { bytes throws(ReadingFailure) in try BackupFact.readMetric(bytes, metric) }
    }
    let good = "# TYPE \(metric) gauge\n\(metric){backup=\"logical\"} 1795262400\n"
    #expect(read(good) == nil)
    let none = "it does not hold one sample of '\(metric)'"
    #expect(read("") == none)
    #expect(read(good + good) == none)
    #expect(read("\(metric)_other 1795262400\n") == none)
    #expect(read("\(metric) NaN\n") == none)
    #expect(read("\(metric) -1\n") == none)
  }

  // MARK: Times

  @Test(arguments: [
    "", "2026-11-21", "2026-11-21T12:00:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
    "2026-11-21T24:00:00Z", "2026-11-21T12:00:00+99:00", "1969-12-31T23:59:59Z", "now",
    "2026-11-21T12:00:00Z2026-11-21T12:00:00Z",
  ])
  func `what is no time is none`(text: String) { #expect(PointInTime(text) == nil) }

  @Test func `times are those of everybody else`() throws {
    #expect(Scene.noon.text == "2026-11-21T12:00:00Z")
    for text in [
      "1970-01-01T00:00:00Z", "2000-02-29T23:59:59Z", "2028-02-29T00:00:00Z",
      "2099-12-31T12:34:56Z",
    ] {
      let time = try #require(PointInTime(text))
      #expect(time.text == text)
      let date = try #require(ISO8601DateFormatter().date(from: text))
      #expect(time.seconds == Int(date.timeIntervalSince1970))
    }
    #expect(PointInTime("2026-11-21T14:00:00.999+02:00") == Scene.noon)
  }
}
