import Foundation
import TestSupport
import Testing

/// Bad words on the command line, bad lock files, and the way from `slipway` to `slipway-gate`.
struct CommandLineTests {
  @Test(arguments: [
    (["--only", "redis"], "error: --only 'redis' is not in 'Lock.json'; to add it: --add redis\n"),
    (
      ["--add", "redis"],
      "error: --add 'redis' is neither NAME:TAG of an image nor OWNER/NAME@VERSION of an action\n"
    ),
    (
      ["--registry-map", "a=http://127.0.0.1:1"],
      "error: 'http://127.0.0.1:1' is not encrypted; if that is meant: --insecure-loopback\n"
    ),
    (
      ["--registry-map", "a=http://192.0.2.1:1", "--insecure-loopback"],
      "error: 'http://192.0.2.1:1' would be read over a line that anyone can write on\n"
    ),
    (["--registry-map", "a=ftp://b"], "error: 'ftp://b' is neither https nor http\n"),
    (["--registry-map", "a"], "error: --registry-map 'a' does not say from=to\n"),
    (
      ["--registry-map", "a=b", "--registry-map", "a=c"],
      "error: --registry-map sends 'a' to two places\n"
    ),
    (
      ["--git-map", "a=b"],
      "error: 'b' is neither an https address nor the path of a folder\n"
    ),
  ])
  func `a word that makes no sense is named, with status 2`(
    arguments: [String], says: String
  ) async throws {
    let text = lockFile()
    try await withLock(text) { locking in
      let result = try await locking.run(arguments)
      #expect(result.status == 2, "\(result)")
      #expect(result.stderr == says)
      try expectUntouched(locking, text)
    }
  }

  @Test(arguments: [
    ["--timeout", "0"], ["--today", "tomorrow"], ["--format", "xml"], ["--fly"], ["fly"],
  ])
  func `what the parser refuses has status 2 as well`(arguments: [String]) async throws {
    try await withLock(lockFile()) { locking in
      let result = try await locking.run(arguments)
      #expect(result.status == 2, "\(result)")
    }
  }

  @Test(arguments: [
    ("{", "the lock file cannot be read: "), ("[]", "the lock file cannot be read: it is not an"),
    (#"{"images": [{"name": "a", "tag": "1", "digest": "sha256:1"}]}"#, "image 'a' has no digest"),
    (
      lockFile(images: [("registry.example/../a", "1")]),
      "'registry.example/../a:1' cannot be the name of an image"
    ),
    (
      lockFile(images: [("registry.example/a", "1?x=/")]),
      "'registry.example/a:1?x=/' cannot be the name of an image"
    ),
    (
      lockFile(actions: [("team/action", "--upload-pack=x")]),
      "'team/action@--upload-pack=x' cannot be the name of an action"
    ),
    (lockFile(actions: [("team", "v1")]), "'team@v1' cannot be the name of an action"),
  ])
  func `a lock file that is not sound is refused before anyone is asked`(
    text: String, says: String
  ) async throws {
    try await withLock(text) { locking in
      let result = try await locking.run([])
      #expect(result.status == 1, "\(result)")
      #expect(
        result.stderr.hasPrefix("error[supply/lock-file-is-sound]: \(says)"), "\(result)")
      try expectUntouched(locking, text)
    }
  }

  @Test func `a lock file that is not there has status 4, as has one that is a link`()
    async throws
  {
    try await withTemporaryFolder { folder in
      let locking = Locking(folder: folder)
      let missing = try await locking.run([])
      #expect(missing.status == 4)
      #expect(
        missing.stderr == "error: 'Lock.json' cannot be read: No such file or directory\n")
      let text = lockFile(images: [("registry.example/app", "1.0")])
      try folder.write(text, to: "real.json")
      try FileManager.default.createSymbolicLink(
        atPath: folder.path(of: Locking.file), withDestinationPath: "real.json")
      try await Server.with("good", in: folder) { server in
        let link = try await locking.run(server.map())
        #expect(link.status == 4)
        #expect(
          link.stderr == "error: 'Lock.json' is not a plain file, so it is not replaced\n")
        let kept = try folder.read("real.json")
        #expect(kept == text)
      }
    }
  }

  @Test func `findings for programs are JSON, for GitHub annotations`() async throws {
    try await withLock(lockFile(images: [("registry.example/app", "1.0")])) { locking in
      try await Server.with("good", in: locking.folder) { server in
        let json = try await locking.run(server.map() + ["--check", "--format", "json"])
        #expect(json.status == 3)
        let rules = try JSONDecoder().decode([[String: Ignored]].self, from: Data(json.stdout.utf8))
        #expect(rules.count == 1)
        let github = try await locking.run(server.map() + ["--check", "--format", "github"])
        #expect(
          github.stdout.hasPrefix(
            "::error file=Lock.json,line=3,title=supply/lock-file-is-current::"))
      }
    }
  }

  private struct Ignored: Decodable { init(from decoder: any Decoder) {} }

  @Test func `slipway lock is done by the program beside it, and its status comes through`()
    async throws
  {
    try await withLock(lockFile(images: [("registry.example/app", "1.0")])) { locking in
      let lock = ["lock", "--lock", Locking.file]
      try await Server.with("good", in: locking.folder) { server in
        func slipway(_ arguments: [String]) async throws -> Tool.Output {
          try await Tool.built("slipway", arguments, in: locking.folder.path)
        }
        let drift = try await slipway(lock + server.map() + ["--check"])
        #expect(drift.status == 3, "\(drift)")
        let clean = try await slipway(lock + server.map())
        #expect(clean.status == 0, "\(clean)")
        let usage = try await slipway(lock + ["--fly"])
        #expect(usage.status == 2, "\(usage)")
        let missing = try await slipway(["lock"])
        #expect(missing.status == 4)
        #expect(
          missing.stderr
            == "error: 'environments/Lock.json' cannot be read: No such file or directory\n")
        let help = try await slipway(["lock", "--help"])
        #expect(help.status == 0)
        #expect(help.stdout.contains("--insecure-loopback"))
      }
    }
  }

  @Test func `without slipway-gate there is the command that builds it, unless PATH has one`()
    async throws
  {
    try await withTemporaryFolder { folder in
      let alone = folder.path(of: "slipway")
      let copied = try await Tool.run("busybox", ["cp", "\(buildFolder)/slipway", alone])
      #expect(copied.status == 0, "\(copied)")
      let script = #"exec "$0" lock one '--two' 'three four'"#
      let absent = try await Tool.run("busybox", ["sh", "-c", script, alone], in: folder.path)
      #expect(absent.status == 4)
      #expect(
        absent.stderr == """
          error: 'slipway-gate', which does this, is neither beside 'slipway' nor on PATH
            = fix: swift build --product slipway-gate

          """)
      try await folder.program(
        "#!/bin/sh\nfor word; do echo \"<$word>\"; done\nexit 42\n", to: "bin/slipway-gate")
      let found = try await Tool.run(
        "busybox", ["sh", "-c", script, alone], in: folder.path,
        environment: ["PATH": "\(folder.path(of: "bin")):/usr/bin:/bin"])
      #expect(found.status == 42)
      #expect(
        found.stdout == """
          <lock>
          <--lock>
          <environments/Lock.json>
          <one>
          <--two>
          <three four>

          """)
    }
  }
}
