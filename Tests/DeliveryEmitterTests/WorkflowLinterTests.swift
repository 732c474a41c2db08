import SlipwayModel
import TestSupport
import Testing

/// The judges of workflows, each with its one profile and without a network.
struct WorkflowLinterTests {
  private static let profiles = "\(packageRoot)/Tests/DeliveryEmitterTests/Profiles"

  /// Flowrex' own, other ways of delivery, and workflows of which half is not locked.
  static func cases() throws -> [(name: String, emitted: Emitted)] {
    [
      ("flowrex", try Emitted.flowrex()), ("delivered", try Emitted.shop(Specimens.delivered)),
      ("production", try Emitted.shop([Specimens.production])),
      ("unlocked", try Emitted.shop(Specimens.delivered, lock: ImageLock())),
    ]
  }

  private func judge(
    _ body: (String, TemporaryFolder, [String]) async throws -> Void
  ) async throws {
    for (name, emitted) in try Self.cases() {
      try await withTemporaryFolder { folder in
        try emitted.write(to: folder)
        try await body(
          name, folder, [folder.path(of: Emitted.ci), folder.path(of: Emitted.deploy)])
      }
    }
  }

  @Test func `actionlint has nothing to say`() async throws {
    try await judge { name, _, files in
      let output = try await Tool.run(
        "actionlint", ["-config-file", "\(Self.profiles)/actionlint.yaml"] + files)
      #expect(output.status == 0 && output.stdout.isEmpty, "\(name): \(output)")
    }
  }

  @Test func `actionlint reads the scripts with the shell's linter`() async throws {
    try await withTemporaryFolder { folder in
      let text = try Emitted.flowrex().text(Emitted.ci)
        .replacing(#"export "${name}=${value}""#, with: "export ${name}=${value}; echo $value")
      let path = try folder.write(text, to: "ci.yml")
      let output = try await Tool.run("actionlint", [path])
      #expect(output.status == 1 && output.stdout.contains("SC2086"), "\(output)")
    }
  }

  @Test func `zizmor has nothing to say`() async throws {
    try await judge { name, folder, files in
      // A runner of one's own is a decision that an environment states. (design §7)
      let isOwn = name == "delivered" || name == "unlocked"
      let output = try await Tool.run(
        "zizmor",
        ["--offline", "--persona", "auditor", "--no-progress", "--format", "plain"]
          + ["--config", "\(Self.profiles)/zizmor.yml"] + files)
      let found = Set(output.stdout.matches(of: /(?m)^\w+\[([a-z-]+)\]/).map { $0.output.1 })
      #expect(found == (isOwn ? ["self-hosted-runner"] : []), "\(name): \(output)")
      #expect((output.status == 0) == !isOwn, "\(output)")
    }
  }

  @Test func `zizmor with this profile still objects`() async throws {
    try await withTemporaryFolder { folder in
      let text = """
        name: x
        on: push
        jobs:
          a:
            name: a
            runs-on: ubuntu-24.04
            steps:
              - uses: actions/checkout@v4
              - run: echo "${{ github.event.head_commit.message }}" "${{ secrets.A }}"
        """
      let path = try folder.write(text, to: ".github/workflows/x.yml")
      let output = try await Tool.run(
        "zizmor",
        ["--offline", "--persona", "auditor", "--config", "\(Self.profiles)/zizmor.yml", path])
      for rule in [
        "unpinned-uses", "artipacked", "template-injection", "excessive-permissions",
        "secrets-outside-env", "concurrency-limits",
      ] {
        #expect(output.stdout.contains("[\(rule)]"), "\(rule): \(output)")
      }
    }
  }

  @Test func `yamllint has nothing to say`() async throws {
    try await judge { name, _, files in
      let output = try await Tool.run(
        "yamllint", ["--strict", "--config-file", "\(Self.profiles)/yamllint.yml"] + files)
      #expect(output.status == 0 && output.stdout.isEmpty, "\(name): \(output)")
    }
  }

  @Test func `another parser reads the same jobs`() async throws {
    for (name, emitted) in try Self.cases() {
      for path in [Emitted.ci, Emitted.deploy] {
        let output = try await Tool.run(
          "python3",
          [
            "-c",
            """
            import sys, yaml
            root = yaml.safe_load(sys.stdin)
            assert list(root)[:2] == ["name", "on"], list(root)
            for name, job in root["jobs"].items():
                words = [name, str(len(job["steps"]))] + job.get("needs", [])
                sys.stdout.write(" ".join(words) + "\\n")
            """,
          ], input: try emitted.text(path))
        let ours = try emitted.workflow(path)
        let expected = ours.jobNames.map { job in
          ([job, String(ours.steps(of: job).count)] + ours.needs(job)).joined(separator: " ") + "\n"
        }
        #expect(output.stdout == expected.joined(), "\(name): \(output)")
      }
    }
  }

  @Test func `the runner reads both, and sees every job`() async throws {
    try await judge { name, folder, files in
      let workflows = folder.path(of: ".github/workflows")
      let valid = try await Tool.run(
        "act", ["--validate", "--workflows", workflows], in: folder.path,
        environment: ["HOME": folder.path])
      #expect(valid.status == 0, "\(name): \(valid)")
      let list = try await Tool.run(
        "act", ["--list", "--workflows", workflows], in: folder.path,
        environment: ["HOME": folder.path])
      let jobs = try files.flatMap {
        try ReadWorkflow(try folder.read(String($0.dropFirst(folder.path.count + 1)))).jobNames
      }
      let listed = list.stdout.matches(of: /(?m)^\d+\s+(\S+)/).map { String($0.output.1) }
      #expect(listed.sorted() == jobs.sorted(), "\(name): \(list)")
    }
  }

  @Test func `the receiving script satisfies the shell's linters`() async throws {
    let emitted = try Emitted.flowrex()
    for environment in ["staging", "prod"] {
      let text = try emitted.text("generated/delivery/receive-\(environment)")
      let check = try await Tool.run(
        "shellcheck", ["--rcfile=scripts/.shellcheckrc", "-o", "all", "-S", "style", "-"],
        input: text)
      #expect(check.status == 0, "\(check)")
      let form = try await Tool.run("shfmt", ["-i", "2", "-ci", "-d", "-"], input: text)
      #expect(form.status == 0 && form.stdout.isEmpty, "\(form)")
    }
  }
}
