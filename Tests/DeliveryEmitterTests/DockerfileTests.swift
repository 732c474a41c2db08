import Environments
import Fixtures
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayEmitters
import SlipwayModel
import TestSupport
import Testing

struct DockerfileTests {
  private let emitted: Emitted
  init() throws { emitted = try Emitted.flowrex() }

  private static let images = ["flowrex-backend", "flowrex-console", "flowrex-postgres"]
  private static let ours = ["flowrex-backend", "flowrex-console"]

  @Test func `every image of a release has a Dockerfile and an ignore file`() {
    let variables = Set(
      emitted.environments.flatMap(\.services).compactMap { service in
        if case .release(let variable) = service.image { variable } else { nil }
      })
    #expect(
      variables == ["FLOWREX_BACKEND_IMAGE", "FLOWREX_CONSOLE_IMAGE", "FLOWREX_POSTGRES_IMAGE"])
    #expect(emitted.dockerfiles == Self.images.map { "generated/docker/\($0).Dockerfile" })
    for path in emitted.dockerfiles { #expect(emitted.texts[path + ".dockerignore"] != nil) }
  }

  @Test func `a development build names the files that are written`() {
    for service in emitted.environments.flatMap(\.services) {
      guard case .checkout(_, let dockerfile) = service.image else { continue }
      #expect(emitted.texts[dockerfile] != nil)
    }
  }

  @Test(.covers("C-30"), arguments: images)
  func `every base is pinned by its digest`(image: String) throws {
    let bases = try emitted.dockerfile(image).all("FROM").map(\.wordsText)
    #expect(!bases.isEmpty)
    for base in bases {
      #expect(base.contains(/^docker\.io\/library\/[a-z]+:[^ ]+@sha256:[0-9a-f]{64}( AS build)?$/))
    }
  }

  @Test(
    .covers("S18-DFB-08", "S18-DFF-07", "S18-CL-CON-06", "S03-STEP-09", "C-31"), arguments: images)
  func `nobody runs as root`(image: String) throws {
    let last = try #require(try emitted.dockerfile(image).all("USER").last?.wordsText)
    #expect(last == (image == "flowrex-postgres" ? "999:999" : "1000:1000"))
  }

