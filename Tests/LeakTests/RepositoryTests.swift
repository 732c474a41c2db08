import Environments
import Foundation
import SlipwayModel
import TestSupport
import Testing

/// `slipway leaks`, as it is run: over folders, repositories and their history.
struct RepositoryTests {
  private struct Finding: Decodable {
    let rule: String
    let message: String
    let lands: Lands?
    struct Lands: Decodable {
      let path: String
      let place: String?
      let line: Int?
    }
  }

  private static func git(_ folder: TemporaryFolder, _ script: String) async throws -> String {
    let output = try await Tool.program(
      "/bin/bash",
      [
        "-euc",
        """
        export HOME=\(folder.path) GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_DATE=2026-01-01T00:00:00Z
        export GIT_COMMITTER_DATE=2026-01-01T00:00:00Z GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b
        export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
        \(script)
        """,
      ], in: folder.path)
    try #require(output.status == 0, "\(output)")
    return output.stdout
  }

  /// What is found, without exceptions of our own repository that excuse nothing in another.
  private static func leaks(
    in folder: String, _ arguments: [String] = []
  ) async throws -> [Finding] {
    let output = try await Tool.built(
      "slipway", ["leaks", "--format", "json"] + arguments, in: folder)
    try #require([0, 1].contains(output.status), "\(output)")
    return try JSONDecoder().decode([Finding].self, from: Data(output.stdout.utf8))
      .filter { $0.rule != "leaks/exceptions-are-used" }
  }

  @Test(.covers("S18-HS-07", "S17-PR-04"))
  func `what was committed and deleted is found in the history`() async throws {
    try await withTemporaryFolder { folder in
      let tokens = Planted.tokens(1).filter { $0.rule == "github-token" }.map(\.value)
      let (first, second) = (tokens[0], tokens[1])
      try folder.write("a: 1\nb: \(first)\n", to: "deploy/a.yml")
      let commit = try await Self.git(
        folder,
        """
        git init -q -b main . && git add . && git commit -qm one && git rev-parse HEAD >id
        git rm -q deploy/a.yml && git commit -qm 'two: no \(second)'
        cat id && rm id
        """)
      let found = try await Self.leaks(in: folder.path)
      #expect(found.map(\.rule) == ["leaks/github-token", "leaks/github-token"])
      #expect(found.map { $0.lands?.path } == ["commit message", "deploy/a.yml"])
      let old = try #require(found.last?.lands)
      #expect(old.line == 2 && old.place == "commit \(commit.prefix(12))", "\(old)")
    }
  }

  @Test func `what only a merge or another branch brought is found`() async throws {
    try await withTemporaryFolder { folder in
      let value = Planted.tokens(2)[5].value
      try folder.write("one\n", to: "a")
      _ = try await Self.git(
        folder,
        """
        git init -q -b main . && git add . && git commit -qm one
        git checkout -qb side && echo two >b && git add . && git commit -qm side
        git checkout -q main && echo three >c && git add . && git commit -qm main
        git merge -q --no-commit side && echo '\(value)' >d && git add . && git commit -qm merge
        git rm -q d && git commit -qm gone
        git checkout -qb other && echo 'x \(value)x1' >e && git add . && git commit -qm other
        git checkout -q main && git stash list
        """)
      let found = try await Self.leaks(in: folder.path)
      #expect(Set(found.compactMap { $0.lands?.path }) == ["d", "e"], "\(found)")
    }
  }

  @Test func `a history that is cut off is told, and files of today are told once`() async throws {
    try await withTemporaryFolder { folder in
      let value = Planted.tokens(4)[5].value
      try folder.write("x: \(value)\n", to: "first/a.yml")
      try folder.write("x: \(value)\n", to: "first/.hidden/new.yml")
      _ = try await Self.git(
        folder,
        """
        cd first && git init -q -b main . && git add a.yml && git commit -qm one
        echo more >>a.yml && git commit -qam two && cd ..
        git clone -q --depth 1 "file://${PWD}/first" second
        """)
      let found = try await Self.leaks(in: folder.path(of: "first"))
      #expect(found.compactMap { $0.lands?.path } == [".hidden/new.yml", "a.yml"], "\(found)")
      let cut = try await Self.leaks(in: folder.path(of: "second"))
      #expect(cut.map(\.rule).sorted() == ["leaks/github-token", "leaks/history-is-whole"])
    }
  }

