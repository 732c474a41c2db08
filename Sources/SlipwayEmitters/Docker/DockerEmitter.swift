import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
package import SlipwayModel

/// Writes a Dockerfile and its ignore file for each image that the repository builds.
/// (S18-DFB-*, S18-DFF-*, C-31, seed defects D01 … D10)
///
/// Decisions that all of them share:
/// - No `# syntax=` line: it would fetch a build frontend by a tag; the builder has its own.
/// - Bases are pinned by digest; what is not locked is an argument that nobody passes. (F13)
/// - The build sees the folders it is given and nothing else, so no `.env` can reach a layer. (D05)
/// - Times of files and layers follow `SOURCE_DATE_EPOCH`, which delivery sets to the commit's.
package struct DockerEmitter: SharedEmitter {
  package static let name = "docker"

  package init() {}

  package func emit(
    _ environments: [ResolvedEnvironment], using inputs: EmitterInputs
  ) -> Emission {
    guard let first = environments.first else { return Emission() }
    let bases = BaseImages(first.lock, origin: first.project.origin)
    let labels = ImageLabels(of: first.project)
    var emission = Emission(findings: FirstPartyImage.conflicts(in: environments))
    var isUsed: [ThirdParty] = []
    for image in FirstPartyImage.all(of: environments) {
      let document: [DockerfileInstruction]
      let kept: [String]
      switch image.contents {
      case .swift(let contents):
        document =
          SwiftDockerfile(image, contents, of: first.project, bases, labels).instructions
        kept = SwiftDockerfile.context(contents)
        isUsed += [.swift, .swiftSlim]
      case .postgres:
        document = PostgresDockerfile(image, bases, labels).instructions
        kept = []
        isUsed.append(.postgres)
      }
      emission.artefacts += [
        Artefact(path: image.dockerfile, document: .dockerfile(document)),
        Artefact(
          path: image.dockerfile + ".dockerignore",
          document: .text(BuildContext.ignoreFile(keeping: kept, from: image.origins))),
      ]
    }
    emission.findings += bases.findings(about: isUsed)
    return emission
  }
}

/// What a build may see of the working tree.
enum BuildContext {
  /// Everything is ignored but the named paths; within them, what may hold a secret or a build.
  static func ignoreFile(keeping paths: [String], from origins: [Origin]) -> TextDocument {
    var lines: [TextLine] = ["*"]
    lines += paths.map { TextLine("!\($0)", from: origins) }
    if !paths.isEmpty {
      lines += ["**/.build", "**/.env", "**/.env.*", "**/*.key", "**/*.pem", "**/*.p12"]
    }
    return TextDocument(lines, comments: .hash)
  }
}

/// The images that ours stand on.
struct BaseImages {
  let lock: ImageLock
  let origin: Origin

  init(_ lock: ImageLock, origin: Origin) {
    self.lock = lock
    self.origin = origin
  }

  /// `FROM` of a stage; a base that is not locked is an argument without a value, so that a build
  /// stops at its first line.
  func from(_ image: ThirdParty, as stage: String?) -> [DockerfileInstruction] {
    let name = stage.map { ["AS", $0] } ?? []
    switch lock.reference(image) {
    case .locked(let locked):
      return [.instruction("FROM", .words([locked.reference] + name), from: [origin])]
    default:
      let argument = "SLIPWAY_UNLOCKED_\(image.name.split(separator: "/").last ?? "")"
        .map { $0 == "-" ? "_" : $0.uppercased() }.joined()
      return [
        .comment("\(image.name):\(image.tag) is not locked: `slipway lock --add` it."),
        .instruction("ARG", .words([argument])),
        .instruction("FROM", .words(["${\(argument)}"] + name), from: [origin]),
      ]
    }
  }

  func findings(about images: [ThirdParty]) -> [Finding] {
    let used = ThirdParty.allCases.filter(images.contains)
    let unlocked = used.filter { locked($0) == nil }.map { image in
      Finding(
        rule: "supply/unlocked-image", severity: .warning,
        message: "image '\(image.name):\(image.tag)' has no digest in the lock file and cannot "
          + "be built on",
        written: [origin], label: "used by its images",
        why: "a tag can be moved to other content after it was reviewed (C-30)",
        fix: "run `slipway lock --add \(image.name):\(image.tag)` where the registry can be "
          + "reached, and commit the lock file")
    }
    return unlocked + [mismatch].compactMap { used.contains(.swift) ? $0 : nil }
  }

  /// An executable linked with one version of the Swift runtime does not start on another.
  private var mismatch: Finding? {
    guard let builder = locked(.swift), let runtime = locked(.swiftSlim),
      version(builder) != version(runtime)
    else { return nil }
    return Finding(
      rule: "docker/runtime-matches-the-builder",
      message: "images are built with Swift \(version(builder)) and would run on "
        + "\(version(runtime))",
      written: [origin], label: "used by its images",
      why: "an executable does not start on another version of the library it was linked with",
      fix: "lock both at the same version: `slipway lock`")
  }

  private func version(_ image: LockedImage) -> Substring {
    image.tag.prefix { $0 != "-" }
  }

  private func locked(_ image: ThirdParty) -> LockedImage? {
    if case .locked(let locked) = lock.reference(image) { locked } else { nil }
  }
}
