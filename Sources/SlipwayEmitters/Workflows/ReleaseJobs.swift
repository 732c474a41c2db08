import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// The jobs that make a release: one an image, then the record that names them all. (F13, W16)
struct ReleaseJobs {
  let plan: DeliveryPlan
  let supply: WorkflowSupply

  static let record = "record"
  /// The artefact, and the file in it.
  static let artefact = "release"
  static let file = "release.json"
  /// Holds the registry's account; guards no deployment.
  static let environment = "registry"
  private static let days = 90

  var all: [Job] { plan.images.map(image) + [recordJob] }

  static func imageJob(_ image: FirstPartyImage) -> String { "image-\(image.name)" }

  /// `registry.example.com/shop/shop-backend`
  static func repository(_ image: FirstPartyImage, _ plan: DeliveryPlan) -> String {
    "\(plan.project.registry)/\(image.name)"
  }

  // MARK: An image

  private func image(_ image: FirstPartyImage) -> Job {
    let repository = Self.repository(image, plan)
    return Job(
      id: Self.imageJob(image), name: "Image \(image.name)", needs: CheckJobs.names,
      condition: WorkflowExpression.isOn(plan.buildBranches), runner: runner,
      environment: .string(Self.environment), minutes: 60,
      permissions: [
        .readsSource,
        Permission(scope: .token, access: "write", reason: "Signs the provenance."),
        Permission(scope: .attestations, access: "write", reason: "Stores the provenance."),
      ],
      // The digest alone: an output with the registry's name could hold the account's and would
      // then be dropped as a secret.
      outputs: [.entry("digest", "${{ steps.build.outputs.digest }}")],
      // The release is called after the last tag before it.
      steps: [.checkoutHistory] + builder + [
        login, commitStep, build(image, repository),
        scan(repository),
        .seal(condition: "always()"),
        .keep(
          Trivy.folder, as: "\(CheckJobs.evidence)image-\(image.name)", days: Self.days,
          condition: "always()"),
        Step(
          name: "Attest where it was built",
          work: .use(
            .attest,
            [
              .entry("subject-name", .string(repository)),
              .entry("subject-digest", "${{ steps.build.outputs.digest }}"),
              .entry("push-to-registry", true),
            ])),
      ], origins: image.origins)
  }

  /// What was pushed, not what lies here. (S18-HS-03)
  private func scan(_ repository: String) -> Step {
    Trivy.step(
      "Scan the image", ["--env TRIVY_USERNAME --env TRIVY_PASSWORD"],
      "image --scanners vuln,secret --platform \(platform)", target: #""${IMAGE}@${DIGEST}""#,
      variables: [
        .entry("IMAGE", .string(repository)),
        .entry("DIGEST", "${{ steps.build.outputs.digest }}"),
        .entry("TRIVY_USERNAME", WorkflowExpression.secret(.registryAccount)),
        .entry("TRIVY_PASSWORD", WorkflowExpression.secret(.registryToken)),
      ], supply)
  }

  private var runner: Runner { plan.machine.map(Runner.machine) ?? .hosted }
  private var platform: String { (plan.machine ?? .amd64).rawValue }

  /// A builder of its own, from a pinned image. (C-30)
  private var builder: [Step] {
    guard let image = supply.reference(.buildkit) else {
      return [.refusal(ThirdParty.buildkit.name)]
    }
    return [
      Step(
        name: "Start the builder",
        work: .use(.builder, [.entry("driver-opts", .string("image=\(image)"))]))
    ]
  }

  private var login: Step { .login(to: plan.registryHost, from: plan.project.origin) }

  private var commitStep: Step {
    Step(
      name: "Take the commit's time for all files, and its name", id: "commit",
      work: .run([
        #"echo "epoch=$(git log -1 --format=%ct)" >>"${GITHUB_OUTPUT}""#,
        #"echo "version=$(git describe --tags --always)" >>"${GITHUB_OUTPUT}""#,
      ]))
  }

  /// What an image is told of its build. (C-33, S17-VAR-05)
  private func arguments(_ image: FirstPartyImage) -> [String] {
    var facts: [BuildFact] = [.revision]
    if case .swift = image.contents {
      facts += plan.project.contract.bindings.stamps.map(\.fact).filter { $0 != .revision }
    }
    return facts.map { "\(ImageLabels.argument($0))=\(Self.value(of: $0))" }
      + ["SOURCE_DATE_EPOCH=${{ steps.commit.outputs.epoch }}"]
  }

