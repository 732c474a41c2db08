import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel
import Synchronization

/// Generated files as trees, read back from their bytes once, however many rules ask. Nothing here
/// knows how they were made, so a defect of an emitter cannot hide itself. (design §6)
final class Readings: Sendable {
  private let yaml = Kept<LocatedValue?>()
  private let json = Kept<LocatedValue?>()
  private let nginx = Kept<LocatedNginx?>()
  private let lines = Kept<LineIndex>()

  /// The file as YAML; `nil` if it cannot be read, which `output/can-be-written` says.
  func yaml(_ file: PrintedArtefact) -> LocatedValue? {
    yaml.value(of: file) { try? YAMLReader.read($0).root }
  }

  /// The file as JSON.
  func json(_ file: PrintedArtefact) -> LocatedValue? {
    json.value(of: file) { try? JSONReader.read($0).root }
  }

  /// The file as an nginx configuration.
  func nginx(_ file: PrintedArtefact) -> LocatedNginx? {
    nginx.value(of: file) { try? NginxReader.read($0) }
  }

  /// Where the file's lines are.
  fileprivate func lines(_ file: PrintedArtefact) -> LineIndex {
    lines.value(of: file, LineIndex.init)
  }
}

/// What was made of each file, once.
private final class Kept<Value: Sendable>: Sendable {
  private let values = Mutex<[String: Value]>([:])

  func value(of file: PrintedArtefact, _ make: (String) -> Value) -> Value {
    values.withLock { values in
      if let found = values[file.path] { return found }
      let made = make(file.text)
      values[file.path] = made
      return made
    }
  }
}

/// The lines of a text, found once. Rules ask for the words of thousands of lines, and each would
/// look for the line's beginning from the file's.
private struct LineIndex: Sendable {
  private let text: String
  /// Where each line begins, in bytes.
  private let starts: [Int]

  init(_ text: String) {
    self.text = text
    var text = text
    starts = text.withUTF8 { bytes in
      var starts = [0]
      for offset in bytes.indices where bytes[offset] == UInt8(ascii: "\n") {
        starts.append(offset + 1)
      }
      return starts
    }
  }

  /// The words of a line, counted from 1, without what is before them; empty if there is none.
  func words(ofLine line: Int) -> Substring {
    guard starts.indices.contains(line - 1) else { return "" }
    let bytes = text.utf8
    let start = bytes.index(bytes.startIndex, offsetBy: starts[line - 1])
    let end =
      starts.indices.contains(line)
      ? bytes.index(bytes.startIndex, offsetBy: starts[line] - 1) : bytes.endIndex
    return text[start..<end].drop { $0 == " " }
  }
}

/// A file with its tree.
struct ReadFile<Tree> {
  let file: PrintedArtefact
  let tree: Tree
  fileprivate let lines: LineIndex

  /// The place of a node in it.
  func landing(_ place: String = "", line: Int) -> Landing {
    let text = lines.words(ofLine: line)
    return Landing(
      path: file.path, place: place, text: text.isEmpty ? nil : String(text), line: line)
  }
}

extension Subject {
  /// A file under the environment's folder, as YAML; `nil` if it is not there or cannot be read.
  func yaml(_ path: String) -> ReadFile<LocatedValue>? {
    guard let file = file(path), let tree = readings.yaml(file) else { return nil }
    return ReadFile(file: file, tree: tree, lines: readings.lines(file))
  }

  /// All files of a folder, as YAML.
  func yamls(in folder: String) -> [ReadFile<LocatedValue>] {
    let prefix = environment.folder + folder + "/"
    return files.filter { $0.path.hasPrefix(prefix) && $0.path.hasSuffix(".yml") }
      .compactMap { file in
        readings.yaml(file).map {
          ReadFile(file: file, tree: $0, lines: readings.lines(file))
        }
      }
  }

  /// All files of a folder, as JSON.
  func jsons(in folder: String) -> [ReadFile<LocatedValue>] {
    let prefix = environment.folder + folder + "/"
    return files.filter { $0.path.hasPrefix(prefix) && $0.path.hasSuffix(".json") }
      .compactMap { file in
        readings.json(file).map {
          ReadFile(file: file, tree: $0, lines: readings.lines(file))
        }
      }
  }

  /// A file under the environment's folder, as an nginx configuration.
  func nginx(_ path: String) -> ReadFile<LocatedNginx>? {
    guard let file = file(path), let tree = readings.nginx(file) else { return nil }
    return ReadFile(file: file, tree: tree, lines: readings.lines(file))
  }

  /// The stack as it would be deployed.
  var stack: ReadFile<LocatedValue>? { yaml("docker-compose.yml") }
}
