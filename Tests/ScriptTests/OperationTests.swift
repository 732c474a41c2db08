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

  @Test func `monitoring is looked at on the loopback of a manager, for as long as somebody looks`()
    async throws
  {
    try await Manager.released { manager in
      let run = try await manager.run("operations")
      #expect(run.status == 0, "\(run)")
      #expect(
        try manager.order() == [
          "create", "connect flowrex-prod_watch made", "start made", "rm made",
        ])
      #expect(run.said == ["open http://localhost:3000; Ctrl-C ends it"])
      let made = try #require(try manager.calls().first { $0.hasPrefix("docker create ") })
      #expect(made.contains(" --publish 127.0.0.1:3000:8080 "))
      #expect(made.contains(" --read-only --cap-drop ALL "))
      #expect(made.contains("location /alertmanager/ {"))
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
      order[4...5].sort()
      #expect(
        order == [
          "job webroot", "end webroot", "job certificate", "end certificate",
          "run flowrex.app.key", "secret create",
          "job install-certificate", "end install-certificate",
          "run /var/lib/edge/certificates/fullchain.pem",
          "tell [Flowrex prod] success: every edge node has the certificate", "secret rm",
        ])
      #expect(try manager.folder.read("world/bundle") == "canary-certificate-and-key")
      #expect(manager.exists("state/certificate"))
      let words = try manager.folder.read("world/jobs/certificate").split(separator: "\n")
      #expect(words.contains("flowrex.app"))
      try manager.expectSilence(run)
      let renewal = try await manager.run("certificate", ["renew"])
      #expect(renewal.status == 0, "\(renewal)")
      #expect(
        try manager.folder.read("world/jobs/certificate").hasSuffix("\n--renew-days\n30\n"))
    }
  }

  @Test(.covers("S18-HS-06"))
  func `lego is told only words that its own list has, its command first`() async throws {
    let known = Set(
      try String(
        contentsOfFile: "\(packageRoot)/Tests/ScriptTests/stand-ins/recordings/lego-run.flags",
        encoding: .utf8
      ).split(separator: "\n").map(String.init).filter { $0.hasPrefix("--") })
    #expect(known.count > 50)
    let lock = try String(
      contentsOfFile: "\(packageRoot)/environments/Lock.json", encoding: .utf8)
    let locked = try #require(lock.firstMatch(of: /goacme\/lego",\s+"tag": "v(\d+)\./))
    #expect(locked.output.1 == "5", "the list of flags is of lego 5")
    for verb in ["issue", "renew"] {
      try await Manager.released { manager in
        let run = try await manager.run("certificate", [verb])
        #expect(run.status == 0, "\(run)")
        let job = try manager.folder.read("world/jobs/certificate").split(separator: "\n")
        let image = try #require(job.firstIndex { $0.contains("goacme/lego") })
        let words = job[(image + 1)...]
        #expect(words.first == "run")
        let flags = words.filter { $0.hasPrefix("-") }.map(String.init)
        #expect(flags.count >= 8)
        #expect(Set(flags).subtracting(known) == [])
      }
    }
  }

  @Test(.covers("S18-HS-06"))
  func `the folder that the challenge is served from is made, and the end is measured`()
    async throws
  {
    try await Manager.released { manager in
      let run = try await manager.run("certificate", ["renew"])
      #expect(run.status == 0, "\(run)")
      let made = try manager.folder.read("world/jobs/webroot").split(separator: "\n")
      #expect(made.contains("type=volume,source=flowrex-prod_acme-state,target=/var/lib/acme"))
      let folder = try #require(made.last)
      // What nginx serves, what is made and what lego is told are one folder.
      #expect(try GeneratedScripts.read("prod/acme/nginx.conf").contains("root \(folder);"))
      let told = try manager.folder.read("world/jobs/certificate")
      #expect(told.contains("\n--http.webroot\n\(folder)\n"))
      // The first of the recorded chain ends in 2037, its authority later.
      #expect(
        try manager.metric("flowrex_certificate_not_after_timestamp_seconds-nameedge")
          == #"flowrex_certificate_not_after_timestamp_seconds{name="edge"} 2140871044"#)
    }
  }

  @Test func `a certificate that was not given, packed or installed is none`() async throws {
    for (fault, end, said) in [
      (Manager.Fault.webroot, "failed", "error: there is no folder for the challenge"),
      (.certificate, "failed", "error: the authority gave no certificate"),
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
      let clear = manager.folder.path(of: ".slipway/dev/admin-password")
      #expect(
        run.stdout == """
          canary-certificate-and-keyup: https://localhost:8443
          admin-password: \(clear)

          """)
      #expect(
        try manager.order() == [
          "run perl", "compose up --detach --build --wait",
          "run /var/lib/edge/certificates/fullchain.pem",
        ])
      let folder = manager.folder.path(of: ".slipway/dev/secrets")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names.count > 5)
      let made = try Snapshot(of: manager.folder, ".slipway").texts
      for (path, text) in made {
        #expect(text.count >= (path.hasSuffix("admin-password") ? 25 : 32), "\(path)")
        #expect(try manager.calls().allSatisfy { !$0.contains(text.prefix(24)) })
      }
      #expect(try mode(folder) == 0o700)
      #expect(try names.allSatisfy { try mode("\(folder)/\($0)") == 0o444 })
      let again = try await manager.run("up", ["backend"])
      #expect(again.status == 0, "\(again)")
      #expect(try Snapshot(of: manager.folder, ".slipway").texts.map(\.text) == made.map(\.text))
      #expect(try manager.order()[3] == "compose up --detach --build --wait backend")
      // What Compose is to mount is what was made.
      let compose = try manager.folder.read("generated/dev/docker-compose.yml")
      let mounted = compose.split(separator: "\n").filter { $0.contains("/.slipway/dev/secrets/") }
        .compactMap { $0.split(separator: "/").last.map(String.init) }
      #expect(Set(mounted) == Set(names))
    }
  }

  @Test(.covers("S04-AUTH-04", "C-46"))
  func `a developer can sign in: the hash is of a password that is kept`() async throws {
    try await Manager.empty("dev") { manager in
      let run = try await manager.run("up")
      #expect(run.status == 0, "\(run)")
      let hash = try manager.folder.read(".slipway/dev/secrets/admin-password-hash").dropLast()
      #expect(hash.wholeMatch(of: /\$2b\$12\$[.\/A-Za-z0-9]{53}/) != nil, "\(hash)")
      let path = manager.folder.path(of: ".slipway/dev/admin-password")
      #expect(try mode(path) == 0o600)
      // A foreign judge: the hash of what is kept, with the salt of the hash, is the hash.
      let check = try await Tool.program(
        "/usr/bin/perl",
        [
          "-e",
          "open F, '<', $ARGV[0]; chomp($p = <F>); print crypt($p, $ARGV[1]) eq $ARGV[1] ? 1 : 0",
          path, String(hash),
        ])
      #expect(check.stdout == "1", "\(check)")
    }
  }

  @Test func `a developer's start that fails says so and makes no certificate`() async throws {
    try await Manager.empty("dev") { manager in
      try manager.fault(.compose)
      let run = try await manager.run("up")
      #expect(run.status == 1)
      #expect(try manager.order() == ["run perl", "compose up --detach --build --wait"])
      try manager.repair(.compose)
      let down = try await manager.run("down", ["--volumes"])
      #expect(down.status == 0)
      #expect(try manager.order().last == "compose down --volumes")
      let watch = try await manager.run("watch", ["backend"])
      #expect(watch.status == 0)
      #expect(try manager.order().last == "compose watch --no-up backend")
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
