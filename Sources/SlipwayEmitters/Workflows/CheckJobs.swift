import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// The jobs that judge a commit. Both workflows have them, since a job can only need jobs of its
/// own workflow, and each delivery must reach all of them. (S17-CI-02 … 08, 15, C-42)
struct CheckJobs {
  let project: Project
  let supply: WorkflowSupply
  /// Whether results of builds are kept between runs; never where something is released, for a
  /// cache can be filled by a less trusted run.
  let caches: Bool

  var all: [Job] { [test, lint, drift, security, leaks] }
  static let names = ["test", "lint", "drift", "security", "leaks"]
  /// Files with this in front are what the gate reads.
  static let evidence = "evidence-"
  private static let days = 30

  // MARK: Tests

  private var test: Job {
    Job(
      id: "test", name: "Tests and coverage", minutes: 90, permissions: [.readsSource],
      container: JobContainer(
        image: .swift,
        // Tests start a real engine in namespaces of their own; the machine is thrown away.
        options: "--privileged"),
      services: [database, redis], variables: variables,
      steps: [.installMake, .checkout] + cache + [
        Step(
          name: "Run the tests", variables: secretNames,
          work: .run(
            (generated.isEmpty ? [] : Self.makeUpSecrets) + ["make test"])),
        // Tests, what they cover over all and module by module, and pins: one judge, one floor.
        Step(
          name: "Ask the gate about the commit", variables: Self.trustsCheckout,
          work: .run(["scripts/commit-gate"])),
        Self.collect("*.xml", "coverage.json"),
        .seal(), .keep(Trivy.folder, as: Self.evidence + "test", days: Self.days),
      ], origins: [project.origin])
  }

  /// In a container the files belong to somebody else than who asks git about them.
  private static let trustsCheckout: [YAMLEntry] = [
    .entry("GIT_CONFIG_COUNT", "1"), .entry("GIT_CONFIG_KEY_0", "safe.directory"),
    .entry("GIT_CONFIG_VALUE_0", "*"),
  ]

  /// What a target of make left for the gate.
  private static func collect(_ names: String...) -> Step {
    Step(
      name: "Collect the evidence",
      work: .run([
        "mkdir -p \(Trivy.folder)",
        "cp \(names.map { ".build/results/\($0)" }.joined(separator: " ")) \(Trivy.folder)/",
      ]))
  }

  private static func keep(_ job: String) -> Step {
    .keep(Trivy.folder, as: evidence + job, days: days)
  }

  private var cache: [Step] {
    guard caches else { return [] }
    return [
      Step(
        name: "Keep what was built for the next run",
        work: .use(
          .cache,
          [
            .entry("path", ".build"),
            .entry("key", "build-${{ runner.os }}-${{ hashFiles('Package.swift') }}"),
          ]))
    ]
  }

  private var user: String { project.contract.name }
  private var databaseName: String { "\(project.contract.name)_test" }
  /// Another one each run. It guards nothing: the server lives as long as the job.
  private let password = "ci-${{ github.run_id }}-${{ github.run_attempt }}"

  private var database: JobService {
    JobService(
      name: "postgres", image: .postgres,
      variables: [
        .entry("POSTGRES_DB", .string(databaseName)),
        .entry("POSTGRES_PASSWORD", .string(password)), .entry("POSTGRES_USER", .string(user)),
      ], health: "pg_isready --username \(user) --dbname \(databaseName)")
  }

  private var redis: JobService {
    JobService(name: "redis", image: .redis, health: "redis-cli ping")
  }

  /// The service's own names for where its stores are, by the contract's facts. (S17-CI-05)
  private var variables: [YAMLEntry] {
    let values: [Fact: String] = [
      .databaseHost: "postgres", .databasePort: "5432", .databaseName: databaseName,
      .databaseUser: user, .databaseReader: user, .databaseTLS: "disable",
      .redisCacheHost: "redis", .redisStateHost: "redis", .redisPort: "6379", .redisTLS: "false",
    ]
    let bindings = project.contract.bindings
    var entries = bindings.facts.compactMap { binding in
      values[binding.fact].map { YAMLEntry(binding.key, .string($0)) }
    }
    entries += [bindings.databasePassword, bindings.readerPassword].compactMap { key in
      key.map { YAMLEntry($0.name, .string(password)) }
    }
    return entries.sorted { $0.key < $1.key }
  }

