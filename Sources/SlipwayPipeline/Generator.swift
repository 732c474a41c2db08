package import Slipway
package import SlipwayDiagnostics
package import SlipwayDocuments
import SlipwayEmitters
package import SlipwayModel
import SlipwayRules

/// Values in, values out: resolve → emit → print → check. Nothing here touches a disk, a clock or
/// a terminal. (design §2)
package struct Generator: Sendable {
  package let project: Project
  package let lock: ImageLock
  package let inputs: EmitterInputs
  /// The command that people run; it stands in the first line of every file.
  package let command: String

  package init(
    project: Project, lock: ImageLock, inputs: EmitterInputs, command: String = "make generate"
  ) {
    self.project = project
    self.lock = lock
    self.inputs = inputs
    self.command = command
  }

  /// Everything that belongs to the environments, and all findings. With an error among the
  /// findings nothing may be written.
  ///
  /// - Parameters:
  ///   - isWhole: Whether these are all environments there are; only then the files that stand once
  ///     for all of them can be made.
  ///   - isTraced: Whether files keep their trees, which know where each value was written; they
  ///     are many times as large as the files.
  package func generate(
    _ environments: [AnyEnvironment], at site: Site = .declared, isWhole: Bool = true,
    isTraced: Bool = true
  ) -> Generation {
    let resolutions = concurrently(environments) {
      Resolver.resolve($0, of: project, at: site, lock: lock)
    }
    var jobs = zip(environments, resolutions).map { Job.part($0.value.name, $1) }
    let resolved = resolutions.compactMap(\.environment)
    let hasShared = isWhole && resolved.count == environments.count
    // The longest first, so that no core waits for it at the end.
    if hasShared { jobs.insert(.shared(resolved), at: 0) }
    var parts = concurrently(jobs) { job in
      let part =
        switch job {
        case .part(let name, let resolution): part(name, resolution)
        case .shared(let resolved): shared(resolved)
        }
      return isTraced ? part : part.untraced
    }
    if hasShared { parts.append(parts.removeFirst()) }
    parts.append(contentsOf: Self.collisions(in: parts))
    parts.append(contentsOf: unusedWaivers(after: parts))
    return Generation(parts: parts)
  }

  /// Files that can be made without knowing of any others.
  private enum Job: Sendable {
    case part(String, Resolver.Resolution)
    case shared([ResolvedEnvironment])
  }

  /// One environment's files.
  private func part(_ name: String, _ resolution: Resolver.Resolution) -> GeneratedPart {
    guard let resolved = resolution.environment else {
      return GeneratedPart(name: name, environment: nil, files: [], findings: resolution.findings)
    }
    var emission = Emission()
    for emitter in Emitters.perEnvironment { emission.add(emitter.emit(resolved, using: inputs)) }
    let source = Self.source(of: resolved.origin.file)
    var printer = ArtefactPrinter(source: source, command: command)
    var files = emission.artefacts.compactMap { printer.print($0) }
    let stack = StackEmitter.emit(resolved, files: files.map(\.printed))
    files += stack.artefacts.compactMap { printer.print($0) }
    let page = Emitters.page(resolved, inputs)
    files += page.artefacts.compactMap { printer.print($0) }
    var findings =
      resolution.findings + emission.findings + stack.findings + page.findings
      + printer.findings
    let broken = Rules.check(Subject(environment: resolved, files: files.map(\.printed)))
    findings += Waivers(project.waivers).applied(to: broken)
    return GeneratedPart(
      name: name, environment: resolved, files: files.sorted { $0.path < $1.path },
      findings: findings.map { $0.within(name) })
  }

  /// What stands once for all environments.
  private func shared(_ environments: [ResolvedEnvironment]) -> GeneratedPart {
    var emission = Emission()
    for emitter in Emitters.shared { emission.add(emitter.emit(environments, using: inputs)) }
    var printer = ArtefactPrinter(source: "environments/", command: command)
    let files = emission.artefacts.compactMap { printer.print($0) }
    return GeneratedPart(
      name: "", environment: nil, files: files.sorted { $0.path < $1.path },
      findings: emission.findings + printer.findings
        + Waivers(project.waivers).applied(to: ProjectRules.check(environments)))
  }

  /// A waiver is judged where its environment was made without a fault of its own; one of an
  /// environment that there is not, where all were asked for.
  private func unusedWaivers(after parts: [GeneratedPart]) -> [GeneratedPart] {
    guard !project.waivers.isEmpty else { return [] }
    let waivers = Waivers(project.waivers)
    let made = parts.filter { $0.name.isEmpty || $0.environment != nil }.map(\.name)
    let findings =
      waivers.incomplete
      + waivers.idle(
        after: parts.flatMap(\.findings), in: Set(made), known: Set(parts.map(\.name)))
    guard !findings.isEmpty else { return [] }
    return [GeneratedPart(findings: findings)]
  }

  /// Two emitters that write one file: the second would silently replace the first.
  private static func collisions(in parts: [GeneratedPart]) -> [GeneratedPart] {
    var seen: Set<String> = []
    let findings = parts.flatMap(\.files).map(\.path).filter { !seen.insert($0).inserted }.map {
      Finding(
        rule: "output/paths-are-unique", message: "'\($0)' would be written twice",
        lands: Landing(path: $0), why: "of two files with one name, one is lost",
        fix: "this is a defect of the generator: two emitters write the same file")
    }
    guard !findings.isEmpty else { return [] }
    return [GeneratedPart(name: "", environment: nil, files: [], findings: findings)]
  }

  /// `environments/Production.swift`: the last folder and the file, whatever machine it is on.
  static func source(of file: String) -> String {
    file.split(separator: "/").suffix(2).joined(separator: "/")
  }
}