  @Test(.covers("S18-DFB-03", "C-30"), arguments: ours)
  func `dependencies are a layer of their own, exactly as recorded`(image: String) throws {
    let build = try emitted.dockerfile(image).instructions
      .map { "\($0.keyword) \($0.wordsText)" }.filter { !$0.hasPrefix("#") }
    let resolve = try #require(
      build.firstIndex { $0.hasPrefix("RUN swift package resolve") })
    #expect(
      build[..<resolve].suffix(2) == ["COPY Package.swift ./", "COPY dependencies.txt ./"])
    #expect(build[resolve + 1] == "COPY . .")
    let compile = try #require(build.first { $0.hasPrefix("RUN swift build") })
    #expect(compile.contains("--force-resolved-versions"))
  }

  /// The words are run as they are, with a package manager that has one version more.
  @Test(
    .covers("C-30"),
    arguments: [
      ("swift-a 1.2.3\nswift-b 0.4.0\n", true), ("swift-a 1.2.3\n", false),
      ("swift-a 1.2.2\nswift-b 0.4.0\n", true), ("swift-a 1.2.4\nswift-b 0.4.0\n", false),
      ("swift-a 1.2.3\nswift-b 0.4.0\nswift-c 1.0.0\n", false),
    ])
  func `an image is built of what is recorded, or not at all`(
    record: String, isBuilt: Bool
  ) async throws {
    let build = try emitted.dockerfile("flowrex-backend").instructions.map(\.wordsText)
    let words = try #require(build.first { $0.hasPrefix("swift package resolve && ") })
    try await withTemporaryFolder { folder in
      try folder.write(record, to: "dependencies.txt")
      try folder.write(Self.resolved, to: "Package.resolved")
      try folder.write(Self.packageManager, to: "bin/swift", executable: true)
      let script = words.replacing("/tmp/", with: folder.path + "/")
      let path = "PATH=\(folder.path(of: "bin")):/usr/bin:/bin"
      let run = try await Tool.program(
        "/usr/bin/env", [path, "/bin/sh", "-c", script], in: folder.path)
      #expect((run.status == 0) == isBuilt, "\(run)")
    }
  }

  private static let packageManager = """
    #!/bin/sh
    case "$*" in
      'package resolve') ;;
      'package resolve swift-a --version 1.2.2') sed -i s/1.2.3/1.2.2/ Package.resolved ;;
      *) exit 1 ;;
    esac

    """

  private static let resolved = """
    {
      "originHash" : "0a",
      "pins" : [
        {
          "identity" : "swift-a",
          "kind" : "remoteSourceControl",
          "location" : "https://git.example.com/a/swift-a",
          "state" : {
            "revision" : "0123456789012345678901234567890123456789",
            "version" : "1.2.3"
          }
        },
        {
          "identity" : "swift-b",
          "kind" : "remoteSourceControl",
          "location" : "https://git.example.com/b/swift-b",
          "state" : {
            "revision" : "0123456789012345678901234567890123456789",
            "version" : "0.4.0"
          }
        }
      ],
      "version" : 3
    }
    """

  @Test(arguments: ours)
  func `the program stands in /app, and root owns it`(image: String) throws {
    let file = try emitted.dockerfile(image)
    let run = try #require(file.instructions.lastIndex { $0.keyword == "FROM" })
    let words = file.instructions[run...].map { instruction in
      let flags = instruction.flags.map { "--\($0.name)=\($0.value ?? "")" }
      return ([instruction.keyword] + flags + [instruction.wordsText]).joined(separator: " ")
    }
    let copies = words.filter { $0.hasPrefix("COPY") }
    #expect(copies == ["COPY --from=build --chown=root:root /product/ /app/"])
    #expect(words.filter { $0.hasPrefix("WORKDIR") } == ["WORKDIR /app"])
  }

  @Test func `what changes with every commit comes last`() throws {
    for image in Self.images {
      let keywords = try emitted.dockerfile(image).instructions.map(\.keyword)
      // An image of ours tells its programs, too.
      let stamps = Self.ours.contains(image) ? ["ARG", "ARG", "ENV"] : []
      #expect(keywords.suffix(2 + stamps.count) == ["ARG", "LABEL"] + stamps)
    }
  }

  @Test(
    .covers("S18-DFB-09", "S18-DFB-10", "S18-DFB-11", "S18-DFF-08", "S18-CL-CON-05", "C-32"),
    arguments: ours)
  func `ports, health and words come from the component`(image: String) throws {
    let file = try emitted.dockerfile(image)
    let components = emitted.environments.flatMap(\.specification.runs).map(\.component)
      .filter { $0.image.name == image }
    let first = try #require(components.first)
    let ports = Set(components.flatMap(\.ports).map { String($0.number) })
    #expect(Set(try #require(file.all("EXPOSE").first).words) == ports)
    #expect(file.all("EXPOSE").count == 1)
    let health = try #require(file.all("HEALTHCHECK").first)
    #expect(
      health.flags.map { "\($0.name)=\($0.value ?? "")" } == [
        "interval=10s", "timeout=5s", "start-period=40s", "retries=3",
      ])
    #expect(health.nested?.words == first.health.command)
    guard case .swift(let product, _, _, _, _, _) = first.image.build else { return }
    #expect(file.all("ENTRYPOINT").first?.words == ["/app/\(product)"])
    #expect(file.all("CMD").first?.words ?? [] == first.arguments)
    #expect(first.health.command.first == product, "the check finds the program on its PATH")
  }

  @Test(arguments: images) func `labels say source, commit and contract`(image: String) throws {
    let labels = try #require(try emitted.dockerfile(image).all("LABEL").first).pairs
    #expect(labels["org.opencontainers.image.source"] == Environments.project.home)
    #expect(labels["org.opencontainers.image.revision"] == "${REVISION}")
    #expect(labels["org.opencontainers.image.title"] == image)
    #expect(labels["slipway.contract"]?.contains(/^[0-9a-f]{64}$/) == true)
  }

  /// Without them a program of the image refuses to start outside a laptop.
  @Test(.covers("S17-VAR-05", "C-33"), arguments: ours)
  func `an image states what only its build knows`(image: String) throws {
    let file = try emitted.dockerfile(image)
    let stamps = Environments.project.contract.bindings.stamps
    #expect(stamps.map(\.key) == ["APP_VERSION", "APP_COMMIT", "APP_BUILD_ID"])
    let last = try #require(file.all("ENV").last).pairs
    #expect(last.count == stamps.count)
    let arguments = Set(file.all("ARG").flatMap(\.pairs.keys))
    let delivery = try emitted.text(".github/workflows/deploy.yml")
    let given = delivery.split(separator: "\n")
      .drop { !$0.hasSuffix("file: generated/docker/\(image).Dockerfile") }
      .prefix { !$0.contains("provenance:") }
    for stamp in stamps {
      let argument = stamp.fact.rawValue.uppercased()
      #expect(last[stamp.key] == "${\(argument)}")
      #expect(arguments.contains(argument))
      #expect(given.contains { $0.hasPrefix("          \(argument)=${{ ") }, "\(given)")
    }
  }

  @Test(.covers("S17-PR-04", "S18-HS-07"))
  func `no secret is an argument, a variable or a label`() throws {
    let secrets = Environments.project.contract.secrets.map(\.name)
    #expect(secrets.count > 5)
    for path in emitted.dockerfiles {
      let file = try DockerfileReader.read(try emitted.text(path))
      let known: Set = ["REVISION", "VERSION", "BUILD"]
      #expect(Set(file.all("ARG").flatMap(\.pairs.keys)).isSubset(of: known))
      let text = try emitted.text(path)
      for secret in secrets { #expect(!text.contains(secret)) }
    }
  }

  @Test(.covers("S17-VAR-01")) func `a build sees named folders only`() throws {
    let lines = try emitted.text("generated/docker/flowrex-backend.Dockerfile.dockerignore")
      .split(separator: "\n").dropFirst()
    #expect(lines.first == "*")
    let kept = lines.filter { $0.hasPrefix("!") }.map { $0.dropFirst() }
    #expect(
      kept == ["Package.swift", "dependencies.txt", "Sources", "environments", "Tests", "Plugins"])
    let dropped = lines.suffix(while: { !$0.hasPrefix("!") })
    for name in ["**/.env", "**/.env.*", "**/*.key", "**/*.pem"] {
      #expect(dropped.contains(Substring(name)), "the last rule that matches counts")
    }
    let postgres = try emitted.text("generated/docker/flowrex-postgres.Dockerfile.dockerignore")
    #expect(postgres.split(separator: "\n").dropFirst() == ["*"])
  }

  @Test(.covers("S18-DFB-02"), arguments: images)
  func `packages are held to a series and leave no lists`(
    image: String
  ) throws {
    let installs = try emitted.dockerfile(image).all("RUN").map(\.wordsText)
      .filter { $0.contains("apt-get install") }
    #expect(!installs.isEmpty)
    for install in installs {
      #expect(install.contains("--no-install-recommends"))
      #expect(install.hasSuffix("&& rm -rf /var/lib/apt/lists/*"))
      let packages = install.matches(of: /'([^'=]+)=([^']+)'/)
      #expect(!packages.isEmpty)
      for package in packages { #expect(package.output.2.hasSuffix("*")) }
    }
  }

  @Test func `lines know where they were written`() throws {
    let path = "generated/docker/flowrex-console.Dockerfile"
    let artefact = try #require(emitted.artefacts.first { $0.path == path })
    let text = try artefact.document.print()
    let provenance = try Provenance(of: artefact.document, text: text)
    let line = try #require(
      text.split(separator: "\n", omittingEmptySubsequences: false)
        .firstIndex { $0.hasPrefix("EXPOSE") })
    let origin = try #require(provenance.origins(atLine: line + 1).first)
    #expect(origin.file.hasSuffix("environments/Platform/Components.swift"))
    #expect(origin.argument == "ports")
  }
}

