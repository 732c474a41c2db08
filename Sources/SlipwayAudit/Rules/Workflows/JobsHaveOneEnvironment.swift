/// All that a job says about where it works names the same environment: its own name, its
/// `environment`, the folder that it uses and the environment that it asks the gate about.
/// (S17-CI, S17-HS-10, C-42)
enum JobsHaveOneEnvironment: AuditRule {
  static let id = "workflows/jobs-have-one-environment"
  static let why = "one environment's approval would let another one be changed"
  static let fix = "name the same environment everywhere in the job"
  static let source = ["S17-CI", "S17-HS-10", "C-42"]

  private static func files(_ job: String) -> KeyValuePairs<String, String> {
    let compose = "services: {web: {image: 'registry.example/shop-web:1'}}\n"
    return [
      "deploy/staging/compose.yml": compose, "deploy/prod/compose.yml": compose,
      ".github/workflows/deploy.yml": "on: push\njobs:\n" + job,
    ]
  }
  static let wrong = [
    Fixture.files(
      files(
        """
          release:
            runs-on: x
            environment: staging
            steps: [{run: ssh manager deploy/prod/up.sh}]
        """), at: ".github/workflows/deploy.yml:5"),
    Fixture.files(
      files(
        """
          deploy-prod:
            runs-on: x
            environment: {name: staging}
            steps: [{run: ssh manager deploy up}]
        """), at: ".github/workflows/deploy.yml:5"),
    Fixture.files(
      files(
        """
          gate-prod:
            runs-on: x
            steps: [{run: slipway-gate gate staging --kind release}]
        """), at: ".github/workflows/deploy.yml:3"),
  ]
  static let right = [
    Fixture.files(
      files(
        """
          deploy-prod:
            runs-on: x
            environment: prod
            steps: [{run: slipway-gate gate prod}, {run: ssh manager deploy/prod/up.sh}]
          compare:
            runs-on: x
            environment: prod
            steps: [{run: diff deploy/staging/compose.yml deploy/prod/compose.yml}]
          promote-staging-to-prod:
            runs-on: x
            environment: prod
            steps: [{run: ./promote staging prod}]
        """))
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let folders = folders(of: deployment)
    let known = Set(folders.map(\.name))
    guard known.count > 1 else { return [] }
    return deployment.workflows.flatMap(\.jobs).compactMap { job -> Flaw? in
      let stated = job.environment.flatMap { known.contains($0.value) ? $0.value : nil }
      let words = job.id.value.split { "-_".contains($0) }.map(String.init)
      let signs = [
        stated.map { [$0] } ?? [], known.intersection(words).sorted(),
        used(by: job, folders).sorted(), asked(by: job).intersection(known).sorted(),
      ]
      // What compares or promotes names two, and is of neither.
      let meant = Set(signs.filter { $0.count == 1 }.flatMap(\.self))
      guard meant.count > 1 else { return nil }
      return Flaw(
        "job '\(job.id.value)' names \(meant.sorted().joined(separator: " and "))",
        at: stated == nil ? job.id.spot : job.environment?.spot ?? job.id.spot)
    }
  }

  private typealias Folder = (name: String, path: String)

  /// Folders beside one another that each hold a compose file: environments.
  private static func folders(of deployment: Deployment) -> [Folder] {
    let all = deployment.composes.compactMap { file -> (parent: String, folder: Folder)? in
      let parts = file.path.split(separator: "/")
      guard parts.count > 2 else { return nil }
      let parent = parts.dropLast(2).joined(separator: "/")
      let name = String(parts[parts.count - 2])
      return (parent, (name, parent + "/" + name + "/"))
    }
    return Dictionary(grouping: all, by: \.parent).filter { $0.value.count > 1 }
      .flatMap { $0.value.map(\.folder) }
  }

  private static func used(by job: WorkflowFile.Job, _ folders: [Folder]) -> Set<String> {
    let texts = job.steps.compactMap(\.runText?.value)
    return Set(
      folders.filter { folder in texts.contains { $0.contains(folder.path) } }.map(\.name))
  }

  private static func asked(by job: WorkflowFile.Job) -> Set<String> {
    let commands = job.steps.flatMap { $0.run?.commands ?? [] }
    return Set(
      commands.compactMap { command in
        guard command.name.hasSuffix("slipway-gate"), command.arguments.first == "gate" else {
          return nil
        }
        return command.arguments.dropFirst().first
      })
  }
}
