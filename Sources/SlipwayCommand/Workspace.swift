import Slipway
import SlipwayDiagnostics
import SlipwayModel
import SlipwayPipeline

/// What a command works on: the declared environments, and the files beside them.
struct Workspace {
  let project: Project
  let environments: [AnyEnvironment]
  let disk: Disk
  let generator: Generator
  let today: Day

  /// What stops a command before it has begun.
  enum Failure: Error {
    case refused([Finding])
    case unreadable(Disk.Failure)
    case unknownEnvironment(String, known: [String])
  }

  /// Reads the lock file and the templates.
  static func open(
    _ declared: Declared, output: String, repository: String
  ) throws(Failure) -> Workspace {
    let templates: [String: String]
    let text: String?
    do throws(Disk.Failure) {
      text = try Disk(root: repository).read(declared.lock)
      templates = try Disk(root: declared.templates).folder("templates")
    } catch {
      throw .unreadable(error)
    }
    let lock: ImageLock
    switch text.map({ ImageLock.read($0, path: declared.lock) }) {
    case .success(let read): lock = read
    case .failure(let failure): throw .refused(failure.findings)
    case nil: lock = ImageLock()
    }
    return Workspace(
      project: declared.project, environments: declared.environments,
      disk: Disk(root: output),
      generator: Generator(
        project: declared.project, lock: lock, inputs: EmitterInputs(templates: templates),
        command: declared.command), today: declared.today)
  }

  /// All environments, or the named ones.
  func chosen(_ names: [String]) throws(Failure) -> [AnyEnvironment] {
    let known = environments.map(\.value.name)
    for name in names where !known.contains(name) {
      throw .unknownEnvironment(name, known: known)
    }
    return names.isEmpty ? environments : environments.filter { names.contains($0.value.name) }
  }
}

/// What an executable declares: `SlipwayMain.run(project:environments:)`.
struct Declared: Sendable {
  let project: Project
  let environments: [AnyEnvironment]
  /// The lock file, under the folder in which the command is run.
  let lock: String
  /// The folder that holds `templates/`.
  let templates: String
  /// What people type to generate; it stands in every file.
  let command: String
  /// What looks like a secret in the repository and is none.
  let harmless: [HarmlessText]
  /// The day on which the command runs, in UTC. Only waivers are held against it: no file that is
  /// written depends on it.
  let today: Day
}

/// Reads specification files for diagnostics.
struct SpecificationSource: SourceText {
  let root: String
  private let cache: Cache

  init(root: String) {
    self.root = root
    cache = Cache()
  }

  /// Files that were already read; one run prints many findings of few files.
  private final class Cache: @unchecked Sendable {
    // Printing happens on one thread, after everything was computed.
    var lines: [String: [Substring]] = [:]
  }

  func line(_ line: Int, of file: String) -> String? {
    if cache.lines[file] == nil {
      let text = (try? Disk(root: "").read(file)) ?? nil
      cache.lines[file] = text?.split(separator: "\n", omittingEmptySubsequences: false) ?? []
    }
    guard let lines = cache.lines[file], (1...max(1, lines.count)).contains(line),
      lines.indices.contains(line - 1)
    else { return nil }
    return String(lines[line - 1])
  }

  func display(_ file: String) -> String {
    file.hasPrefix(root + "/") ? String(file.dropFirst(root.utf8.count + 1)) : file
  }
}
