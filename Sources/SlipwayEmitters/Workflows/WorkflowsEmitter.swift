import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
package import SlipwayModel

/// Writes the workflows that judge every push and deliver some, and marks what is generated.
/// (S17-CI-*, S17-CL-CI-*, C-30, C-42, C-54, C-68, seed defects W01 … W20)
package struct WorkflowsEmitter: SharedEmitter {
  package static let name = "workflows"
  static let deployFile = "deploy.yml"
  static let folder = ".github/workflows/"
  static let deployPath = folder + deployFile

  package init() {}

  package func emit(
    _ environments: [ResolvedEnvironment], using inputs: EmitterInputs
  ) -> Emission {
    guard let plan = DeliveryPlan(environments), let lock = environments.first?.lock else {
      return Emission()
    }
    let supply = WorkflowSupply(lock: lock)
    var emission = Emission(findings: plan.findings + supply.findings(of: plan.project.origin))
    emission.artefacts.append(
      Artefact(path: Self.folder + "ci.yml", document: .yaml(ci(plan, supply).node(supply))))
    if !plan.stages.isEmpty {
      emission.artefacts.append(
        Artefact(path: Self.deployPath, document: .yaml(deploy(plan, supply).node(supply))))
    }
    for stage in plan.stages {
      emission.add(DeployAccess(stage: stage).receiver(using: inputs))
    }
    emission.artefacts += GitAttributes.artefacts
    return emission
  }

  private func ci(_ plan: DeliveryPlan, _ supply: WorkflowSupply) -> Workflow {
    Workflow(
      name: "ci",
      comment: "Judges every push of every branch, and every pull request. (C-42)",
      triggers: .map([
        .entry("push", .map([.entry("branches", .list(["**"]))])),
        .entry("pull_request", .map([YAMLEntry?]())),
      ]),
      concurrency: Concurrency(
        group: "ci-${{ github.event_name }}-${{ github.ref }}",
        cancels: "${{ github.event_name == 'pull_request' }}"),
      jobs: CheckJobs(project: plan.project, supply: supply, caches: true).all)
  }

  private func deploy(_ plan: DeliveryPlan, _ supply: WorkflowSupply) -> Workflow {
    let delivered = plan.stages.map { "\($0.name) from \($0.delivery.branch)" }
    return Workflow(
      name: "deploy",
      comment: settings(plan, delivered),
      triggers: .map([
        .entry(
          "push",
          .map([
            .entry(
              "branches",
              .list(
                plan.branches.map { branch in
                  .string(
                    branch,
                    from: plan.stages.filter { $0.delivery.branch == branch }
                      .map { $0.delivery.origin.at("branch") })
                }))
          ]))
      ]),
      concurrency: Concurrency(group: "deploy-${{ github.ref }}", cancels: false),
      jobs: CheckJobs(project: plan.project, supply: supply, caches: false).all
        + (plan.buildBranches.isEmpty ? [] : ReleaseJobs(plan: plan, supply: supply).all)
        + plan.stages.flatMap { DeployJobs(plan: plan, stage: $0).all })
  }
}

extension WorkflowsEmitter {
  /// What the repository's administrator sets up, since no file can say it.
  private func settings(_ plan: DeliveryPlan, _ delivered: [String]) -> String {
    var lines = ["Delivers \(delivered.joined(separator: ", then ")). (S17-CI-09 … 15)", ""]
    lines += [
      "Environments of the repository, each limited to these branches:",
      "- \(ReleaseJobs.environment): the account that pushes images.",
      "- \(NotifyJob.environment): the addresses of those who are told.",
    ]
    lines += plan.stages.map { "- \($0.name): the keys of its cluster, and who must agree." }
    return lines.joined(separator: "\n")
  }
}

/// What Git and its hosts make of generated files.
enum GitAttributes {
  /// A page of attributes holds for its own folder, hence one for each.
  static var artefacts: [Artefact] {
    ["generated/", WorkflowsEmitter.folder].map { folder in
      Artefact(
        path: folder + ".gitattributes",
        document: .text(TextDocument(["* text eol=lf linguist-generated"], comments: .hash)))
    }
  }
}
