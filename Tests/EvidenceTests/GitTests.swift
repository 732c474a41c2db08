import Foundation
import SlipwayModel
import TestSupport
import Testing

/// `lock` against real repositories of git, in a folder.
struct GitTests {
  /// A folder with a bare repository `team/action` that has a light tag `v1` and an annotated one
  /// `v2`, and the commits they mean.
  private func withRepository(
    _ versions: [String], _ body: (Locking, Repository) async throws -> Void
  ) async throws {
    try await withLock(lockFile(actions: versions.map { ("team/action", $0) })) { locking in
      let repository = Repository(folder: locking.folder)
      try await repository.git(
        """
        git init --quiet --bare repositories/team/action.git
        git init --quiet work && cd work
        git commit --quiet --allow-empty --message one && git tag v1
        git commit --quiet --allow-empty --message two && git tag --annotate v2 --message two
        git remote add origin ../repositories/team/action.git
        git push --quiet --tags origin HEAD
        """)
      try await body(locking, repository)
    }
  }

  private struct Repository {
    let folder: TemporaryFolder
    var map: [String] { ["--git-map", "github.com=\(folder.path(of: "repositories"))"] }

    @discardableResult
    func git(_ commands: String) async throws -> String {
      let result = try await Tool.run(
        "busybox", ["sh", "-e", "-c", commands], in: folder.path,
        environment: [
          "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a",
          "GIT_COMMITTER_EMAIL": "a@example.com", "GIT_CONFIG_GLOBAL": "/dev/null",
        ])
      #expect(result.status == 0, "\(result)")
      return result.stdout.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func commit(_ revision: String) async throws -> String {
      try await git("git -C work rev-parse '\(revision)^{commit}'")
    }
  }

  @Test func `a light tag is its commit, an annotated one is what it points at`() async throws {
    try await withRepository(["v1", "v2"]) { locking, repository in
      let result = try await locking.run(repository.map)
      #expect(result.status == 0, "\(result)")
      let expected = [try await repository.commit("v1"), try await repository.commit("v2")]
      let actions = try locking.read().actions
      #expect(actions.map(\.commit) == expected)
      #expect(actions[0].read == "2030-01-02")
      #expect(
        actions[0].sources == [
          "\(locking.folder.path(of: "repositories"))/team/action refs/tags/v1"
        ])
      let text = try locking.text
      let again = try await locking.run(repository.map)
      #expect(again.status == 0, "\(again)")
      try expectUntouched(locking, text)
    }
  }

