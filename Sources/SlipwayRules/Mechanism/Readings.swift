import PromQL
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
  private let alerts = Kept<[AlertRule]>()
  private let queries = Kept<Result<PromQL.Expression, PromQLError>>()
  private let known = Kept<KnownSeries>()

  /// The file as YAML; `nil` if it cannot be read, which `output/can-be-written` says.
  func yaml(_ file: PrintedArtefact) -> LocatedValue? {
    yaml.value(of: file.path) { try? YAMLReader.read(file.text).root }
  }

  /// The file as JSON.
  func json(_ file: PrintedArtefact) -> LocatedValue? {
    json.value(of: file.path) { try? JSONReader.read(file.text).root }
  }

  /// The file as an nginx configuration.
  func nginx(_ file: PrintedArtefact) -> LocatedNginx? {
    nginx.value(of: file.path) { try? NginxReader.read(file.text) }
  }

  /// The alerts of a file of rules; many rules ask for them.
  func alerts(_ read: ReadFile<LocatedValue>) -> [AlertRule] {
    alerts.value(of: read.file.path) { AlertRule.all(in: read.tree) }
  }

  /// A query as a tree; several rules ask for those of one file.
  func query(_ text: String) -> Result<PromQL.Expression, PromQLError> {
    queries.value(of: text) {
      do throws(PromQLError) {
        return .success(try Parser.parse(text))
      } catch {
        return .failure(error)
      }
    }
  }

  /// What can be asked for in the environment.
  func known(_ environment: ResolvedEnvironment) -> KnownSeries {
    known.value(of: "") { KnownSeries(environment) }
  }

  /// Where the file's lines are.
  fileprivate func lines(_ file: PrintedArtefact) -> LineIndex {
    lines.value(of: file.path) { LineIndex(file.text) }
  }
}

/// What was made of each file or text, once.
private final class Kept<Value: Sendable>: Sendable {
  private let values = Mutex<[String: Value]>([:])

  func value(of key: String, _ make: () -> Value) -> Value {
    values.withLock { values in
      if let found = values[key] { return found }
      let made = make()
      values[key] = made
      return made
    }
  }
}

/// The lines of a text; rules ask for the words of thousands.
private struct LineIndex: Sendable {
  private let text: String
  private let starts: LineStarts

  init(_ text: String) {
    self.text = text
    starts = text.withBytes(LineStarts.init)
  }

  /// The words of a line, counted from 1, without what is before them; empty if there is none.
  func words(ofLine line: Int) -> Substring {
    guard let range = starts.bytes(ofLine: line) else { return "" }
    let bytes = text.utf8
    let start = bytes.index(bytes.startIndex, offsetBy: range.lowerBound)
    return text[start..<bytes.index(start, offsetBy: range.count)].drop { $0 == " " }
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
