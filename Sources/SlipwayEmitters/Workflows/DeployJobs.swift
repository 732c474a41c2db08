import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// The jobs that bring a release to one environment: its record, the gate, the deployment, and
/// word of how it ended.
struct DeployJobs {
  let plan: DeliveryPlan
  let stage: DeliveryStage

  var all: [Job] {
    [promote, gate, deploy, NotifyJob(plan: plan, stage: stage).job].compactMap { $0 }
  }

  private var environment: ResolvedEnvironment { stage.environment }
  /// Only in a run whose record reached the environment.
  static func accepted(_ stage: String) -> String { "accepted-\(stage)" }
  static let promotedEvidence = "\(CheckJobs.evidence)promoted"
  static let days = 90

  // MARK: The record of the environment before

  /// Production takes what staging took: the record is an artefact of the run that delivered this
  /// very commit there. A commit that staging never took has none, and so cannot go further.
  private var promote: Job? {
    guard case .promoted(let from, let branch) = stage.source else { return nil }
    return Job(
      id: stage.promoteJob, name: "Release of \(from)", condition: stage.condition,
      environment: .string(ReleaseJobs.environment), minutes: 15,
      permissions: [
        Permission(scope: .actions, access: "read", reason: "Fetches the release record."),
        Permission(scope: .attestations, access: "read", reason: "Reads the images' provenance."),
      ],
      outputs: [.entry("kind", "${{ steps.previous.outputs.kind }}")],
      steps: [
        ReleaseJobs.previous,
        Step(
          name: "Find the run that delivered this commit to \(from)",
          variables: WorkflowExpression.gitHub + [
            .entry("BRANCH", .string(branch, from: stage.origins))
          ],
          work: .run([
            "run=$(gh run list --workflow \(WorkflowsEmitter.deployFile) --branch \"${BRANCH}\" \\",
            #"  --commit "${GITHUB_SHA}" --event push --status success --limit 1 \"#,
            "  --json databaseId --jq '.[0].databaseId // \"\"')",
            "if [[ -z ${run} ]]; then",
            "  echo \"::error::${GITHUB_SHA} was not delivered to \(from): move this branch "
              + "forward to a commit of ${BRANCH} that was\" >&2",
            "  exit 1",
            "fi",
            "gh run download \"${run}\" --name \(Self.accepted(from)) --dir .",
            "gh run download \"${run}\" --pattern '\(CheckJobs.evidence)image-*' --dir evidence",
            "jq --exit-status '.commit == $ENV.GITHUB_SHA' \(ReleaseJobs.file)",
          ])),
        .login(to: plan.registryHost, from: plan.project.origin),
        Step(
          name: "Ask who built the images", variables: WorkflowExpression.gitHub,
          work: .run([
            "jq --raw-output '.images[]' \(ReleaseJobs.file) | while read -r image; do",
            "  gh attestation verify \"oci://${image}\" --repo \"${GITHUB_REPOSITORY}\" \\",
            "    --source-digest \"${GITHUB_SHA}\" --deny-self-hosted-runners \\",
            "    --signer-workflow \"${GITHUB_REPOSITORY}/\(WorkflowsEmitter.deployPath)\"",
            "done",
          ])),
        .keep(ReleaseJobs.file, as: ReleaseJobs.artefact, days: Self.days),
        .keep("evidence", as: Self.promotedEvidence, days: Self.days),
      ], origins: stage.origins)
  }

  // MARK: The gate

  /// The checklist, for every environment that is delivered. It has no flag that skips anything.
  /// The script on the cluster asks once more, with what only the cluster knows. (C-42, C-54, F14)
  private var gate: Job {
    Job(
      id: stage.gateJob, name: "Gate of \(stage.name)", needs: stage.evidenceJobs,
      condition: stage.condition, minutes: 30, permissions: [.readsSource],
      container: JobContainer(image: .swift),
      steps: [
        .checkout, .fetch(ReleaseJobs.artefact, to: "."), .fetchEvidence,
        Step(
          name: "Ask the gate",
          variables: [.entry("KIND", WorkflowExpression.output("kind", of: stage.kindJob))],
          work: .run([
            "scripts/install-build-needs", "swift build --product slipway-gate",
            ".build/debug/slipway-gate gate \(stage.name) --kind \"${KIND}\" \\",
            "  --record \(ReleaseJobs.file) --evidence evidence --seat delivery",
          ]), origins: stage.origins),
      ], origins: stage.origins)
  }

  // MARK: The deployment

  private var deploy: Job {
    let access = DeployAccess(stage: stage)
    return Job(
      id: stage.deployJob, name: "Deploy to \(stage.name)",
      needs: stage.evidenceJobs + [stage.gateJob], condition: stage.condition,
      runner: access.runner,
      environment: .map(
        [.entry("name", .string(stage.name)), address.map { .entry("url", .string($0)) }],
        from: stage.origins),
      concurrency: Concurrency(group: "deploy-\(stage.name)", cancels: false), minutes: 90,
      permissions: [.readsSource],
      outputs: [.entry("verdict", "${{ steps.report.outputs.verdict }}")],
      steps: [.checkout, .fetch(ReleaseJobs.artefact, to: "."), .fetchEvidence] + access.steps
        + [verify].compactMap { $0 } + report + [
          .keep(ReleaseJobs.file, as: Self.accepted(stage.name), days: Self.days)
        ], origins: stage.origins)
  }

  private var address: String? { environment.edge.map { "https://\($0.names.site)" } }

  /// From outside, as people reach it. (S17-CI-13, S18-DEP-12)
  private var verify: Step? {
    guard let edge = environment.edge else { return nil }
    let health: [String] = edge.locations.compactMap { location in
      guard location.isHealth, location.isAPI, case .exactly(let path) = location.match else {
        return nil
      }
      return "https://\(edge.names.api)\(path)"
    }
    return Step(
      name: "Ask it from outside",
      work: .run(
        ["for address in \\"]
          + (health + ["https://\(edge.names.site)/"]).map { "  \(Shell.word($0)) \\" } + [
            "; do",
            "  curl --fail --silent --show-error --output /dev/null --max-time 10 \\",
            "    --retry 12 --retry-delay 5 --retry-all-errors \"${address}\"",
            "done",
          ]), origins: [edge.origin])
  }

  /// Brings the report back, however it ended.
  private var report: [Step] {
    [
      Step(
        name: "Bring the report back", id: "report", condition: "always()",
        work: .run([
          "verdict=$(jq --raw-output '.verdict // \"no verdict\"' \(DeployAccess.report) || true)",
          #"echo "verdict=${verdict:-no report}" >>"${GITHUB_OUTPUT}""#,
          "{",
          "  echo \"### \(plan.project.name) on \(stage.name): ${verdict:-no report}\"",
          "  echo '```json'",
          "  cat \(DeployAccess.report) || true",
          "  echo '```'",
          #"} >>"${GITHUB_STEP_SUMMARY}""#,
        ])),
      .keep(
        DeployAccess.report, as: "report-\(stage.name)", days: Self.days, condition: "always()"),
    ]
  }
}
