import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel
import Synchronization

/// Generated files as trees, read back from their bytes once, however many rules ask. Nothing here
/// knows how they were made, so a defect of an emitter cannot hide itself. (design §6)
final class Readings: Sendable {
  private let yaml = Mutex<[String: LocatedValue?]>([:])
  private let nginx = Mutex<[String: LocatedNginx?]>([:])

  /// The file as YAML; `nil` if it cannot be read, which `output/can-be-written` says.
  func yaml(_ file: PrintedArtefact) -> LocatedValue? {
    yaml.withLock { known in
      if let found = known[file.path] { return found }
      let read = try? YAMLReader.read(file.text).root
      known[file.path] = .some(read)
      return read
    }
  }

  /// The file as an nginx configuration.
  func nginx(_ file: PrintedArtefact) -> LocatedNginx? {
    nginx.withLock { known in
      if let found = known[file.path] { return found }
      let read = try? NginxReader.read(file.text)
      known[file.path] = .some(read)
      return read
    }
  }
}

/// A file with its tree.
struct ReadFile<Tree> {
  let file: PrintedArtefact
  let tree: Tree

  /// The place of a node in it.
  func landing(_ place: String = "", line: Int) -> Landing {
    let lines = file.text.split(separator: "\n", maxSplits: line, omittingEmptySubsequences: false)
    let text = lines.indices.contains(line - 1) ? lines[line - 1].drop { $0 == " " } : ""
    return Landing(
      path: file.path, place: place, text: text.isEmpty ? nil : String(text), line: line)
  }
}

extension Subject {
  /// A file under the environment's folder, as YAML; `nil` if it is not there or cannot be read.
  func yaml(_ path: String) -> ReadFile<LocatedValue>? {
    guard let file = file(path), let tree = readings.yaml(file) else { return nil }
    return ReadFile(file: file, tree: tree)
  }

  /// All files of a folder, as YAML.
  func yamls(in folder: String) -> [ReadFile<LocatedValue>] {
    let prefix = environment.folder + folder + "/"
    return files.filter { $0.path.hasPrefix(prefix) && $0.path.hasSuffix(".yml") }
      .compactMap { file in readings.yaml(file).map { ReadFile(file: file, tree: $0) } }
  }

  /// A file under the environment's folder, as an nginx configuration.
  func nginx(_ path: String) -> ReadFile<LocatedNginx>? {
    guard let file = file(path), let tree = readings.nginx(file) else { return nil }
    return ReadFile(file: file, tree: tree)
  }

  /// The stack as it would be deployed.
  var stack: ReadFile<LocatedValue>? { yaml("docker-compose.yml") }
}