/// What the emitter refuses, and what it warns of.
struct DockerfileFindingTests {
  @Test func `a base that is not locked cannot be built on by accident`() throws {
    let emitted = try Emitted.shop([Specimens.production], lock: ImageLock())
    let file = try emitted.dockerfile("shop-backend")
    #expect(
      file.all("FROM").map(\.wordsText) == [
        "${SLIPWAY_UNLOCKED_SWIFT} AS build", "${SLIPWAY_UNLOCKED_SWIFT}",
      ])
    let arguments = file.all("ARG").map(\.wordsText)
    #expect(arguments.contains("SLIPWAY_UNLOCKED_SWIFT"), "it has no default")
    let warnings = emitted.findings.filter { $0.rule == "supply/unlocked-image" }.map(\.summary)
    #expect(
      warnings.contains(
        "warning[supply/unlocked-image]: image 'docker.io/library/postgres:16-bookworm' has no "
          + "digest in the lock file and cannot be built on"))
  }

  @Test func `a runtime of another version is refused`() throws {
    let digest = "sha256:" + String(repeating: "1", count: 64)
    let lock = ImageLock(
      images: ["6.3.3-noble", "6.3.2-slim"].map {
        LockedImage(name: ThirdParty.swift.name, tag: $0, digest: digest, platforms: [])
      })
    let emitted = try Emitted.shop([Specimens.production], lock: lock)
    #expect(
      emitted.findings.filter { $0.severity == .error }.map(\.summary) == [
        "error[docker/runtime-matches-the-builder]: images are built with Swift 6.3.3 and would "
          + "run on 6.3.2"
      ])
  }

  @Test func `one name for two images is refused`() throws {
    let emitted = try Emitted.shop([
      Specimens.stage("staging", branch: "main", runs: [.backend, Specimens.impostor])
    ])
    #expect(
      emitted.findings.map(\.summary) == [
        "error[docker/images-are-built-one-way]: image 'shop-backend' is described twice, and "
          + "differently"
      ])
  }

  @Test func `images without a database need no PostgreSQL of ours`() throws {
    let emitted = try Emitted.shop([Specimens.stage("staging", branch: "main")])
    #expect(emitted.dockerfiles == ["generated/docker/shop-backend.Dockerfile"])
    #expect(emitted.findings.isEmpty)
  }

  @Test func `no environment, no file`() {
    #expect(DockerEmitter().emit([], using: EmitterInputs(templates: [:])).artefacts.isEmpty)
    #expect(WorkflowsEmitter().emit([], using: EmitterInputs(templates: [:])).artefacts.isEmpty)
  }
}

