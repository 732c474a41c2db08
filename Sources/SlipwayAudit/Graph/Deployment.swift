import SlipwayDiagnostics
import SlipwayDocuments

/// Everything that a set of files says about one deployment: the nodes of the graph, each with the
/// place where it stands. Its edges are `references`.
package struct Deployment: Sendable {
  /// Every path that exists, also of files that nothing here reads.
  let paths: Set<String>
  let known: KnownMetrics
  /// Findings of the reading itself: files of a known kind that cannot be read.
  private(set) var broken: [Finding] = []
  private(set) var notes: [Note] = []
  private(set) var understood = 0

  private(set) var composes: [ComposeFile] = []
  private(set) var nginxes: [NginxFile] = []
  private(set) var prometheuses: [PrometheusFile] = []
  private(set) var ruleFiles: [RuleFile] = []
  private(set) var alertmanagers: [AlertmanagerFile] = []
  private(set) var dashboards: [DashboardFile] = []
  private(set) var datasources: [DatasourceFile] = []
  private(set) var providers: [String] = []
  private(set) var workflows: [WorkflowFile] = []
  private(set) var dockerfiles: [DockerfileReading] = []
  private(set) var dockerignores: [String] = []
  private(set) var dotenvs: [DotenvFile] = []
  private(set) var scripts: [Script] = []
  private(set) var sources: [SourceFile] = []
  private(set) var ruleTests: [String] = []
  /// Expressions that stand in files of their own.
  private(set) var queries: [MetricQuery] = []

  /// The names of the services that a proxy of the deployment forwards to.
  private(set) var proxied: Set<Text> = []

  /// Every folder that holds a file, at any depth.
  let folders: Set<String>
  private var scriptPlaces: [String: Int] = [:]
  private var sourcePlaces: [String: Int] = [:]
  private let texts: [String: FileText]
  private let names: [String: String]

  init(_ files: [AuditedFile], known: KnownMetrics) {
    self.known = known
    paths = Set(files.map(\.path))
    var names: [String: String] = [:]
    var texts: [String: FileText] = [:]
    var folders: Set<String> = []
    for file in files {
      names[file.path] = file.shown
      texts[file.path] = file.bytes.map(FileText.init)
      if folders.insert(Paths.folder(file.path)).inserted {
        folders.formUnion(Paths.above(file.path))
      }
    }
    self.names = names
    self.texts = texts
    self.folders = folders
    var unread: [String: [String]] = [:]
    for file in files.sorted(by: { $0.path < $1.path }) {
      if let ending = read(file) { unread[ending, default: []].append(file.path) }
    }
    proxied = forwardTargets()
    for (ending, paths) in unread.sorted(by: { $0.key < $1.key }) {
      let count = paths.count == 1 ? "this file" : "this and \(paths.count - 1) more files"
      notes.append(Note("\(count) (\(ending)): nothing here reads this kind", Spot(paths[0], 1)))
    }
  }

  /// The path as it was typed.
  func shown(_ path: String) -> String { names[path] ?? path }

  /// The text of the script or program at this path.
  func program(at path: String) -> String? {
    sourcePlaces[path].map { sources[$0].text } ?? scriptPlaces[path].map { scripts[$0].text }
  }

  /// The text of a line, cut to what a terminal shows.
  func line(at spot: Spot) -> String? {
    texts[spot.path]?.shown(spot.line)
  }

  /// The lines of a file.
  func lines(of path: String) -> [Substring] {
    String(decoding: texts[path]?.bytes ?? [], as: UTF8.self).textLines
  }
}

extension Deployment {
  /// Reads one file.
  ///
  /// - Returns: the ending of its name, if nothing here reads its kind.
  private mutating func read(_ file: AuditedFile) -> String? {
    if let problem = file.problem {
      add(problem, of: file)
      return nil
    }
    guard let bytes = file.bytes else { return Self.ending(file.path) }
    do throws(SyntaxError) {
      guard let kind = try parse(file, bytes) else { return Self.ending(file.path) }
      if kind != .other { understood += 1 }
      return kind == .other ? Self.ending(file.path) : nil
    } catch {
      if let bytes = file.bytes, Self.isTemplate(bytes) {
        notes.append(
          Note("a template, read only when it is filled in", Spot(file.path, error.position.line)))
        return nil
      }
      broken.append(
        Finding(
          rule: Self.canBeRead, message: "the file cannot be read: \(error.message)",
          lands: Landing(
            path: file.shown, text: line(at: Spot(file.path, error.position.line)),
            line: error.position.line),
          why: "what cannot be read is not checked, and its tool will refuse it as well",
          fix: "correct the syntax at this place"))
      return nil
    }
  }

  /// The rule of the reading itself, which no other finding can have.
  package static let canBeRead = "files/can-be-read"

