import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// A workflow of GitHub Actions as a value. What every workflow must have, its type asks for:
/// no permission unless a job names it, a group that runs one at a time, a strict shell.
/// (seed defects W09, W12)
struct Workflow {
  let name: String
  /// Stands above the first key.
  let comment: String
  let triggers: YAMLNode
  let concurrency: Concurrency
  let jobs: [Job]

  /// `-u` is not part of the runner's own strictness.
  static let shell = "bash --noprofile --norc -euo pipefail {0}"

  func node(_ supply: WorkflowSupply) -> YAMLNode {
    .map([
      .entry("name", .string(name), comment: comment),
      .entry("on", triggers),
      .entry("permissions", .map([YAMLEntry?]()), comment: "Each job names what it needs."),
      .entry("concurrency", concurrency.node),
      .entry("defaults", .map([.entry("run", .map([.entry("shell", .string(Self.shell))]))])),
      .entry("jobs", .map(jobs.map { .entry($0.id, $0.node(supply), comment: $0.comment) })),
    ])
  }
}

/// Which runs wait for each other. (W12)
struct Concurrency {
  let group: String
  /// Whether a newer run ends an older one; never while something is being deployed.
  let cancels: YAMLNode

  var node: YAMLNode {
    .map([.entry("group", .string(group)), .entry("cancel-in-progress", cancels)])
  }
}

/// A permission of the job's token, with the reason why it is needed.
struct Permission {
  enum Scope: String {
    case actions, attestations, contents
    case token = "id-token"
    case securityEvents = "security-events"
  }
  let scope: Scope
  let access: String
  let reason: String

  static let readsSource = Permission(
    scope: .contents, access: "read", reason: "Checks out the commit.")
}

/// A job: who runs it, how long at most, with which permissions. (W09, W20)
struct Job {
  let id: String
  let name: String
  var comment: String?
  var needs: [String] = []
  /// An expression without its braces.
  var condition: String?
  var runner = Runner.hosted
  /// Guards the secrets that the job sees. (W11)
  var environment: YAMLNode?
  var concurrency: Concurrency?
  let minutes: Int
  let permissions: [Permission]
  var container: JobContainer?
  var services: [JobService] = []
  var variables: [YAMLEntry] = []
  var outputs: [YAMLEntry] = []
  /// Whether the run succeeds although this job fails.
  var mayFail = false
  var steps: [Step]
  var origins: [Origin] = []

  func node(_ supply: WorkflowSupply) -> YAMLNode {
    let missing = supply.missing(container: container, services: services)
    let steps = missing.map(Step.refusal) + steps
    // One list after the other: as one expression the compiler thinks about it for three seconds.
    var entries: [YAMLEntry?] = [
      .entry("name", .string(name)),
      needs.isEmpty ? nil : .entry("needs", .list(needs.map { .string($0) })),
      condition.map { .entry("if", .string($0, from: origins)) },
      .entry("runs-on", runner.node),
      environment.map { .entry("environment", $0) },
      concurrency.map { .entry("concurrency", $0.node) },
      .entry("timeout-minutes", .integer(minutes)),
      mayFail ? .entry("continue-on-error", true) : nil,
      .entry(
        "permissions",
        .map(
          permissions.map {
            .entry($0.scope.rawValue, .string($0.access), comment: $0.reason)
          })),
    ]
    if missing.isEmpty { entries += places(supply) }
    entries += [
      variables.isEmpty ? nil : .entry("env", .map(variables)),
      outputs.isEmpty ? nil : .entry("outputs", .map(outputs)),
      .entry("steps", .list(steps.map { $0.node(supply) })),
    ]
    return .map(entries, from: origins)
  }

  /// The containers of the job, which are left out if one of them is not locked: the job then
  /// fails at its first step.
  private func places(_ supply: WorkflowSupply) -> [YAMLEntry?] {
    [
      container.map { .entry("container", $0.node(supply)) },
      services.isEmpty
        ? nil : .entry("services", .map(services.map { .entry($0.name, $0.node(supply)) })),
    ]
  }
}

/// The machine that a job runs on.
enum Runner {
  /// A fresh virtual machine; named by its release, for "latest" is another one some day. (W20)
  case hosted
  /// The same, of this kind.
  case machine(Machine)
  case own(labels: [String])

  /// Kinds of machines that can be hired; each builds images of its own kind, nothing is emulated.
  enum Machine: String, CaseIterable {
    case amd64 = "linux/amd64"
    case arm64 = "linux/arm64"
  }

  var node: YAMLNode {
    switch self {
    case .hosted, .machine(.amd64): "ubuntu-24.04"
    case .machine(.arm64): "ubuntu-24.04-arm"
    case .own(let labels): .list((["self-hosted"] + labels).map { .string($0) })
    }
  }
}

/// One step of a job.
struct Step {
  enum Work {
    /// Lines of the workflow's shell. Values come through `env`, never through an expression:
    /// what an expression yields would be read as code.
    case run([String])
    case use(WorkflowAction, [YAMLEntry])
  }
  let name: String
  var id: String?
  var condition: String?
  var variables: [YAMLEntry] = []
  let work: Work
  var origins: [Origin] = []

  func node(_ supply: WorkflowSupply) -> YAMLNode {
    if case .use(let action, _) = work, supply.commit(of: action) == nil {
      var refusal = Step.refusal(action.rawValue)
      // Others may name this step, and it fails when the real one would have run.
      (refusal.id, refusal.condition) = (id, condition)
      return refusal.node(supply)
    }
    return .map(
      [
        .entry("name", .string(name)),
        id.map { .entry("id", .string($0)) },
        condition.map { .entry("if", .string($0)) },
        variables.isEmpty ? nil : .entry("env", .map(variables)),
      ] + body(supply), from: origins)
  }

  private func body(_ supply: WorkflowSupply) -> [YAMLEntry?] {
    switch work {
    case .run(let lines):
      let text = lines.count == 1 ? lines[0] : lines.map { $0 + "\n" }.joined()
      return [.entry("run", .string(text, from: origins))]
    case .use(let action, let inputs):
      guard let locked = supply.commit(of: action) else { return [] }
      return [
        .entry(
          "uses", .string("\(locked.name)@\(locked.commit)"),
          comment: "\(locked.name) \(locked.version)"),
        inputs.isEmpty ? nil : .entry("with", .map(inputs)),
      ]
    }
  }

  /// Stands where something would run that is not pinned: nothing does, by accident or otherwise.
  static func refusal(_ name: String) -> Step {
    Step(
      name: "Refuse what is not pinned",
      variables: [.entry("UNLOCKED", .string(name))],
      work: .run([
        #"echo "::error::${UNLOCKED} is not in the lock file; run: slipway lock" >&2"#, "exit 1",
      ]))
  }
}