/// The digest by which a service and its deployment know that they agree. (F13)
struct ContractDigestTests {
  private func digest(_ contract: Contract) throws -> String {
    let project = Project(
      "Shop", contract: contract, registry: "registry.example.com/shop",
      home: "https://git.example.com/shop")
    let emitted = try Emitted(
      [Specimens.development], of: project, lock: try Emitted.committedLock())
    let labels = try #require(emitted.dockerfile("shop-backend").all("LABEL").first)
    return try #require(labels.pairs["slipway.contract"])
  }

  private func contract(
    metrics: [MetricFamily] = Contract.shop.metrics, ports: [Port] = Contract.shop.ports
  ) -> Contract {
    let shop = Contract.shop
    return Contract(
      name: shop.name, metrics: metrics, keys: shop.keys.reversed(),
      secrets: shop.secrets.reversed(), routes: shop.routes.reversed(), ports: ports.reversed(),
      limits: shop.limits.reversed(), bindings: shop.bindings)
  }

  @Test func `the order of declarations changes nothing`() throws {
    #expect(try digest(contract()) == digest(.shop))
  }

  @Test func `each agreement changes it`() throws {
    let fewer = contract(metrics: Array(Contract.shop.metrics.dropLast()))
    let more = contract(ports: Contract.shop.ports + [Port("extra", 4000, reach: .inside)])
    let digests = try Set([digest(.shop), digest(fewer), digest(more)])
    #expect(digests.count == 3)
  }
}

extension LocatedDockerfile {
  func all(_ keyword: String) -> [LocatedInstruction] {
    instructions.filter { $0.keyword == keyword }
  }
}

extension LocatedInstruction {
  var words: [String] {
    switch arguments {
    case .shell(let words), .exec(let words), .words(let words), .heredocs(let words, _): words
    case .pairs, .nested: []
    }
  }
  var wordsText: String { words.joined(separator: " ") }
  var pairs: [String: String] {
    guard case .pairs(let pairs) = arguments else { return [:] }
    return Dictionary(uniqueKeysWithValues: pairs.map { ($0.name, $0.value) })
  }
  var nested: LocatedInstruction? {
    if case .nested(let inner) = arguments { inner } else { nil }
  }
}

extension Collection {
  /// The elements at the end that all satisfy a condition.
  fileprivate func suffix(while condition: (Element) -> Bool) -> [Element]
  where Self: BidirectionalCollection {
    reversed().prefix(while: condition).reversed()
  }
}