  @Test func `where there is no repository, it says so`() async throws {
    try await withTemporaryFolder { folder in
      let output = try await Tool.built("slipway", ["leaks"], in: folder.path)
      #expect(output.status == 4)
      #expect(output.stderr.hasPrefix("error: git says: fatal: not a git repository"))
      let missing = try await Tool.built("slipway", ["leaks", "nowhere"], in: folder.path)
      #expect(missing.status == 4)
      #expect(missing.stderr.contains("'nowhere' was not looked into"), "\(missing)")
      let values = try await Tool.built(
        "slipway", ["leaks", "--values", "no", "."], in: folder.path)
      #expect(values.status == 4)
      #expect(values.stderr == "error: the values of 'no' cannot be read\n")
    }
  }

  /// A folder of mounted files, a file of variables, the variables of the process and a
  /// developer's own folder hold a canary for every secret of every environment, each its own.
  @Test(.covers("S18-HS-07", "C-16"), .timeLimit(.minutes(10)))
  func `a thousand canaries in every slot reach no generated file`() async throws {
    let templates = try await Self.slots()
    var count = 0
    for round in 0..<4 {
      try await withTemporaryFolder { folder in
        var dice = Planted.Dice(round)
        var variables: [String: String] = [:]
        var dotenv = ""
        for (environment, name) in templates {
          let key = name.uppercased().replacing("-", with: "_")
          let values = (0..<4).map { _ in "canary" + dice.text(40, of: Planted.alphanumeric) }
          if variables[key] == nil {
            variables[key] = values[0]
            count += 1
          }
          dotenv += "\(environment)_\(key)=\(values[1])\n"
          try folder.write(values[2], to: "out/.slipway/\(environment)/secrets/\(name)")
          try folder.write(values[3], to: "out/run/secrets/\(environment)/\(name)")
          count += 3
          for (index, value) in values.enumerated() {
            try folder.write(value, to: "values/\(environment)-\(name)-\(index)")
          }
        }
        try folder.write(dotenv, to: "out/.env")
        try folder.write(
          try String(contentsOfFile: "\(packageRoot)/environments/Lock.json", encoding: .utf8),
          to: "out/environments/Lock.json")
        let generated = try await Tool.built(
          "slipway", ["generate", "--output", "out"], in: folder.path, environment: variables)
        try #require(generated.status == 0, "\(generated)")
        let paths = ["out/generated", "out/.github", "out/.env.example"]
        let values = folder.path(of: "values")
        let found = try await Self.leaks(in: folder.path, ["--values", values] + paths)
        #expect(found.isEmpty, "\(found)")

        // The same search sees one that is there.
        let any = try #require(variables.values.min())
        let page = "out/generated/prod/README.md"
        try folder.write(try folder.read(page) + "\n\(any)\n", to: page)
        let planted = try await Self.leaks(in: folder.path, ["--values", values] + paths)
        #expect(planted.map { $0.rule } == ["leaks/known-value"], "\(planted)")
      }
    }
    #expect(count >= 1_000)
  }

  /// Every secret of every environment, as the stack's files name them.
  private static func slots() async throws -> [(environment: String, name: String)] {
    try ["dev", "staging", "prod"].flatMap { environment in
      let text = try String(
        contentsOfFile: "\(packageRoot)/generated/\(environment)/docker-compose.yml",
        encoding: .utf8)
      let section = text.components(separatedBy: "\nsecrets:\n")[1]
      return section.split(separator: "\n").prefix { $0.hasPrefix(" ") }
        .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
        .map { (environment, $0.trimmingCharacters(in: [" ", ":"])) }
    }
  }
}
