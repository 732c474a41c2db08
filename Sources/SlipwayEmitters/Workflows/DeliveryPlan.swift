import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayModel

/// The way of a commit through the environments, worked out from what each says of its delivery.
///
/// Images are built once, for the branch of an environment that comes after no other. Every later
/// environment takes the release record of the one before it, for the very same commit: what runs
/// in production is, byte for byte, what staging ran. (W17, S17-CI-09)
struct DeliveryPlan {
  let project: Project
  let images: [FirstPartyImage]
  /// The one kind of machine that our images run on, and so are built on.
  let machine: Runner.Machine?
  /// In the order of delivery.
  let stages: [DeliveryStage]
  let findings: [Finding]

  init?(_ environments: [ResolvedEnvironment]) {
    guard let project = environments.first?.project else { return nil }
    self.project = project
    let delivered = environments.filter { $0.specification.delivery != nil }
    images = FirstPartyImage.all(of: environments).filter { image in
      delivered.contains { environment in
        environment.services.contains { $0.image == .release(variable: image.variable) }
      }
    }
    let (ordered, findings) = Self.ordered(delivered)
    stages = ordered
    let platforms = Set(delivered.flatMap(\.nodes).map(\.platform)).sorted()
    machine = platforms.count == 1 ? platforms.first.flatMap(Runner.Machine.init) : nil
    self.findings =
      findings
      + (machine == nil && !platforms.isEmpty ? Self.foreign(platforms, delivered) : [])
  }

  /// The branches for which images are built.
  var buildBranches: [String] {
    unique(stages.filter { $0.source == .built }.map(\.delivery.branch))
  }
  /// All branches that are delivered.
  var branches: [String] { unique(stages.map(\.delivery.branch)) }

  /// The account's registry: `registry.example.com`.
  var registryHost: String {
    project.registry.split(separator: "/").first.map(String.init) ?? project.registry
  }

  private func unique(_ all: [String]) -> [String] {
    all.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// Each stage behind the one it comes after; whoever waits for nobody known is found.
  private static func ordered(
    _ environments: [ResolvedEnvironment]
  ) -> ([DeliveryStage], [Finding]) {
    var waiting = environments
    var stages: [DeliveryStage] = []
    var placed: [String: DeliveryStage] = [:]
    var hasMoved = true
    while hasMoved {
      var left: [ResolvedEnvironment] = []
      for environment in waiting {
        let delivery = environment.specification.delivery
        let before = delivery?.after.flatMap { placed[$0] }
        guard let delivery, delivery.after == nil || before != nil else {
          left.append(environment)
          continue
        }
        let stage = DeliveryStage(environment, delivery, after: before)
        stages.append(stage)
        placed[stage.name] = stage
      }
      hasMoved = left.count < waiting.count
      waiting = left
    }
    return (stages, waiting.compactMap(finding))
  }

  /// An image is built and scanned on a machine of its own kind; one digest is one kind.
  private static func foreign(
    _ platforms: [String], _ environments: [ResolvedEnvironment]
  ) -> [Finding] {
    let nodes = environments.flatMap(\.nodes).filter { $0.platform != "linux/amd64" }
    let known = Runner.Machine.allCases.map { "'\($0.rawValue)'" }.joined(separator: " or ")
    return [
      Finding(
        rule: "delivery/machines-are-of-one-kind",
        message: "images would have to run on \(platforms.joined(separator: " and "))",
        written: nodes.map { $0.origin.at("platform") }, label: "of another kind",
        why: "one build makes an image for one kind of machine; what is emulated is not what runs",
        fix: "give all nodes of delivered environments one platform, \(known)")
    ]
  }

  private static func finding(_ environment: ResolvedEnvironment) -> Finding? {
    guard let delivery = environment.specification.delivery, let after = delivery.after else {
      return nil
    }
    return Finding(
      rule: "delivery/after-exists",
      message: "'\(environment.name)' would be delivered after '\(after)', which never is",
      written: [delivery.origin.at("after")], label: "waits for it",
      why: "images come from the environment before; without one nothing could be delivered",
      fix: "name an environment that is delivered itself, or delete `after:` to build here",
      environment: environment.name)
  }
}

/// One environment on the way of a commit.
struct DeliveryStage {
  /// Where the release record comes from.
  enum Source: Equatable {
    /// This branch's images are built in the same run.
    case built
    /// Another environment of the same branch took them in the same run.
    case follows(String)
    /// Another environment took them in an earlier run, on this branch of its own.
    case promoted(from: String, branch: String)
  }

  let environment: ResolvedEnvironment
  let delivery: DeliveryValue
  let source: Source

  /// The job that says which gate this release must pass: the first of its branch has another.
  let kindJob: String

  init(
    _ environment: ResolvedEnvironment, _ delivery: DeliveryValue, after: DeliveryStage?
  ) {
    self.environment = environment
    self.delivery = delivery
    kindJob =
      switch after {
      case nil: ReleaseJobs.record
      case .some(let stage) where stage.delivery.branch == delivery.branch: stage.kindJob
      case .some: "promote-\(environment.name)"
      }
    source =
      switch after {
      case nil: .built
      case .some(let stage) where stage.delivery.branch == delivery.branch: .follows(stage.name)
      case .some(let stage): .promoted(from: stage.name, branch: stage.delivery.branch)
      }
  }

  var name: String { environment.name }
  var gateJob: String { "gate-\(name)" }
  var deployJob: String { "deploy-\(name)" }
  var promoteJob: String { "promote-\(name)" }
  var notifyJob: String { "notify-\(name)" }

  /// The job that holds the release record.
  var recordJob: String {
    switch source {
    case .built: ReleaseJobs.record
    case .follows(let stage): "deploy-\(stage)"
    case .promoted: promoteJob
    }
  }

  /// What must have succeeded before the gate is asked.
  var evidenceJobs: [String] {
    CheckJobs.names + (kindJob == recordJob ? [kindJob] : [kindJob, recordJob])
  }

  /// True in a run that delivers here.
  var condition: String { WorkflowExpression.isOn([delivery.branch]) }
  var origins: [Origin] { [delivery.origin] }
}
