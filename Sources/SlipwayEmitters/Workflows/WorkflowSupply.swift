import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// The actions that workflows use. Their commits stand in `environments/Lock.json`. (W04, W05)
///
/// Trivy is not one of them: its action fetches further programs while it runs, and its tags were
/// moved to hostile commits in 2026. The scanner runs from its image, whose digest pins all of it.
enum WorkflowAction: String, CaseIterable {
  case attest = "actions/attest-build-provenance"
  case cache = "actions/cache"
  case checkout = "actions/checkout"
  case download = "actions/download-artifact"
  case upload = "actions/upload-artifact"
  case build = "docker/build-push-action"
  case login = "docker/login-action"
  case builder = "docker/setup-buildx-action"
  case findings = "github/codeql-action/upload-sarif"
}

/// What workflows take from others, pinned.
struct WorkflowSupply {
  let lock: ImageLock

  func commit(of action: WorkflowAction) -> LockedAction? { lock.action(action.rawValue) }

  /// The pinned reference, or `nil`.
  func reference(_ image: ThirdParty) -> String? {
    if case .locked(let locked) = lock.reference(image) { locked.reference } else { nil }
  }

  /// The names of the images that a job stands on and that are not pinned.
  func missing(container: JobContainer?, services: [JobService]) -> [String] {
    ([container?.image].compactMap { $0 } + services.map(\.image))
      .filter { reference($0) == nil }.map(\.name)
  }

  /// What is not locked; the steps in its place fail.
  func findings(of project: Origin) -> [Finding] {
    let actions = WorkflowAction.allCases.filter { commit(of: $0) == nil }.map { action in
      Finding(
        rule: "supply/unlocked-action", severity: .warning,
        message: "action '\(action.rawValue)' has no commit in the lock file and will not be run",
        written: [project], label: "its workflows",
        why: "a tag of an action can be moved to hostile code that then reads secrets (C-30, W04)",
        fix: "run `slipway lock --add \(action.rawValue)@VERSION` where the repository can be "
          + "reached, and commit the lock file")
    }
    let images = Self.images.filter { reference($0) == nil }.map { image in
      Finding(
        rule: "supply/unlocked-image", severity: .warning,
        message: "image '\(image.name):\(image.tag)' has no digest in the lock file and will not "
          + "be run by workflows",
        written: [project], label: "its workflows",
        why: "a tag can be moved to other content after it was reviewed (C-30)",
        fix: "run `slipway lock --add \(image.name):\(image.tag)` where the registry can be "
          + "reached, and commit the lock file")
    }
    return actions + images
  }

  /// The images that workflows start.
  private static let images: [ThirdParty] = [.swift, .postgres, .redis, .trivy, .buildkit]
}

/// The container that the steps of a job run in.
struct JobContainer {
  let image: ThirdParty
  var options: String?

  func node(_ supply: WorkflowSupply) -> YAMLNode {
    .map([
      .entry("image", .string(supply.reference(image) ?? "")),
      options.map { .entry("options", .string($0)) },
    ])
  }
}

/// A container beside a job, reached by its name. (S17-CI-02, 03, W19)
struct JobService {
  let name: String
  let image: ThirdParty
  var variables: [YAMLEntry] = []
  /// The words whose exit status says whether it is ready.
  let health: String

  func node(_ supply: WorkflowSupply) -> YAMLNode {
    .map([
      .entry("image", .string(supply.reference(image) ?? "")),
      variables.isEmpty ? nil : .entry("env", .map(variables)),
      .entry(
        "options",
        .string(
          "--health-cmd \"\(health)\" --health-interval 10s --health-timeout 5s --health-retries 5"
        )),
    ])
  }
}
