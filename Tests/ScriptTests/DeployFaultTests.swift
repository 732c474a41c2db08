import Foundation
import TestSupport
import Testing

/// Faults that hand-written deployment scripts had, one test each: it fails if the fault comes
/// back.
struct DeployFaultTests {
  // S01
  @Test func `the version that was asked for runs, whatever the caller's shell has exported`()
    async throws
  {
    try await Manager.released { manager in
      let latest = "registry.example.com/backend:latest"
      let run = try await manager.deploy(
        "b", ["FLOWREX_BACKEND_IMAGE": latest, "VERSION": "latest"])
      #expect(run.status == 0, "\(run)")
      let own = try run.report().services.filter { $0.image.hasPrefix("registry.example.com/") }
      #expect(own.count == 6)
      #expect(own.allSatisfy { $0.image.hasSuffix("@\(manager.digest("b"))") })
      #expect(try manager.calls().allSatisfy { !$0.contains(":latest") })
    }
  }

  // S02
  @Test(.covers("S18-DEP-07", "C-33"))
  func `answers of the old replicas do not speak for new ones that never come up`()
    async throws
  {
    try await Manager.released { manager in
      try manager.folder.write("", to: "state/certificate")
      try manager.fault(.neverReady, "backend@\(manager.digest("b"))")
      let run = try await manager.deploy(
        "b", ["SLIPWAY_ROLL_SECONDS": "12", "SLIPWAY_POLL": "0.3"])
      // The edge answers all the time; it is not even asked before the roll is judged.
      #expect(try run.verdict() == "rolled-back at roll")
      let order = try manager.order()
      let deployed = order.indices.filter { order[$0] == "stack deploy" }
      try #require(deployed.count == 2)
      #expect(!order[deployed[0]...deployed[1]].contains { $0.hasPrefix("ask ") })
    }
  }

  // S03
  @Test func `the backup before a release is a backup with its own name, and migrates nothing`()
    async throws
  {
    try await Manager.released { manager in
      let run = try await manager.deploy("b")
      #expect(run.status == 0, "\(run)")
      let words = try manager.folder.read("world/jobs/backup").split(separator: "\n")
      let name = words.first { $0.hasPrefix("BACKUP_NAME=") }
      #expect(name?.wholeMatch(of: /BACKUP_NAME=before-b{12}-\d{8}T\d{6}Z/) != nil)
      #expect(!words.contains { $0.contains("migrate") })
      #expect(words.contains("registry.example.com/postgres@\(manager.digest("a"))"))
      #expect(try manager.order().filter { $0 == "job migrate" }.count == 1)
    }
  }

