import Environments
import Fixtures
import Foundation
import ServiceContract
import Slipway
import SlipwayDocuments
import SlipwayModel
import SlipwayPipeline
import Synchronization
import TestSupport
import Testing

/// An environment that these tests generate, with the project that it belongs to.
struct Specimen: Sendable, CustomTestStringConvertible {
  let project: Project
  let specification: AnyEnvironment
  let lock: @Sendable () throws -> ImageLock

  var name: String { specification.value.name }
  var testDescription: String { "\(project.contract.name)-\(name)" }

  /// Whether a stack is deployed, and not a developer's machine.
  var isDeployed: Bool { specification.value.stage.isDeployed }

  static let shopDevelopment = Specimen.shop(AnyEnvironment(ShopEnvironments.development))
  static let shopProduction = Specimen.shop(AnyEnvironment(ShopEnvironments.production))

  /// The two of the small shop, and all that `environments/` declares.
  static let all = [shopDevelopment, shopProduction] + declared
  static let declared = Environments.all.map {
    Specimen(project: Environments.project, specification: $0, lock: committedLock)
  }

  static func declared(_ name: String) throws -> Specimen {
    try #require(declared.first { $0.name == name }, "environments/ declares no '\(name)'")
  }

  private static func shop(_ specification: AnyEnvironment) -> Specimen {
    Specimen(project: .shop, specification: specification, lock: { madeUpLock })
  }

  /// Every third-party image, with a digest that nothing has.
  private static let madeUpLock = ImageLock(
    images: ThirdParty.allCases.map {
      LockedImage(
        name: $0.name, tag: $0.tag, digest: "sha256:\(SHA256.hex($0.rawValue))",
        platforms: ["linux/amd64"])
    })

  private static func committedLock() throws -> ImageLock {
    let path = "\(packageRoot)/environments/Lock.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return try ImageLock.read(text, path: path).get()
  }

  /// All its files at the declared site, generated once for all tests.
  func generate() throws -> Generated {
    if let made = Self.made.withLock({ $0[testDescription] }) { return made }
    let made = try generate(at: .declared)
    Self.made.withLock { $0[testDescription] = made }
    return made
  }

  private static let made = Mutex<[String: Generated]>([:])

  /// All its files, generated as `slipway generate` does; anything but a warning fails the test.
  func generate(at site: Site) throws -> Generated {
    let generator = Generator(
      project: project, lock: try lock(), inputs: EmitterInputs(templates: try Self.templates()))
    let generation = generator.generate([specification], at: site, isWhole: false)
    try #require(!generation.isRefused, "\(generation.findings)")
    let environment = try #require(generation.parts.first?.environment)
    return Generated(environment: environment, files: generation.files.map(\.printed))
  }

  private static func templates() throws -> [String: String] {
    let root = URL(fileURLWithPath: "\(packageRoot)/templates").resolvingSymlinksInPath().path
    let paths = FileManager.default.enumerator(atPath: root)
    var templates: [String: String] = [:]
    while let path = paths?.nextObject() as? String {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder)
      guard !isFolder.boolValue else { continue }
      templates[path] = try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
    }
    return templates
  }
}

/// The files of one environment.
struct Generated: Sendable {
  let environment: ResolvedEnvironment
  let files: [PrintedArtefact]

  var composePath: String { environment.folder + "docker-compose.yml" }

  func text(_ path: String) throws -> String {
    try #require(files.first { $0.path == path }, "\(path) is not generated").text
  }

  /// The compose file, read back.
  func compose() throws -> LocatedValue { try YAMLReader.read(try text(composePath)).root }

  /// Writes all files under a folder, each at its own path.
  func write(to folder: TemporaryFolder) throws {
    for file in files {
      try folder.write(file.text, to: file.path, executable: file.isExecutable)
    }
  }

  /// The variables that a release record fills, in the order of the file.
  var releaseVariables: [String] {
    var variables: [String] = []
    for service in environment.services {
      if case .release(let variable) = service.image, !variables.contains(variable) {
        variables.append(variable)
      }
    }
    return variables
  }

  /// A release record's images, none of which exist.
  var madeUpRelease: [String: String] {
    Dictionary(
      uniqueKeysWithValues: releaseVariables.map {
        ($0, "registry.example.com/\($0.lowercased())@sha256:\(SHA256.hex($0))")
      })
  }
}

extension LocatedValue {
  /// The keys of a mapping, in order; none for other values.
  var keys: [String] { (map ?? []).map(\.key) }
}