  /// The service's secrets that can be anything: made up at random in each run. (W15, S17-CI-05)
  private var generated: [SecretKey] {
    let bindings = project.contract.bindings
    let known = [bindings.databasePassword, bindings.readerPassword, bindings.redisPassword]
    return project.contract.secrets.filter { $0.form == .random && !known.contains($0) }
  }

  private var secretNames: [YAMLEntry] {
    guard !generated.isEmpty else { return [] }
    return [.entry("SECRETS", .string(generated.map(\.name).joined(separator: " ")))]
  }

  private static let makeUpSecrets = [
    "for name in ${SECRETS}; do",
    #"  value=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')"#,
    #"  export "${name}=${value}""#,
    "done",
  ]

  // MARK: Form and drift

  private var lint: Job {
    Job(
      id: "lint", name: "Form", minutes: 30, permissions: [.readsSource],
      container: JobContainer(image: .swift),
      steps: [
        .installMake, .checkout, .make("lint", name: "Ask the linters"),
        Self.collect("form.json"), .seal(), Self.keep("lint"),
      ], origins: [project.origin])
  }

  private var drift: Job {
    Job(
      id: "drift", name: "Generated files", minutes: 30, permissions: [.readsSource],
      container: JobContainer(image: .swift),
      steps: [
        .installMake, .checkout,
        .make("check", name: "Compare generated files with their specification"),
      ])
  }

  // MARK: Security

  /// Looks at every version of every file, for what was committed once stays readable. (S18-HS-07)
  private var leaks: Job {
    Job(
      id: "leaks", name: "Secrets in files and history", minutes: 30, permissions: [.readsSource],
      container: JobContainer(image: .swift),
      steps: [
        .installMake, .checkoutHistory,
        .make("leaks", name: "Look for secrets", variables: Self.trustsCheckout),
        Self.collect("leaks.sarif"), .seal(), Self.keep("leaks"),
      ], origins: [project.origin])
  }

  /// Ends in failure for whatever is critical or high; nothing can skip it. (W06, S17-HS-04)
  private var security: Job {
    Job(
      id: "security", name: "Known vulnerabilities and secrets", minutes: 20,
      permissions: [
        .readsSource,
        Permission(
          scope: .securityEvents, access: "write", reason: "Shows findings beside the code."),
      ],
      steps: [
        .checkout,
        Trivy.step(
          "Scan the sources", [Trivy.volume("${PWD}", at: "/source:ro")],
          "filesystem --scanners vuln,secret,misconfig", target: "/source", supply),
        Step(
          // A pull request has no right to; its branch's own push shows them.
          name: "Show findings", condition: "always() && github.event_name == 'push'",
          work: .use(.findings, [.entry("sarif_file", .string(Trivy.report))])),
        .seal(condition: "always()"),
        .keep(
          Trivy.folder, as: Self.evidence + "security", days: Self.days, condition: "always()"),
      ])
  }
}

/// The scanner, run from its pinned image.
enum Trivy {
  static let folder = "evidence"
  static let report = "\(folder)/trivy.sarif"

  static func volume(_ folder: String, at path: String) -> String {
    "--volume \"\(folder):\(path)\""
  }

  /// - Parameter command: The scanner's own command with its options, and last what it scans.
  static func step(
    _ name: String, _ options: [String], _ command: String, target: String,
    variables: [YAMLEntry] = [], _ supply: WorkflowSupply
  ) -> Step {
    guard let image = supply.reference(.trivy) else { return .refusal(ThirdParty.trivy.name) }
    return Step(
      name: name, variables: variables + [.entry("TRIVY_IMAGE", .string(image))],
      work: .run(
        ["mkdir -p \(folder)", "docker run --rm \\"]
          + (options + [volume("${PWD}/\(folder)", at: "/\(folder)")]).map { "  \($0) \\" } + [
            #"  "${TRIVY_IMAGE}" \#(command) \"#,
            "  --severity CRITICAL,HIGH --exit-code 1 --no-progress \\",
            "  --format sarif --output /\(report) \(target)",
          ]))
  }
}
