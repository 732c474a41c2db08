import Foundation
import ServiceContract
import Slipway
import SlipwayEmitters
import SlipwayModel
import TestSupport
import Testing

/// An environment on a real engine, for as long as a test runs. (design §4.9)
///
/// The engine and the commands run in `scripts/engine`; this side generates the files once it is
/// known which digests the stand-in images have, and reads what was said.
struct Rehearsal: Sendable {
  let specimen: Specimen
  let folder: TemporaryFolder
  let script: String

  /// Runs a script of `rehearsals/` beside an engine; `prepare` writes what it waits for.
  func run(
    _ options: [String], arguments: [String], atMost limit: Duration,
    prepare: @Sendable () async throws -> Void
  ) async throws -> Tool.Output {
    let path = "\(packageRoot)/Tests/StackEmitterTests/rehearsals/\(script)"
    async let ended = Tool.script(
      "engine",
      ["run"] + options + ["--timeout", "\(limit.components.seconds)", "--", path, packageRoot]
        + [folder.path] + arguments,
      timeout: limit + .seconds(30))
    async let prepared: Void = prepare()
    let output = try await ended
    // What went wrong on this side matters only if the other side was well.
    if output.status == 0 { try await prepared }
    return output
  }

  /// Waits for a file that the script writes in one piece.
  func awaited(_ name: String, atMost limit: Duration = .seconds(60)) async throws -> String {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
      if FileManager.default.fileExists(atPath: folder.path(of: name)) {
        return try folder.read(name)
      }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw Missing(file: name)
  }

  struct Missing: Error { let file: String }

  func said(_ name: String) throws -> String { try folder.read("said/\(name)") }

  func lines(_ name: String) throws -> [String] {
    try said(name).split(separator: "\n").map(String.init)
  }

  func json<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(try said(name).utf8))
  }

  /// One JSON value a line.
  func records<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> [Value] {
    try lines(name).map { try JSONDecoder().decode(type, from: Data($0.utf8)) }
  }
}

/// What `make_images` has made: names with tags, and the digests that the engine knows them by.
struct StandIns {
  let lock: ImageLock

  init(digests: String) {
    lock = ImageLock(
      images: digests.split(separator: "\n").compactMap { line in
        guard let at = line.firstIndex(of: "@"),
          let colon = line[..<at].lastIndex(of: ":")
        else { return nil }
        return LockedImage(
          name: String(line[..<colon]), tag: String(line[line.index(after: colon)..<at]),
          digest: String(line[line.index(after: at)...]), platforms: ["linux/amd64"])
      })
  }

  func reference(_ name: String, _ tag: String) throws -> String {
    let image = try #require(lock.images.first { $0.name == name && $0.tag == tag })
    return "\(name)@\(image.digest)"
  }
}

/// The machine that the engine runs on, as `docker info` describes it: name, processors, bytes.
struct Host {
  let name: String
  let site: Node

  init(_ text: String) throws {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    try #require(words.count == 3)
    name = words[0]
    let cpus = try #require(ExactDecimal(text: words[1]))
    let bytes = try #require(Int(words[2]))
    site = Node(
      name, role: .manager, kinds: NodeKind.allCases,
      size: .cpus(cpus, memory: .mebibytes(bytes >> 20)))
  }
}

extension Generated {
  /// The images of others that the environment runs, as `NAME:TAG`.
  var thirdPartyImages: [String] {
    var images: [String] = []
    for service in environment.services {
      let image: String
      switch service.image {
      case .locked(let locked): image = "\(locked.name):\(locked.tag)"
      case .unlocked(let name, let tag): image = "\(name):\(tag)"
      case .release, .checkout: continue
      }
      if !images.contains(image) { images.append(image) }
    }
    return images
  }

  /// The images that the working tree builds, as Compose looks for them.
  var checkoutImages: [String] {
    var images: [String] = []
    for case .checkout(let image, _) in environment.services.map(\.image)
    where !images.contains("\(image):dev") {
      images.append("\(image):dev")
    }
    return images
  }

  /// The folders of containers that generated files are mounted at.
  var mountFolders: [String] {
    Set(environment.services.flatMap(\.configs).map(\.path)).sorted()
  }

  /// What has to be in the containers: `SERVICE config SHA256 PATH`, one for each file.
  func mountedFiles(on target: StackTarget) -> [String] {
    environment.services.flatMap { service in
      service.configs.flatMap { mount in
        let prefix = environment.folder + mount.folder + "/"
        let mounted = files.filter { file in
          // Compose mounts the folder as it is.
          file.path.hasPrefix(prefix)
            && (target == .compose
              || !mount.except.contains { file.path.hasPrefix("\(prefix)\($0)/") })
        }
        return mounted.map { file in
          let path = "\(mount.path)/\(file.path.dropFirst(prefix.count))"
          return "\(service.name) config \(SHA256.hex(file.text)) \(path)"
        }
      }
    }
  }
}