  // S04
  @Test func `a release that brings a migration is not asked for its result beforehand`()
    async throws
  {
    try await Manager.released { manager in
      let record = try manager.record("b")
      let text = try String(contentsOfFile: record, encoding: .utf8)
      try manager.folder.write(
        text.replacing(#""schema": 1"#, with: #""schema": 2"#), to: "record-b.json")
      let run = try await manager.run("deploy", [record])
      #expect(run.status == 0, "\(run)")
      let order = try manager.order()
      #expect(order.prefix(4) == ["gate prod release", "job backup", "end backup", "job migrate"])
      let asked = try manager.calls().filter { $0.hasPrefix("slipway-gate ") }
      let wanted = "slipway-gate gate prod --kind release --record \(record)"
      #expect(asked.count == 1 && asked[0].hasPrefix(wanted), "\(asked)")
    }
  }

  // S05, S16
  @Test(arguments: ["dev", "staging", "prod"])
  func `no script, timer or page calls a file that is not there`(environment: String) throws {
    let scripts = try GeneratedScripts(environment)
    let called =
      try scripts.found(#"\$\{generated\}/scripts/([a-z][a-z./-]*[a-z])(?![a-z/])"#)
      + scripts.found(#"\. "\$\(dirname "\$\{BASH_SOURCE\[0\]\}"\)/([a-z.-]+)""#)
      + scripts.found(#"(?:database_job|job_text) ([a-z-]+)"#).map { "jobs/\($0).sh" }
    #expect(called.count > (environment == "dev" ? 0 : 15))
    for name in called { #expect(scripts.texts[name] != nil, "'\(name)' does not exist") }
    guard environment != "dev" else { return }
    let folder = "\(packageRoot)/generated/\(environment)/systemd"
    let units = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".service") }
    #expect(units.count == 4)
    for unit in units {
      let text = try String(contentsOfFile: "\(folder)/\(unit)", encoding: .utf8)
      let command = try #require(
        text.firstMatch(of: /ExecStart=\/var\/lib\/flowrex\/[a-z]+\/current\/scripts\/([a-z-]+)/))
      #expect(scripts.executables.contains(String(command.output.1)), "\(unit)")
    }
  }

  // S06
  @Test(.covers("C-17"))
  func `nothing waits for an answer when there is nobody at the keyboard`() async throws {
    for environment in ["dev", "staging", "prod"] {
      let scripts = try GeneratedScripts(environment)
      #expect(try scripts.lines(matching: #"\bread( -[a-z]+)* -p|\bselect [a-z]+ in\b"#) == [])
      #expect(try scripts.lines(matching: #"read -p|/dev/tty|--interactive --tty|\s-it\s"#) == [])
    }
    try await Manager.released { manager in
      try manager.fault(.migrate, "failed")
      // Standard input is at its end, as in a workflow.
      let run = try await manager.deploy("b")
      #expect(run.status == 1)
      #expect(try run.verdict() == "refused at migration")
      try manager.expectSilence(run)
    }
  }

  // S07
  @Test(.covers("S18-DEP-01", "C-33"))
  func `an environment is its own scripts, never a word that one could forget`()
    async throws
  {
    let staging = try GeneratedScripts("staging")
    #expect(try staging.lines(matching: #"\bprod\b|flowrex-prod|flowrex_prod"#) == [])
    #expect(try GeneratedScripts("prod").lines(matching: "staging") == [])
    try await Manager.released("staging") { manager in
      let record = try manager.record("b")
      let run = try await manager.run("deploy", ["prod", record])
      #expect(run.status == 2)
      #expect(run.said == ["usage: deploy RECORD"])
      #expect(try manager.calls() == [])
    }
  }

  // S08
  @Test(.covers("S18-DEP-07", "S18-DEP-09", "C-33"))
  func `an old replica goes only when a new one is healthy, one after the other`() throws {
    for environment in ["staging", "prod"] {
      let scripts = try GeneratedScripts(environment)
      for name in ["backend", "console"] {
        let service = scripts.service(name)
        let update = service.drop { $0 != "      update_config:" }.dropFirst().prefix {
          $0.hasPrefix("        ")
        }
        #expect(update.contains("        parallelism: 1"), "\(environment) \(name)")
        #expect(update.contains("        order: start-first"))
        #expect(update.contains("        failure_action: rollback"))
        #expect(service.contains("    healthcheck:"))
      }
      // Nobody but the engine ends a container, but for one that a person started to look.
      let ended = try scripts.lines(
        matching: #"docker (stop|kill|rm|restart|container|stack rm)\b"#)
      #expect(ended.count == 1)
      #expect(ended.first?.contains(#"docker rm --force "${container}""#) == true)
      let scaling = try scripts.lines(matching: "service scale")
      // The fourth is what `promote` tells a person.
      #expect(scaling.allSatisfy { $0.hasPrefix("database.sh: ") || $0.hasPrefix("promote: ") })
      #expect(scaling.count == 4)
    }
  }

  // S09
  @Test(.covers("S18-DEP-10"))
  func `the pages are judged like the service, not slept for`() async throws {
    try await Manager.released { manager in
      try manager.fault(.neverReady, "console@\(manager.digest("b"))")
      let run = try await manager.deploy(
        "b", ["SLIPWAY_ROLL_SECONDS": "12", "SLIPWAY_POLL": "0.3"])
      #expect(run.status == 1)
      #expect(run.said.contains("still not running in time: flowrex-prod_console "), "\(run)")
      #expect(try run.verdict() == "rolled-back at roll")
    }
    // A pause is always one of a loop with an end.
    let pauses = try GeneratedScripts().lines(matching: #"\bsleep\b"#)
    #expect(
      pauses == [
        #"common.sh:       *) sleep "${SLIPWAY_POLL:-2}" ;;"#,
        #"common.sh:     sleep "${SLIPWAY_POLL:-2}""#,
        #"database.sh:     sleep "${SLIPWAY_POLL:-2}""#,
        "jobs/accept.sh:   sleep 1",
        "jobs/follows.sh:   sleep 1",
        #"roll.sh:     sleep "${SLIPWAY_POLL:-2}""#,
        #"roll.sh:     sleep "${SLIPWAY_POLL:-2}""#,
      ])
  }

  // S10
  @Test(.covers("S18-DEP-11"))
  func `nginx is never told to reload what nobody has judged`() async throws {
    let scripts = try GeneratedScripts()
    #expect(try scripts.lines(matching: #"nginx -s|reload|kill -s? ?HUP"#) == [])
    // The edge's own supervisor judges first, and only what it judged is used.
    let supervisor = try GeneratedScripts.read("prod/nginx/supervise.sh")
    let judged = try #require(supervisor.range(of: "if ! words=$(judge); then"))
    let taken = try #require(supervisor.range(of: #"kill -s HUP "${nginx}""#))
    #expect(judged.lowerBound < taken.lowerBound)
    #expect(supervisor.ranges(of: "kill -s HUP").count == 1)
    // And every node of the edge is asked by itself after the roll.
    try await Manager.released { manager in
      try manager.folder.write("", to: "state/certificate")
      try manager.fault(.curl, "https://api.flowrex.app/health")
      let run = try await manager.deploy("b")
      #expect(try run.verdict() == "failed at verification")
    }
  }

  // S11
  @Test(.covers("S17-PR-03"))
  func `the way back is recorded before it is needed, and taken without a person`()
    async throws
  {
    try await Manager.released { manager in
      #expect(try manager.recorded("current") == manager.commit("a"))
      let kept = "state/releases/\(manager.commit("a"))/docker-compose.yml"
      #expect(manager.exists(kept))
      try manager.fault(.rollBack, "worker@\(manager.digest("b"))")
      try manager.fault(.rollBack, "backend@\(manager.digest("b"))")
      let run = try await manager.deploy("b")
      #expect(try run.verdict() == "rolled-back at roll")
      #expect(run.said.contains("going back to aaaaaaaaaaaa"))
      // The schema stays: nothing of the data goes back with the release.
      #expect(try manager.order().filter { $0.hasPrefix("job ") } == ["job backup", "job migrate"])
      #expect(manager.exists(kept))
    }
  }

  /// The engine still takes a service back when the script puts the release before in its place.
  @Test(.covers("S17-PR-03"))
  func `an engine that is busy taking a service back is asked again`() async throws {
    try await Manager.released { manager in
      try manager.fault(.stackDeploy, "4")
      let run = try await manager.deploy("b")
      #expect(try run.verdict() == "deployed at cleaning", "\(run)")
      #expect(try manager.order().count { $0 == "stack deploy" } == 5, "\(run)")
    }
  }

  // S12
  @Test(arguments: ["dev", "staging", "prod"])
  func `what is unset or fails ends a script, and the judge of shells finds nothing`(
    environment: String
  ) async throws {
    let scripts = try GeneratedScripts(environment)
    for name in scripts.executables {
      let text = try #require(scripts.texts[name])
      #expect(text.contains("\nset -euo pipefail\n"), "\(name)")
    }
    let folder = "\(packageRoot)/generated/\(environment)/scripts"
    let paths = scripts.texts.filter { $0.value.hasPrefix("#!") }.keys.sorted()
      .map { "\(folder)/\($0)" }
    let judged = try await Tool.run(
      "shellcheck",
      ["--rcfile=\(packageRoot)/scripts/.shellcheckrc", "-o", "all", "-S", "style"] + paths)
    #expect(judged.status == 0, "\(judged)")
    #expect(paths.count >= (environment == "dev" ? 3 : 20))
  }

  // S13
  @Test func `no script calls the Compose of ten years ago`() throws {
    for environment in ["dev", "staging", "prod"] {
      let scripts = try GeneratedScripts(environment)
      #expect(try scripts.lines(matching: #"docker-compose(?!\.yml)"#) == [])
    }
  }

  // S14
  @Test func `two at once never mix, and a webhook that nobody set fails nothing`() async throws {
    try await Manager.released { manager in
      try FileManager.default.removeItem(atPath: manager.folder.path(of: "state/webhook"))
      try manager.fault(.gateWaits)
      async let first = manager.deploy("b")
      while try manager.order().isEmpty { try await Task.sleep(for: .milliseconds(20)) }
      let second = try await manager.deploy("c")
      #expect(second.status == 1)
      #expect(try second.verdict() == "refused at lock")
      try manager.folder.write("", to: "world/go")
      let run = try await first
      #expect(run.status == 0, "\(run)")
      #expect(try manager.recorded("current") == manager.commit("b"))
    }
  }
}