/// All that one run makes.
package struct Generation: Sendable {
  package let parts: [GeneratedPart]

  package init(parts: [GeneratedPart]) { self.parts = parts }

  /// One cause, one finding: what several environments say in the same words is said once, and
  /// names them all.
  package var findings: [Finding] {
    let all = parts.flatMap(\.findings)
    let causes = Dictionary(grouping: all) { $0.within("") }
    return causes.map { cause, same in
      var names: [String] = []
      for name in same.map(\.environment) where !name.isEmpty && !names.contains(name) {
        names.append(name)
      }
      return cause.within(names.joined(separator: ", "))
    }.sorted()
  }
  package var isRefused: Bool { findings.contains { $0.severity == .error } }
  package var files: [GeneratedFile] { parts.flatMap(\.files) }
}

/// The files of one environment, or those that stand once for all (`name` is empty).
package struct GeneratedPart: Sendable {
  package let name: String
  package let environment: ResolvedEnvironment?
  package let files: [GeneratedFile]
  package let findings: [Finding]

  /// The same without the trees of its files.
  fileprivate var untraced: GeneratedPart {
    GeneratedPart(
      name: name, environment: environment,
      files: files.map { GeneratedFile(printed: $0.printed, document: nil, header: $0.header) },
      findings: findings)
  }
}

/// A file with its bytes and, if it is traced, its tree; that knows where each value was written.
package struct GeneratedFile: Sendable {
  package let printed: PrintedArtefact
  package let document: Document?
  package let header: Header
  package var path: String { printed.path }

  /// Where a line of it was written, counted from 1; empty if the generator decided it.
  package func origins(atLine line: Int) -> [Origin] {
    guard let document,
      let provenance = try? Provenance(of: document, header: header, text: printed.text)
    else { return [] }
    return provenance.origins(atLine: line)
  }
}

/// Prints trees; what cannot be printed becomes a finding.
struct ArtefactPrinter {
  let source: String
  let command: String
  var findings: [Finding] = []

  mutating func print(_ artefact: Artefact) -> GeneratedFile? {
    let header = Header(source: source, command: command)
    guard Self.isInside(artefact.path) else {
      add("'\(artefact.path)' would be written outside the output folders", artefact.path)
      return nil
    }
    do {
      let text = try artefact.document.print(header: header)
      return GeneratedFile(
        printed: PrintedArtefact(
          path: artefact.path, text: text, isExecutable: artefact.isExecutable),
        document: artefact.document, header: header)
    } catch {
      add("'\(artefact.path)' cannot be written: \(error)", artefact.path)
      return nil
    }
  }

  private mutating func add(_ message: String, _ path: String) {
    findings.append(
      Finding(
        rule: "output/can-be-written", message: message, lands: Landing(path: path),
        why: "a file that its own reader would refuse helps nobody",
        fix: "change the value that cannot be written, or report a defect of the generator"))
  }

  /// Only these may be written; no path may climb out of them.
  static func isInside(_ path: String) -> Bool {
    let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let climbs = parts.contains { part in
      part.count <= 2 && part.allSatisfy { $0 == UInt8(ascii: ".") }
    }
    return !climbs
      && (path == ".env.example"
        || OutputFolder.all.contains { path.hasPrefix($0) && path.utf8.count > $0.utf8.count })
  }
}

/// Where generated files may stand, under the root of the repository. (design §5)
package enum OutputFolder {
  package static let generated = "generated/"
  /// The only place where GitHub reads workflows.
  package static let workflows = ".github/workflows/"
  package static let all = [generated, workflows]
}

extension GeneratedPart {
  /// No file: what was found about all of them together.
  package init(findings: [Finding]) {
    self.init(name: "", environment: nil, files: [], findings: findings)
  }

  /// A part of files that are text already; for tests of what a disk makes of them.
  package init(name: String, environment: ResolvedEnvironment?, printed: [PrintedArtefact]) {
    self.init(
      name: name, environment: environment,
      files: printed.map {
        GeneratedFile(
          printed: $0, document: .text(TextDocument($0.text, comments: .none)),
          header: Header(source: "environments/", command: "make generate"))
      }, findings: [])
  }
}
