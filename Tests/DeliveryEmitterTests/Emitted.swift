import Environments
import Fixtures
import Foundation
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayEmitters
import SlipwayModel
import TestSupport
import Testing

/// What both emitters write for some environments, as it would stand on the disk.
struct Emitted {
  let environments: [ResolvedEnvironment]
  let findings: [Finding]
  let artefacts: [Artefact]
  let texts: [String: String]

  init(
    _ specifications: [AnyEnvironment], of project: Project, lock: ImageLock
  ) throws {
    var environments: [ResolvedEnvironment] = []
    for specification in specifications {
      let resolution = Resolver.resolve(specification, of: project, lock: lock)
      environments.append(try #require(resolution.environment, "\(resolution.findings)"))
    }
    self.environments = environments
    let receive = "delivery/receive"
    let templates = [
      receive: try String(contentsOfFile: "\(packageRoot)/templates/\(receive)", encoding: .utf8)
    ]
    var emission = Emission()
    for emitter in Self.emitters {
      emission.add(emitter.emit(environments, using: EmitterInputs(templates: templates)))
    }
    findings = emission.findings
    artefacts = emission.artefacts
    let header = Header(source: "environments/", command: "make generate")
    var texts: [String: String] = [:]
    for artefact in emission.artefacts {
      #expect(texts[artefact.path] == nil, "\(artefact.path) is written twice")
      texts[artefact.path] = try artefact.document.print(header: header)
    }
    self.texts = texts
  }

  static let emitters: [any SharedEmitter] = [DockerEmitter(), WorkflowsEmitter()]

  /// The repository's own environments under its own lock file.
  static func flowrex(lock: ImageLock? = nil) throws -> Emitted {
    try Emitted(Environments.all, of: Environments.project, lock: try lock ?? committedLock())
  }

  /// The small environments of the fixtures, which have an `after:` of their own.
  static func shop(_ environments: [AnyEnvironment], lock: ImageLock? = nil) throws -> Emitted {
    try Emitted(environments, of: .shop, lock: try lock ?? committedLock())
  }

  static let ci = ".github/workflows/ci.yml"
  static let deploy = ".github/workflows/deploy.yml"

  /// `environments/Lock.json`, and in addition what it does not hold yet: under a digest that is
  /// none of anybody's, for what is judged here is the form.
  static func committedLock() throws -> ImageLock {
    let path = "environments/Lock.json"
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(packageRoot)/\(path)"))
    let read = try ImageLock.read(String(decoding: data, as: UTF8.self), path: path).get()
    let digest = "sha256:" + String(repeating: "0", count: 64)
    let missing = [ThirdParty.buildkit, .trivy].filter { image in
      if case .locked = read.reference(image) { false } else { true }
    }
    return ImageLock(
      images: read.images
        + missing.map {
          LockedImage(name: $0.name, tag: $0.tag, digest: digest, platforms: ["linux/amd64"])
        }, actions: read.actions)
  }

  func text(_ path: String) throws -> String {
    try #require(texts[path], "\(path) is not written; there is \(texts.keys.sorted())")
  }

  func workflow(_ path: String) throws -> ReadWorkflow { try ReadWorkflow(try text(path)) }

  var workflows: [ReadWorkflow] {
    get throws {
      try [Self.ci, Self.deploy].filter { texts[$0] != nil }.map { try workflow($0) }
    }
  }

  func dockerfile(_ image: String) throws -> LocatedDockerfile {
    try DockerfileReader.read(try text("generated/docker/\(image).Dockerfile"))
  }

  var dockerfiles: [String] { texts.keys.filter { $0.hasSuffix(".Dockerfile") }.sorted() }

  /// Writes all files below a folder.
  func write(to folder: TemporaryFolder) throws {
    for (path, text) in texts { try folder.write(text, to: path) }
  }
}