  private static func value(of fact: BuildFact) -> String {
    switch fact {
    case .version: "${{ steps.commit.outputs.version }}"
    case .revision: "${{ github.sha }}"
    case .build: "${{ github.run_id }}-${{ github.run_attempt }}"
    }
  }

  private func build(_ image: FirstPartyImage, _ repository: String) -> Step {
    Step(
      name: "Build and push", id: "build",
      work: .use(
        .build,
        [
          .entry("context", "."), .entry("file", .string(image.dockerfile)),
          .entry("platforms", .string(platform)),
          .entry("push", true), .entry("tags", .string("\(repository):${{ github.sha }}")),
          .entry("build-args", .string(arguments(image).map { $0 + "\n" }.joined())),
          .entry("provenance", "mode=max"),
          .entry("sbom", false, comment: "Its generator would be fetched by a tag."),
          .entry("cache-from", .string("type=registry,ref=\(repository):build-cache")),
          .entry("cache-to", .string("type=registry,ref=\(repository):build-cache,mode=max")),
        ]), origins: image.origins)
  }

  // MARK: The record

  private var recordJob: Job {
    Job(
      id: Self.record, name: "Release record",
      needs: plan.images.map(Self.imageJob), condition: WorkflowExpression.isOn(plan.buildBranches),
      runner: runner,
      environment: .string(Self.environment), minutes: 15,
      permissions: [
        Permission(scope: .actions, access: "read", reason: "Finds the release before this one.")
      ],
      outputs: [.entry("kind", "${{ steps.previous.outputs.kind }}")],
      steps: [login] + schemaSteps + [
        Self.previous, writeStep,
        .keep(Self.file, as: Self.artefact, days: Self.days),
      ])
  }

  /// A branch that never delivered anything has its own gate. (F14)
  static let previous = Step(
    name: "Find the release before", id: "previous", variables: WorkflowExpression.gitHub,
    work: .run([
      "previous=$(gh run list --workflow \(WorkflowsEmitter.deployFile) \\",
      #"  --branch "${GITHUB_REF_NAME}" --event push --status success --limit 1 \"#,
      "  --json headSha --jq '.[0].headSha // \"\"')",
      "{",
      #"  echo "commit=${previous}""#,
      #"  if [[ -n ${previous} ]]; then echo "kind=release"; else echo "kind=firstRelease"; fi"#,
      #"} >>"${GITHUB_OUTPUT}""#,
    ]))

  private func reference(_ image: FirstPartyImage) -> YAMLEntry {
    .entry(
      image.variable,
      .string(
        "\(Self.repository(image, plan))@${{ needs.\(Self.imageJob(image)).outputs.digest }}",
        from: image.origins))
  }

  /// The image itself says which schema it expects. (S17-HS-05)
  private var schemaSteps: [Step] {
    guard let image = plan.images.first(where: { !$0.schema.isEmpty }) else { return [] }
    return [
      Step(
        name: "Ask the image for its schema", id: "schema", variables: [reference(image)],
        work: .run([
          "schema=$(docker run --rm --network none \"${\(image.variable)}\" "
            + "\(Shell.words(image.schema)))",
          #"echo "schema=${schema}" >>"${GITHUB_OUTPUT}""#,
        ]), origins: image.origins)
    ]
  }

  private var writeStep: Step {
    let images = plan.images.map { "      \($0.variable): $ENV.\($0.variable)," }
    return Step(
      name: "Write the record",
      variables: plan.images.map(reference) + [
        .entry(
          "CONTRACT", .string(ContractDigest.of(plan.project.contract), from: [plan.project.origin])
        ),
        .entry("PREVIOUS", "${{ steps.previous.outputs.commit }}"),
        .entry(
          "SCHEMA", schemaSteps.isEmpty ? "" : "${{ steps.schema.outputs.schema }}"),
      ],
      work: .run(
        [
          "jq --null-input --sort-keys --arg created \"$(date --utc +%Y-%m-%dT%H:%M:%SZ)\" '{",
          "    commit: $ENV.GITHUB_SHA, contract: $ENV.CONTRACT, created: $created,",
          "    previous: $ENV.PREVIOUS, schema: $ENV.SCHEMA, images: {",
        ] + images + [
          "  }}' >\(Self.file)",
          "jq --exit-status '.images | all(test(\"@sha256:[0-9a-f]{64}$\"))' \(Self.file)",
        ]))
  }
}
