import Foundation
import SlipwayModel
import TestSupport
import Testing

/// `lock` against a real registry of the distribution project, on loopback.
struct RegistryTests {
  private static let app = "registry.example/team/app"

  @Test func `the digest and the platforms of an index are read and written in the same form`()
    async throws
  {
    try await withLock(lockFile(images: [(Self.app, "1.0")])) { locking in
      try await Server.withRegistry(in: locking.folder) { server in
        let digest = try await Pushing(port: server.port).index(
          "team/app", "1.0", platforms: ["linux/arm64", "linux/amd64"])
        let result = try await locking.run(server.map())
        #expect(result.status == 0, "\(result)")
        let zeros = "sha256:" + String(repeating: "0", count: 12)
        #expect(
          result.stdout.hasPrefix(
            """
              \(Self.app):1.0  \(zeros) -> \(digest.prefix(19))
            locked 1 image and 0 actions: 1 entry of 'Lock.json' changed; 0 errors, 0 warnings

            """), "\(result)")
        let bindings = [Locking.noDigest, digest].map { ImageLock.binding(Self.app, "1.0", $0) }
        let expected = lockFile(images: [(Self.app, "1.0")])
          .replacing(bindings[0], with: bindings[1])
          .replacing(Locking.noDigest, with: digest)
          .replacing(
            "\"platforms\": []",
            with: """
              "platforms": [
                      "linux/amd64",
                      "linux/arm64"
                    ]
              """
          )
          .replacing("2026-11-21", with: "2030-01-02")
          .replacing("elsewhere", with: "127.0.0.1:\(server.port)/v2/team/app/manifests/1.0")
        let text = try locking.text
        #expect(text == expected)
      }
    }
  }

  @Test func `a second run and a check change no byte`() async throws {
    try await withLock(lockFile(images: [(Self.app, "1.0")])) { locking in
      try await Server.withRegistry(in: locking.folder) { server in
        _ = try await Pushing(port: server.port).index(
          "team/app", "1.0", platforms: ["linux/amd64"])
        try await locking.run(server.map())
        let text = try locking.text
        let check = try await locking.run(server.map() + ["--check"])
        #expect(check.status == 0, "\(check)")
        #expect(
          check.stdout == "checked 1 image and 0 actions: each tag means what 'Lock.json' says\n")
        let again = try await locking.run(server.map() + ["--today", "2031-01-01"])
        #expect(again.status == 0, "\(again)")
        #expect(again.stdout.contains(": 0 entries of 'Lock.json' changed;"))
        try expectUntouched(locking, text)
      }
    }
  }

  @Test(.covers("C-30"))
  func `a tag that moved is noticed by check, and taken by lock`() async throws {
    try await withLock(lockFile(images: [(Self.app, "1.0")])) { locking in
      try await Server.withRegistry(in: locking.folder) { server in
        let registry = Pushing(port: server.port)
        let first = try await registry.index("team/app", "1.0", platforms: ["linux/amd64"])
        try await locking.run(server.map())
        let second = try await registry.index(
          "team/app", "1.0", platforms: ["linux/amd64"], content: "built again")
        #expect(first != second)
        let text = try locking.text
        let check = try await locking.run(server.map() + ["--check"])
        #expect(check.status == 3)
        #expect(
          check.words.hasPrefix(
            "error[supply/lock-file-is-current]: '\(Self.app):1.0' has moved from "
              + "\(first.prefix(19)) to \(second.prefix(19)) ::: Lock.json:3 images[0] = why: "),
          "\(check)")
        #expect(
          check.stderr.hasSuffix(
            "drift: 1 difference in 1 image and 0 actions. Nothing was written. "
              + "To mend it: slipway lock\n"))
        try expectUntouched(locking, text)
        let lock = try await locking.run(server.map())
        #expect(lock.status == 0, "\(lock)")
        let entry = try locking.read().images[0]
        #expect(entry.digest == second)
        #expect(entry.sources == ["127.0.0.1:\(server.port)/v2/team/app/manifests/1.0"])
      }
    }
  }

  @Test func `a single manifest has the platform of its configuration`() async throws {
    try await withLock(lockFile(images: [(Self.app, "1.0")])) { locking in
      try await Server.withRegistry(in: locking.folder) { server in
        let digest = try await Pushing(port: server.port).image(
          "team/app", "1.0", platform: "linux/riscv64")
        let result = try await locking.run(server.map())
        #expect(result.status == 0, "\(result)")
        let entry = try locking.read().images[0]
        #expect(entry.digest == digest)
        #expect(entry.platforms == ["linux/riscv64"])
      }
    }
  }

  @Test func `a list in Docker's own type is an index too, below the prefix of a mirror`()
    async throws
  {
    try await withLock(lockFile(images: [("docker.io/app", "1.0")])) { locking in
      try await Server.withRegistry(in: locking.folder) { server in
        let digest = try await Pushing(port: server.port).index(
          "hub/library/app", "1.0", platforms: ["linux/amd64"],
          type: "application/vnd.docker.distribution.manifest.list.v2+json")
        let result = try await locking.run(server.map("docker.io", "/hub"))
        #expect(result.status == 0, "\(result)")
        let entry = try locking.read().images[0]
        #expect(entry.digest == digest)
        #expect(entry.platforms == ["linux/amd64"])
        #expect(
          entry.sources == ["127.0.0.1:\(server.port)/v2/hub/library/app/manifests/1.0"])
      }
    }
  }

  @Test func `what confirms a digest stands beside the other sources`() async throws {
    try await withLock(lockFile(images: [(Self.app, "1.0")])) { locking in
      try await Server.withRegistry(in: locking.folder) { server in
        let digest = try await Pushing(port: server.port).image(
          "team/app", "1.0", platform: "linux/amd64")
        let bindings = [Locking.noDigest, digest].map { ImageLock.binding(Self.app, "1.0", $0) }
        let text = try locking.text.replacing(Locking.noDigest, with: digest)
          .replacing(bindings[0], with: bindings[1])
          .replacing("\"platforms\": []", with: #""platforms": ["linux/amd64"]"#)
        try locking.folder.write(text, to: Locking.file)
        let check = try await locking.run(server.map() + ["--check"])
        #expect(check.status == 0, "\(check)")
        let result = try await locking.run(server.map())
        #expect(result.stdout.contains("  \(Self.app):1.0  confirmed by 127.0.0.1:"))
        let entry = try locking.read().images[0]
        #expect(entry.sources?.first == "elsewhere")
        #expect(entry.sources?.count == 2)
      }
    }
  }

  @Test func `one bad entry keeps all others from being written; only asks for less`()
    async throws
  {
    let text = lockFile(images: [(Self.app, "1.0"), (Self.app, "2.0")])
    try await withLock(text) { locking in
      try await Server.withRegistry(in: locking.folder) { server in
        _ = try await Pushing(port: server.port).image("team/app", "1.0", platform: "linux/amd64")
        let all = try await locking.run(server.map())
        #expect(all.status == 4)
        #expect(
          all.words.hasPrefix(
            "error[supply/registries-answer]: '\(Self.app):2.0' is not read: "
              + "127.0.0.1:\(server.port) has no such tag ::: Lock.json:14 images[1] = why: "),
          "\(all)")
        #expect(
          all.stderr.contains(
            "  = fix: state a tag that the registry has, then run `slipway lock`\n"))
        #expect(all.stderr.hasSuffix("refused: 1 error, 0 warnings. Nothing was written.\n"))
        try expectUntouched(locking, text)
        let one = try await locking.run(server.map() + ["--only", "\(Self.app):1.0"])
        #expect(one.status == 0, "\(one)")
        #expect(one.stdout.contains("locked 1 image and 0 actions"))
        let digests = try locking.read().images.map(\.digest)
        #expect(digests[0] != Locking.noDigest)
        #expect(digests[1] == Locking.noDigest)
      }
    }
  }

  @Test func `what could not be locked is added by name, and leaves the list of such`()
    async throws
  {
    try await withLock(lockFile(images: [("registry.example/zoo", "1")])) { locking in
      try await Server.withRegistry(in: locking.folder) { server in
        let digest = try await Pushing(port: server.port).image("app", "9", platform: "linux/amd64")
        let add = ["--add", "registry.example/app:9"]
        let check = try await locking.run(server.map() + add + ["--check"])
        #expect(check.status == 3)
        #expect(check.stderr.contains("'registry.example/app:9' is not in the lock file\n"))
        let result = try await locking.run(server.map() + add)
        #expect(result.status == 0, "\(result)")
        let contents = try locking.read()
        #expect(contents.images.map(\.name) == ["registry.example/app", "registry.example/zoo"])
        #expect(
          contents.images[0]
            == Locking.Contents.Entry(
              name: "registry.example/app", tag: "9", digest: digest,
              binding: ImageLock.binding("registry.example/app", "9", digest),
              platforms: ["linux/amd64"], read: "2030-01-02",
              sources: ["127.0.0.1:\(server.port)/v2/app/manifests/9"]))
        #expect(contents.unlocked == [])
        let text = try locking.text
        #expect(text.hasSuffix("  \"later\": {\n    \"what\": 1.50\n  }\n}\n"))
      }
    }
  }
}