  @Test func `a version that moved is drift for check, and a warning for lock`() async throws {
    try await withRepository(["v1"]) { locking, repository in
      try await locking.run(repository.map)
      let first = try await repository.commit("v1")
      try await repository.git(
        "cd work && git tag --force v1 v2 && git push --quiet -f --tags origin")
      let second = try await repository.commit("v2")
      let text = try locking.text
      let check = try await locking.run(repository.map + ["--check"])
      #expect(check.status == 3)
      let said = "'team/action@v1' has moved from \(first.prefix(12)) to \(second.prefix(12)) "
      #expect(check.words.hasPrefix("error[supply/lock-file-is-current]: \(said)"), "\(check)")
      #expect(
        check.stderr.contains(
          """
            = why: a release does not move in good faith, and an action runs with the \
          workflow's rights
            = fix: compare both commits, then: slipway lock --only team/action

          """))
      try expectUntouched(locking, text)
      let lock = try await locking.run(repository.map)
      #expect(lock.status == 0, "\(lock)")
      #expect(
        lock.words.hasPrefix("warning[supply/versions-stay-where-they-are]: \(said)"), "\(lock)")
      let commit = try locking.read().actions[0].commit
      #expect(commit == second)
    }
  }

  @Test func `a version changed by hand is read anew, and has not moved`() async throws {
    try await withRepository(["v1"]) { locking, repository in
      try await locking.run(repository.map)
      let text = try locking.text
      try locking.folder.write(
        text.replacing(#""version": "v1""#, with: #""version": "v2""#), to: Locking.file)
      let check = try await locking.run(repository.map + ["--check"])
      #expect(check.status == 3, "\(check)")
      let lock = try await locking.run(repository.map)
      #expect(lock.status == 0 && lock.stderr == "", "nothing to warn of: \(lock)")
      let entry = try locking.read().actions[0]
      let commit = try await repository.commit("v2")
      #expect(entry.commit == commit)
      #expect(entry.binding == ImageLock.binding("team/action", "v2", commit))
    }
  }

  @Test func `a right pin that nothing ties to its version is tied to it`() async throws {
    try await withRepository(["v1"]) { locking, repository in
      try await locking.run(repository.map)
      let text = try locking.text
      let bound = try #require(try locking.read().actions[0].binding)
      try locking.folder.write(
        text.replacing("      \"binding\": \"\(bound)\",\n", with: ""), to: Locking.file)
      let check = try await locking.run(repository.map + ["--check"])
      let commit = try await repository.commit("v1")
      #expect(
        check.words.contains("'team/action@v1' and its pin \(commit.prefix(12)) were not read"))
      let lock = try await locking.run(repository.map)
      #expect(lock.stdout.contains("  team/action@v1  bound to \(commit.prefix(12))\n"), "\(lock)")
      let entry = try locking.read().actions[0]
      #expect(entry.binding == bound)
    }
  }

  @Test func `a folder inside an action's repository has the repository's commit`() async throws {
    try await withRepository([]) { locking, repository in
      let result = try await locking.run(repository.map + ["--add", "team/action/deep/down@v2"])
      #expect(result.status == 0, "\(result)")
      let expected = try await repository.commit("v2")
      let actions = try locking.read().actions
      #expect(actions.map(\.name) == ["team/action/deep/down"])
      #expect(actions.first?.commit == expected)
    }
  }

  @Test func `a version that is no tag, and a repository that is not there, are named`()
    async throws
  {
    let text = lockFile(actions: [("team/action", "v3"), ("team/other", "v1")])
    try await withRepository([]) { locking, repository in
      try locking.folder.write(text, to: Locking.file)
      let result = try await locking.run(repository.map)
      #expect(result.status == 4)
      let base = locking.folder.path(of: "repositories")
      #expect(
        result.words.contains(
          "error[supply/git-answers]: 'team/action@v3' is not read: \(base)/team/action has no "
            + "such tag ::: Lock.json:4 actions[0]"), "\(result)")
      #expect(
        result.words.contains("'team/other@v1' is not read: git cannot read \(base)/team/other: "))
      #expect(result.stderr.hasSuffix("refused: 2 errors, 0 warnings. Nothing was written.\n"))
      try expectUntouched(locking, text)
    }
  }

  @Test(arguments: [
    ("sleep 30 & sleep 30", 4, "git had no answer from /nowhere/team/action within 1 s"),
    ("exit 7", 4, "git cannot read /nowhere/team/action: status 7"),
    ("echo nonsense", 1, "the answer of /nowhere/team/action makes no sense"),
    (#"printf 'v1\trefs/tags/v1\n'"#, 1, "the answer of /nowhere/team/action makes no sense"),
    (
      "cat /dev/zero", 1, "/nowhere/team/action answers with more than 4194304 bytes"
    ),
  ])
  func `a git that misbehaves is ended and named`(
    script: String, status: Int32, says: String
  ) async throws {
    let text = lockFile(actions: [("team/action", "v1")])
    try await withLock(text) { locking in
      try await locking.folder.program("#!/bin/sh\n\(script)\n", to: "bin/git")
      let result = try await locking.run(
        [
          "--git-map", "github.com=/nowhere", "--timeout",
          says.hasSuffix("within 1 s") ? "1" : "10",
        ],
        environment: ["PATH": "\(locking.folder.path(of: "bin")):/usr/bin:/bin"])
      #expect(result.status == status, "\(result)")
      #expect(result.words.contains("'team/action@v1' is not read: \(says)"), "\(result)")
      try expectUntouched(locking, text)
    }
  }

  @Test func `without git there is a finding that says so`() async throws {
    let text = lockFile(actions: [("team/action", "v1")])
    try await withLock(text) { locking in
      let result = try await locking.run(
        ["--git-map", "github.com=/nowhere"], environment: ["PATH": locking.folder.path])
      #expect(result.status == 4)
      #expect(result.words.contains("git does not start: No such file or directory"), "\(result)")
      #expect(result.stderr.contains("  = fix: install git\n"))
      try expectUntouched(locking, text)
    }
  }
}
