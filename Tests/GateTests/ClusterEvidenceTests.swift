import ServiceContract
import SlipwayEvidence
import SlipwayModel
import TestSupport
import Testing

/// What only the cluster knows: nodes, replicas, targets, schema, backups.
struct ClusterEvidenceTests {
  private static let collect = "collect the facts of the cluster"
  private static let recent = PointInTime(seconds: Scene.noon.seconds - 60)

  private static func now<Value>(_ value: Value) -> Sight<Value> {
    .fresh(value, of: .none, at: recent)
  }

  // MARK: Nodes (F2)

  private static let node = NodeExpectation(
    name: "edge-1", isManager: true, labels: ["edge"], milliCPUs: 4000, memory: .gibibytes(8),
    platform: "linux/amd64")
  private static let fact = NodeFact(
    name: "edge-1", isManager: true, labels: ["edge", "extra"], milliCPUs: 4000,
    memory: .mebibytes(7900), platform: "linux/amd64")

  private func nodes(_ sight: Sight<[NodeFact]>) -> Ruling {
    var scene = Scene()
    scene.expectations.nodes = [Self.node]
    scene.evidence.nodes = sight
    return scene.judge(NodesAreFit())
  }

  @Test func `nodes that are what was declared pass`() {
    #expect(
      nodes(Self.now([Self.fact])) == .pass("1 node ready, large enough, labelled and hardened"))
  }

  @Test func `what is wrong with a node is named`() {
    func says(_ change: (inout NodeFact) -> Void) -> String {
      var fact = Self.fact
      change(&fact)
      let ruling = nodes(Self.now([fact]))
      #expect(ruling.verdict == .fail)
      #expect(ruling.fix == "mend the node, then let the facts be collected anew")
      return ruling.seen
    }
    #expect(says { $0.isReady = false } == "'edge-1' takes no work")
    #expect(says { $0.isActive = false } == "'edge-1' takes no work")
    #expect(says { $0.isManager = false } == "'edge-1' is no manager")
    #expect(says { $0.labels = [] } == "'edge-1' lacks the label edge")
    #expect(
      says { $0.milliCPUs = 2000 } == "'edge-1' has 2000 of 4000 thousandths of a CPU")
    #expect(
      says { $0.memory = .gibibytes(4) } == "'edge-1' has 4096 of 8192 MiB of memory")
    #expect(
      says { $0.platform = "linux/arm64" } == "'edge-1' is linux/arm64, not linux/amd64")
    #expect(
      says { $0.keepsPrivileges = false }
        == "'edge-1' lets processes gain privileges (no-new-privileges is not set)")
    #expect(says { $0.isInTime = false } == "'edge-1' has a clock that nobody sets")
    #expect(says { $0.name = "other" } == "'edge-1' is not in the cluster")
  }

  @Test func `facts of an hour ago, and none, prove nothing`() {
    #expect(
      nodes(.fresh([Self.fact], of: .none))
        == .unproven(
          "the report on nodes was made 1 hour ago; it may be 15 minutes old", fix: Self.collect))
    #expect(
      nodes(.missing("the report on nodes is missing: there is no 'nodes.json'"))
        == .unproven(
          "the report on nodes is missing: there is no 'nodes.json'", fix: Self.collect))
    #expect(
      nodes(.unreadable("'nodes.json': it is empty"))
        == .unproven(
          "the report on nodes cannot be used: 'nodes.json': it is empty", fix: Self.collect))
  }

  // MARK: Replicas (S18-HS-01)

  private func replicas(
    _ facts: [ReplicaFact], kind: GateKind = .release, running: Bool = true
  ) -> Ruling {
    var scene = Scene()
    scene.kind = kind
    if !running { scene.running = nil }
    scene.expectations.services = [
      ServiceExpectation(name: "backend", replicas: 2, isOurs: true),
      ServiceExpectation(name: "edge", replicas: nil, isOurs: false),
    ]
    scene.evidence.replicas = Self.now(facts)
    return scene.judge(ReplicasAnswer())
  }
  private static let edge = ReplicaFact(service: "edge", node: "edge-1", build: nil)
  private static func backend(healthy: Bool = true, build: String? = Scene.before) -> ReplicaFact {
    ReplicaFact(service: "backend", node: "app-1", isHealthy: healthy, build: build)
  }
  private static let ill = "see scripts/status; nothing is rolled onto what is ill"

  @Test(.covers("S18-POST-01", "S03-OK-DEP-01", "S03-STEP-14"))
  func `every replica is healthy and of the build that runs`() {
    #expect(
      replicas([Self.backend(), Self.backend(), Self.edge])
        == .pass("3 replicas of 2 services healthy of build bbbbbbbbbbbb"))
  }

  @Test func `one that is ill, missing or of another build is found`() {
    #expect(
      replicas([Self.backend(), Self.backend(healthy: false), Self.edge])
        == .fail("'backend' has 1 healthy of 2 replicas", fix: Self.ill))
    #expect(
      replicas([Self.backend(), Self.backend()])
        == .fail("'edge' has 0 healthy of 1 replica", fix: Self.ill))
    #expect(
      replicas([Self.backend(), Self.backend(build: Scene.commit), Self.edge])
        == .fail("'backend' runs aaaaaaaaaaaa, not bbbbbbbbbbbb", fix: Self.ill))
    #expect(
      replicas([Self.backend(), Self.backend(build: nil), Self.edge])
        == .fail("'backend' runs no build, not bbbbbbbbbbbb", fix: Self.ill))
    #expect(
      replicas([Self.backend(), Self.backend(), Self.edge], running: false)
        == .unproven(
          "no release is recorded here", fix: "the first release has a gate of its own"))
  }

  @Test func `an emergency asks only what the release stands on`() {
    #expect(
      replicas([Self.backend(healthy: false), Self.edge], kind: .rollback)
        == .pass("1 replica of 1 service healthy"))
    #expect(
      replicas([Self.backend(), Self.backend()], kind: .rollback)
        == .fail("'edge' has 0 healthy of 1 replica", fix: Self.ill))
  }

  // MARK: Targets (S18-HS-08)

  private func targets(_ facts: [TargetFact]) -> Ruling {
    var scene = Scene()
    scene.expectations.scrapes = [
      ScrapeExpectation(job: "backend", targets: 2), ScrapeExpectation(job: "node", targets: nil),
    ]
    scene.evidence.targets = Self.now(facts)
    return scene.judge(TargetsAreUp())
  }

  @Test(.covers("S18-CL-MON-01", "S18-POST-03", "S04-LCH-02")) func `every target is up`() {
    let all = [
      TargetFact(job: "backend", instance: "a"), TargetFact(job: "backend", instance: "b"),
      TargetFact(job: "node", instance: "c"),
    ]
    #expect(targets(all) == .pass("3 targets of 2 jobs up"))
    let mend = "what nobody watches is not deployed: mend the target"
    #expect(targets(Array(all.dropFirst())) == .fail("'backend' has 1 of 2 up", fix: mend))
    #expect(targets(Array(all.dropLast())) == .fail("'node' has 0 of 1 up", fix: mend))
    let down = all + [TargetFact(job: "node", instance: "d", isUp: false)]
    #expect(targets(down) == .fail("'node' has 1 of 2 up", fix: mend))
  }

  // MARK: Schema (S17-HS-05)

  private func schema(_ fact: SchemaFact, kind: GateKind = .release) -> Ruling {
    var scene = Scene()
    scene.kind = kind
    scene.expectations.hasSchema = true
    scene.evidence.schema = Self.now(fact)
    return scene.judge(SchemaFits())
  }

  @Test func `the database has the schema of what runs`() {
    #expect(
      schema(SchemaFact(applied: "0041", serves: ["0040", "0041"]))
        == .pass("the schema is '0041', as the release that runs needs it"))
    #expect(
      schema(SchemaFact(applied: "0040", serves: ["0040"]))
        == .fail(
          "the database has the schema '0040', the release that runs needs '0041'",
          fix: "run scripts/migrate with the record of what runs"))
    #expect(
      schema(SchemaFact(applied: "0041", failed: ["0041"], serves: ["0041"]))
        == .fail(
          "a migration began and did not end: 0041",
          fix: "mend the database by the runbook of migrations"))
    #expect(
      schema(SchemaFact(applied: "0041", changed: ["0007"], serves: ["0041"]))
        == .fail(
          "the text of an applied migration is another one now: 0007",
          fix: "put the migration back as it was, and write a new one"))
  }

  @Test func `after a rollback the schema is newer than what runs, and the next release goes out`()
  {
    #expect(
      schema(SchemaFact(applied: "0042", serves: ["0041", "0042"]))
        == .pass("the schema '0042' serves the release that runs, which needs '0041'"))
    #expect(
      schema(SchemaFact(applied: "0042", serves: ["0042"]))
        == .fail(
          "the database has the schema '0042', the release that runs needs '0041'",
          fix: "run scripts/migrate with the record of what runs"))
  }

  @Test func `one goes back only to a release that the schema serves`() {
    #expect(
      schema(SchemaFact(applied: "0043", serves: ["0042", "0043"]), kind: .rollback)
        == .pass("the schema '0043' serves releases of '0042'"))
    #expect(
      schema(SchemaFact(applied: "0044", serves: ["0043", "0044"]), kind: .rollback)
        == .fail(
          "the schema '0044' does not serve releases of schema '0042'",
          fix: "go back to a release that it serves: 0043, 0044"))
  }

  // MARK: Backups (S17-HS-08)

  private func backup(_ newest: Int, _ verified: Int) -> Ruling {
    var scene = Scene()
    scene.expectations.backupMetric = "m"
    scene.evidence.backup = Self.now(
      BackupFact(newest: Scene.ago(hours: newest), verified: Scene.ago(hours: verified)))
    return scene.judge(BackupsAreVerified())
  }

  @Test(.covers("S18-POST-06")) func `a backup of last night was restored`() {
    #expect(
      backup(10, 9)
        == .pass(
          "the newest backup is of 2026-11-21T02:00:00Z, one was restored at 2026-11-21T03:00:00Z"))
    #expect(backup(26, 26).verdict == .pass)
    let fix = "run scripts/backup and scripts/verify-backup"
    #expect(
      backup(27, 2)
        == .fail("the newest backup was made 27 hours ago; 26 hours are allowed", fix: fix))
    #expect(
      backup(2, 48)
        == .fail(
          "a backup was last restored and compared 2 days ago; 26 hours are allowed", fix: fix))
    #expect(
      backup(-2, 1)
        == .unproven(
          "the newest backup was made in the future, at 2026-11-21T14:00:00Z",
          fix: "set the clock of the machine that made it"))
  }
}
