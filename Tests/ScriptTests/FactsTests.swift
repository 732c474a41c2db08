import Foundation
import ServiceContract
import SlipwayEvidence
import TestSupport
import Testing

/// `scripts/facts`, whose output is what the gate reads. (F2, F3, F10, F14)
struct FactsTests {
  private static let all: Set = [
    "nodes.json", "replicas.json", "migrations.json", "certificates.json", "targets.json",
  ]

  private func names(_ manager: Manager) throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: manager.folder.path(of: "state/facts")))
  }

  private func fact<Value>(
    _ manager: Manager, _ name: String,
    _ read: ([UInt8]) throws(ReadingFailure) -> Evidence<Value>
  ) throws -> Evidence<Value> {
    try read(Array(manager.folder.read("state/facts/\(name).json").utf8))
  }

  @Test func `each gate is told what it asks for, and nothing of an hour ago`() async throws {
    try await Manager.released { manager in
      for (kind, wanted) in [
        ("release", Self.all), ("firstRelease", ["nodes.json"]),
        ("rollback", Self.all.subtracting(["nodes.json", "targets.json"])),
      ] {
        let run = try await manager.run("facts", [kind])
        #expect(run.status == 0 && run.said.isEmpty, "\(run)")
        #expect(try names(manager) == wanted, "\(kind)")
        try manager.expectSilence(run)
      }
      // It asks, and changes nothing.
      #expect(try manager.order().isEmpty)
    }
  }

  @Test func `what is written is what the gate reads`() async throws {
    try await Manager.released { manager in
      _ = try await manager.run("facts", ["release"])
      let nodes = try fact(manager, "nodes", NodeFact.read)
      let node = try #require(nodes.value.first)
      #expect(nodes.value.count == 1 && node.name == "vm" && node.isManager && node.isReady)
      #expect(node.milliCPUs == 2000 && node.platform == "linux/amd64")
      #expect(node.keepsPrivileges && node.isInTime && node.memory.bytes > 1 << 30)
      #expect(!nodes.source.isEmpty)
      let replicas = try fact(manager, "replicas", ReplicaFact.read).value
      let backend = replicas.filter { $0.service == "backend" }
      #expect(backend.count == 5)
      #expect(backend.allSatisfy { $0.isHealthy && $0.build == manager.commit("a") })
      let others = replicas.filter { $0.service == "prometheus" }
      #expect(others.map(\.build) == [nil] && others.map(\.node) == ["vm"])
      let schema = try fact(manager, "migrations", SchemaFact.read).value
      #expect(schema == SchemaFact(applied: "0042", serves: ["0041", "0042"]))
      let edges = try fact(manager, "certificates", CertificateReport.read).value.edges
      #expect(edges.map(\.node) == ["edge-1"] && edges.map(\.chain) == ["chain"])
    }
  }

  @Test func `replicas of two releases are told apart by what they were started from`()
    async throws
  {
    try await Manager.released { manager in
      let run = try await manager.deploy("b")
      try #require(run.status == 0, "\(run)")
      _ = try await manager.run("facts", ["rollback"])
      let replicas = try fact(manager, "replicas", ReplicaFact.read).value
      #expect(
        Set(replicas.filter { $0.service == "console" }.map(\.build)) == [manager.commit("b")])
      try manager.folder.write(
        manager.folder.read("world/stack.json").replacing(
          "console@\(manager.digest("b"))", with: "console@\(manager.digest("a"))"),
        to: "world/stack.json")
      _ = try await manager.run("facts", ["rollback"])
      let mixed = try fact(manager, "replicas", ReplicaFact.read).value
      #expect(
        Set(mixed.filter { $0.service == "console" }.map(\.build)) == [manager.commit("a")])
    }
  }

  @Test(arguments: [
    ("fact-node", "failed", "nodes.json", "what the nodes are"),
    ("fact-node", "one-failed", "nodes.json", "what the nodes are"),
    ("fact-targets", "failed", "targets.json", "what Prometheus reaches"),
    ("fact-migrations", "rejected", "migrations.json", "the schema of the database"),
    (
      "fact-certificate", "one-failed", "certificates.json",
      "the certificates of the edge nodes"
    ),
  ])
  func `what cannot be found out is said and left out, and stops nothing else`(
    job: String, end: String, file: String, what: String
  ) async throws {
    try await Manager.released { manager in
      try manager.folder.write(end, to: "world/faults/job-\(job)")
      let run = try await manager.run("facts", ["release"])
      #expect(run.status == 1, "\(run)")
      #expect(run.said.contains("UNPROVEN: \(what) could not be found out"), "\(run)")
      #expect(try names(manager) == Self.all.subtracting([file]))
    }
  }

  @Test(arguments: [
    ("fact-targets", "", "targets.json"), ("fact-targets", "wget: bad address\n", "targets.json"),
    // {"status":"error"}, packed.
    ("fact-targets", "H4sIAAAAAAACA6tWKi5JLCktVrJSSi0qyi9SqgUAThiniRIAAAA=\n", "targets.json"),
    ("fact-migrations", "", "migrations.json"),
    ("fact-migrations", "{\"level\": \"error\"}\n", "migrations.json"),
    ("fact-migrations", "[1, 2]\napplied\n", "migrations.json"),
  ])
  func `what is no answer is no fact`(job: String, text: String, file: String) async throws {
    try await Manager.released { manager in
      try manager.folder.write(text, to: "world/said/\(job)")
      let run = try await manager.run("facts", ["release"])
      #expect(run.status == 1, "\(run)")
      #expect(try names(manager) == Self.all.subtracting([file]))
    }
  }

  @Test func `a node that did not say what only it knows is not made up for`() async throws {
    try await Manager.released { manager in
      for text in ["", "node other privileges 1 time 1\n", "node vm privileges ? time 1\n"] {
        try manager.folder.write(text, to: "world/said/fact-node")
        let run = try await manager.run("facts", ["firstRelease"])
        #expect(run.status == 0, "\(run)")
        let bytes = Array(try manager.folder.read("state/facts/nodes.json").utf8)
        #expect(throws: ReadingFailure.self) { try NodeFact.read(bytes) }
      }
      try manager.folder.write("node vm privileges 0 time 0\n", to: "world/said/fact-node")
      _ = try await manager.run("facts", ["firstRelease"])
      let node = try fact(manager, "nodes", NodeFact.read).value.first
      #expect(node?.keepsPrivileges == false && node?.isInTime == false)
    }
  }

  @Test func `an engine that does not answer leaves no list of replicas`() async throws {
    try await Manager.released { manager in
      try manager.folder.write("", to: "world/faults/stack-ps")
      let run = try await manager.run("facts", ["release"])
      #expect(run.status == 1)
      #expect(run.said == ["UNPROVEN: which replicas run could not be found out"], "\(run)")
      #expect(try names(manager) == Self.all.subtracting(["replicas.json"]))
    }
  }

  @Test func `a deployment goes on to the gate, which judges what there is`() async throws {
    try await Manager.released { manager in
      try manager.folder.write("failed", to: "world/faults/job-fact-targets")
      let run = try await manager.deploy("b")
      #expect(run.said.contains("UNPROVEN: what Prometheus reaches could not be found out"))
      #expect(run.said.contains("the gate judges what could be found out"))
      #expect(try manager.order().first == "gate prod release")
      #expect(!manager.exists("state/facts/targets.json"))
      // An emergency does not wait for Prometheus, nor for anything else that is ill.
      let back = try await manager.run("rollback")
      #expect(back.status == 0 && !back.said.contains { $0.hasPrefix("UNPROVEN") }, "\(back)")
    }
  }

  // MARK: What the jobs say in their containers

  @Test func `a node says what its engine and its kernel do`() async throws {
    let text = try #require(try GeneratedScripts().texts["jobs/fact-node.sh"])
    // The kernel's flag is set here as an engine sets it for each container.
    for (words, flag) in [(["env"], "0"), (["setpriv", "--no-new-privs", "env"], "1")] {
      let output = try await Tool.run(
        "busybox",
        ["env"] + words + ["NODE=edge-1", "PATH=/usr/bin:/bin", "busybox", "sh", "-c", text])
      #expect(
        output.stdout.wholeMatch(of: /node edge-1 privileges [01] time [01]\n/) != nil,
        "\(output)")
      if flag == "1" { #expect(output.stdout.contains("privileges 1"), "\(output)") }
    }
  }

  @Test(.timeLimit(.minutes(2)))
  func `what a real Prometheus answers comes through the job unharmed`() async throws {
    let text = try #require(try GeneratedScripts().texts["jobs/fact-targets.sh"])
    #expect(text.contains("http://prometheus:9090/api/v1/targets?state=active"))
    try await withTemporaryFolder { folder in
      try folder.write(
        """
        scrape_configs:
        - job_name: prometheus
          scrape_interval: 1s
          static_configs: [{targets: ["127.0.0.1:9090"]}]
        """, to: "prometheus.yml")
      try folder.write(text, to: "job.sh")
      let script = """
        set -u
        ip link set lo up
        cd "$1"
        mkdir bin
        busybox --install -s bin
        # This machine's busybox is linked statically and looks no name up.
        printf '#!/bin/sh\nexec /usr/bin/curl --silent --fail "$6"\n' >ask
        chmod +x ask
        prometheus --config.file=prometheus.yml --storage.tsdb.path=data \
          --web.listen-address=127.0.0.1:9090 >log 2>&1 &
        sed -i "s|http://prometheus:|http://127.0.0.1:|; s|/bin/wget|$1/ask|" job.sh
        for _ in $(busybox seq 200); do
          PATH=$1/bin /bin/sh job.sh 2>>log | base64 -d 2>>log | gunzip >answer 2>>log
          if grep -q '"health":"up"' answer; then break; fi
          sleep 0.2
        done
        kill $!
        cat answer
        """
      let output = try await Tool.run(
        "busybox", ["unshare", "-n", "/bin/sh", "-c", script, "sh", folder.path],
        timeout: .seconds(100))
      let log = try folder.read("log")
      try #require(output.stdout.hasPrefix("{"), "\(output)\n\(log)")
      let targets = try TargetFact.read(Array(output.stdout.utf8))
      #expect(targets.value == [TargetFact(job: "prometheus", instance: "127.0.0.1:9090")])
    }
  }
}