  private mutating func add(_ problem: AuditedFile.Problem, of file: AuditedFile) {
    switch problem {
    case .unreadable(let words):
      broken.append(
        Finding(
          rule: Self.canBeRead, message: words, lands: Landing(path: file.shown),
          why: "what cannot be read is not checked",
          fix: "give the right to read it, or name the paths that are to be audited"))
    case .tooLarge(let bytes, let most):
      let words = "\(bytes) bytes are more than the \(most) that are read"
      guard FileKind.isOfConfigurations(file.path) else {
        notes.append(Note(words, Spot(file.path, 1)))
        return
      }
      broken.append(
        Finding(
          rule: Self.canBeRead, message: "the file is too large: \(words)",
          lands: Landing(path: file.shown),
          why: "no configuration is that long, and nobody can review it",
          fix: "cut it into parts, or move data out of it"))
    }
  }

  /// Whether the text has holes for a template engine.
  private static func isTemplate(_ bytes: [UInt8]) -> Bool {
    let text = String(decoding: bytes.prefix(1_000_000), as: UTF8.self)
    return text.contains(/\{\{|\{%|<%|%%[A-Z]|@@[A-Z]/)
  }

  private static func ending(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "no ending" }
    return String(name[dot...])
  }

  private mutating func parse(
    _ file: AuditedFile, _ bytes: [UInt8]
  ) throws(SyntaxError) -> FileKind? {
    let path = file.path
    let shebang = Self.shebang(bytes)
    if let kind = FileKind.byName(path) {
      try parse(kind, path, bytes)
      return kind
    }
    if let shebang {
      guard shebang.contains("sh") else { return nil }
      try parse(.shell, path, bytes)
      return .shell
    }
    guard FileKind.mayBeRead(path) else { return nil }
    if path.hasSuffix(".json") { return try json(path, bytes) }
    if path.hasSuffix(".yml") || path.hasSuffix(".yaml") { return try yaml(path, bytes) }
    return try conf(path, bytes)
  }

  private static func shebang(_ bytes: [UInt8]) -> String? {
    guard bytes.starts(with: [0x23, 0x21]) else { return nil }
    return String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
  }

  private mutating func json(_ path: String, _ bytes: [UInt8]) throws(SyntaxError) -> FileKind? {
    let looks = path.contains("dashboard") || path.contains("grafana")
    guard let document = try? JSONReader.read(bytes: bytes) else {
      guard looks else { return nil }
      _ = try JSONReader.read(bytes: bytes)
      return nil
    }
    guard FileKind.byKeys(document.root, path: path) == .dashboard || looks else { return nil }
    dashboards.append(DashboardFile(path, document.root, &notes))
    return .dashboard
  }

  private mutating func conf(_ path: String, _ bytes: [UInt8]) throws(SyntaxError) -> FileKind? {
    let looks = path.contains("nginx")
    let read: LocatedNginx
    do throws(SyntaxError) {
      read = try NginxReader.read(bytes: bytes)
    } catch {
      // Other programs have `.conf` files too.
      if looks, path.hasSuffix(".conf") { throw error }
      return nil
    }
    guard FileKind.isNginx(read.nodes, path: path) else { return nil }
    nginxes.append(NginxFile(path, read))
    return .nginx
  }

  private mutating func yaml(_ path: String, _ bytes: [UInt8]) throws(SyntaxError) -> FileKind? {
    let documents = try YAMLReader.readAll(bytes: bytes)
    guard documents.count == 1, let root = documents.first?.root else { return nil }
    guard let kind = FileKind.byKeys(root, path: path) else { return nil }
    add(kind, path, root)
    return kind
  }

  private mutating func add(_ kind: FileKind, _ path: String, _ root: LocatedValue) {
    switch kind {
    case .compose: composes.append(ComposeFile(path, root, &notes))
    case .prometheus: prometheuses.append(PrometheusFile(path, root, &notes))
    case .alertRules: ruleFiles.append(RuleFile(path, root, &broken, shown(path)))
    case .ruleTests: ruleTests.append(path)
    case .alertmanager: alertmanagers.append(AlertmanagerFile(path, root))
    case .datasources: datasources.append(DatasourceFile(path, root))
    case .dashboardProvider: providers.append(path)
    case .workflow: workflows.append(WorkflowFile(path, root, &notes))
    case .dashboard: dashboards.append(DashboardFile(path, root, &notes))
    default: break
    }
  }

  private mutating func parse(
    _ kind: FileKind, _ path: String, _ bytes: [UInt8]
  ) throws(SyntaxError) {
    let text = String(decoding: bytes, as: UTF8.self)
    switch kind {
    case .workflow:
      let documents = try YAMLReader.readAll(bytes: bytes)
      if let root = documents.first?.root { add(.workflow, path, root) }
    case .dockerfile:
      dockerfiles.append(DockerfileReading(path, try DockerfileReader.read(bytes: bytes), &notes))
    case .dockerignore: dockerignores.append(path)
    case .dotenv: dotenvs.append(DotenvFile(path, try DotenvReader.read(bytes: bytes), text))
    case .shell:
      scriptPlaces[path] = scripts.count
      scripts.append(Script(path, text, &notes))
    case .source:
      sourcePlaces[path] = sources.count
      sources.append(SourceFile(path, text))
    case .promql:
      queries.append(MetricQuery(text.trimmed, Spot(path, 1), &notes, isDashboard: false))
    default: break
    }
  }
}
