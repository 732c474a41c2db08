import Foundation
import TestSupport
import Testing

/// The smaller scripts: doors, certificates, secrets, what runs, and a developer's machine.
struct OperationTests {
  @Test(.covers("S18-EMG-04", "S18-EMG-05", "S04-RBK-01", "C-55"), arguments: ["on", "off"])
  func `the doors are closed and opened at every edge node`(word: String) async throws {
    try await Manager.released { manager in
      let run = try await manager.run("maintenance", [word])
      #expect(run.status == 0, "\(run)")
      #expect(
        try manager.order() == [
          "job maintenance", "end maintenance",
          "tell [Flowrex prod] success: maintenance is \(word)",
        ])
      let words = try manager.folder.read("world/jobs/maintenance").split(separator: "\n")
      #expect(words.contains("global-job") && words.contains("node.labels.edge == true"))
      // It is the very file that nginx looks for.
      let nginx = try manager.folder.read("generated/prod/nginx/nginx.conf")
      let flag = "/var/lib/edge/maintenance"
      #expect(nginx.contains("(-f \(flag))") || nginx.contains("-f \(flag)"))
      #expect(words.last == (word == "on" ? "touch \(flag)" : "rm -f \(flag)"))
    }
  }

  @Test func `one edge node that did not take it is a failure`() async throws {
    try await Manager.released { manager in
      try manager.fault(.maintenance, "one-failed")
      let run = try await manager.run("maintenance", ["on"])
      #expect(run.status == 1)
      #expect(run.said.last == "error: not every edge node took it")
      #expect(try manager.order() == ["job maintenance", "end maintenance"])
    }
  }

  @Test func `a certificate goes from its node to every edge node and is seen by nobody`()
    async throws
  {
    try await Manager.released { manager in
      let run = try await manager.run("certificate", ["issue"])
      #expect(run.status == 0, "\(run)")
      var order = try manager.order()
      // One writes into the other: which of the two is seen first is the machine's business.
      order[2...3].sort()
      #expect(
        order == [
          "job certificate", "end certificate", "run flowrex.app.key", "secret create",
          "job install-certificate", "end install-certificate",
          "tell [Flowrex prod] success: every edge node has the certificate", "secret rm",
        ])
      #expect(try manager.folder.read("world/bundle") == "canary-certificate-and-key")
      #expect(manager.exists("state/certificate"))
      let words = try manager.folder.read("world/jobs/certificate").split(separator: "\n")
      #expect(words.contains("run") && words.contains("flowrex.app"))
      try manager.expectSilence(run)
      let renewal = try await manager.run("certificate", ["renew"])
      #expect(renewal.status == 0, "\(renewal)")
      #expect(try manager.folder.read("world/jobs/certificate").hasSuffix("renew\n--days\n30\n"))
    }
  }

  @Test func `a certificate that was not given, packed or installed is none`() async throws {
    for (fault, end, said) in [
      (Manager.Fault.certificate, "failed", "error: the authority gave no certificate"),
      (.run, "", "error: the certificate could not be packed; run this on 'edge-1'"),
      (.installCertificate, "one-failed", "error: not every edge node took the certificate"),
    ] {
      try await Manager.released { manager in
        try manager.fault(fault, end)
        let run = try await manager.run("certificate", ["renew"])
        #expect(run.status == 1, "\(run)")
        #expect(run.said.contains(said), "\(run)")
        #expect(!manager.exists("state/certificate"))
        // The bundle is never left in the engine.
        let order = try manager.order()
        #expect(order.contains("secret create") == order.contains("secret rm"))
        try manager.expectSilence(run)
      }
    }
  }

  @Test func `secrets are asked for by name, and nothing but names is said`() async throws {
    try await Manager.released { manager in
      let run = try await manager.run("secrets-check")
      #expect(run.status == 0)
      #expect(run.said == ["all secrets are there"])
      #expect(try manager.calls() == ["docker secret ls --format {{json .}}"])
      // What is asked for is what the stack's file mounts.
      let script = try manager.folder.read("generated/prod/scripts/secrets-check")
      let compose = try manager.folder.read("generated/prod/docker-compose.yml")
      let asked = script.split(separator: "\n").filter { $0.hasPrefix("flowrex-prod_") }
      #expect(asked.map(String.init).sorted() == Manager.engineSecrets(of: compose).sorted())
    }
  }

  @Test func `status says what runs, and asks only`() async throws {
    try await Manager.released { manager in
      let run = try await manager.run("status")
      #expect(run.status == 0, "\(run)")
      let lines = run.stdout.split(separator: "\n")
      #expect(lines.first == "release \(manager.commit("a")) of 2026-01-01T00:00:00Z")
      #expect(
        lines.contains(
          "flowrex-prod_backend\t5/5\tregistry.example.com/backend@\(manager.digest("a"))"))
      #expect(lines.count == 21)
      #expect(try manager.order().isEmpty)
    }
    try await Manager.empty { manager in
      let run = try await manager.run("status")
      #expect(run.status == 0, "\(run)")
      #expect(run.stdout == "nothing was released yet\n")
    }
  }

  @Test func `a developer's first start makes up secrets, later ones keep them`() async throws {
    try await Manager.empty("dev") { manager in
      let run = try await manager.run("up")
      #expect(run.status == 0, "\(run)")
      #expect(run.stdout == "canary-certificate-and-keyup: https://localhost:8443\n")
      #expect(
        try manager.order() == [
          "compose up --detach --build --wait", "run /var/lib/edge/certificates/fullchain.pem",
        ])
      let folder = manager.folder.path(of: ".slipway/dev/secrets")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names.count > 5)
      let made = try Snapshot(of: manager.folder, ".slipway").texts
      for (path, text) in made {
        #expect(text.count >= 32, "\(path)")
        #expect(try manager.calls().allSatisfy { !$0.contains(text.prefix(32)) })
      }
      #expect(try mode(folder) == 0o700)
      #expect(try names.allSatisfy { try mode("\(folder)/\($0)") == 0o444 })
      let again = try await manager.run("up", ["backend"])
      #expect(again.status == 0, "\(again)")
      #expect(try Snapshot(of: manager.folder, ".slipway").texts.map(\.text) == made.map(\.text))
      #expect(try manager.order()[2] == "compose up --detach --build --wait backend")
      // What Compose is to mount is what was made.
      let compose = try manager.folder.read("generated/dev/docker-compose.yml")
      let mounted = compose.split(separator: "\n").filter { $0.contains("/.slipway/dev/secrets/") }
        .compactMap { $0.split(separator: "/").last.map(String.init) }
      #expect(Set(mounted) == Set(names))
    }
  }

  @Test func `a developer's start that fails says so and makes no certificate`() async throws {
    try await Manager.empty("dev") { manager in
      try manager.fault(.compose)
      let run = try await manager.run("up")
      #expect(run.status == 1)
      #expect(try manager.order() == ["compose up --detach --build --wait"])
      try manager.repair(.compose)
      let down = try await manager.run("down", ["--volumes"])
      #expect(down.status == 0)
      #expect(try manager.order().last == "compose down --volumes")
      let wrong = try await manager.run("down", ["everything"])
      #expect(wrong.status == 2)
      #expect(wrong.said == ["usage: down [--volumes]"])
      let without = try await manager.run("up", [], ["WITHOUT": "docker"])
      #expect(without.status == 1)
      #expect(without.said == ["error: missing on this machine: docker"])
    }
  }

  private func mode(_ path: String) throws -> Int? {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return (attributes[.posixPermissions] as? NSNumber)?.intValue
  }
}
