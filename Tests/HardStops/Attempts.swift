import Fixtures
import Foundation
import RuleSupport
import Slipway
package import SlipwayAudit
import SlipwayDiagnostics
import SlipwayEvidence
import SlipwayModel
import SlipwayPipeline
import SlipwayRules
import TestSupport

extension HardStopCase {
  /// Makes the attempt, and says everything that stopped it; nothing if nothing did.
  package func stopped() async throws -> [Stopped] {
    switch attempt {
    case .snippet(let name): try await compiler(name)
    case .breaker: try rule()
    case .value(let environment): try generator(environment())
    case .text(let path, let old, let new): try audit(path, old, new)
    case .process(let variables, let secrets):
      try await ServedProduction.refusals(variables, secrets)
    case .evidence(let change): gate(change)
    }
  }

  /// The compiler's first error is what people see; its rule is the one that its words name.
  private func compiler(_ name: String) async throws -> [Stopped] {
    guard let snippet = Snippet.named(name) else {
      throw VainAttempt(description: "there is no snippet '\(name)'")
    }
    let result = try await snippet.compile(snippet.wrong)
    guard result.status != 0, result.errors.contains(snippet.says) else { return [] }
    let line = result.errors.split(separator: "\n").first { $0.contains("error: ") } ?? ""
    let message = line.components(separatedBy: "error: ").dropFirst().joined(separator: "error: ")
    return [Stopped(rule: stoppedBy, message: message)]
  }

  private func rule() throws -> [Stopped] {
    guard let rule = Rules.rule(stoppedBy), var subject = Clean.subject,
      let breaker = rule.breakers.first(where: { $0.name == broken })
    else { throw VainAttempt(description: "\(stoppedBy) has no breaker '\(broken)'") }
    guard subject.apply(breaker.edit) else {
      throw VainAttempt(description: "'\(broken)' changes nothing")
    }
    return Rules.check(subject).errors
  }

  private func generator(_ environment: AnyEnvironment) throws -> [Stopped] {
    let inputs = EmitterInputs(templates: try Clean.templates())
    return Generator(project: .shop, lock: ImageLock(), inputs: inputs)
      .generate([environment], isWhole: false).findings.errors
  }

  private func audit(_ path: String, _ old: String, _ new: String) throws -> [Stopped] {
    var files = GeneratedText.files(path.hasPrefix(".github") ? "" : "/prod")
    guard let index = files.firstIndex(where: { $0.path == path }) else {
      throw VainAttempt(description: "there is no '\(path)'")
    }
    let text = String(decoding: files[index].bytes ?? [], as: UTF8.self)
    guard text.contains(old) else { throw VainAttempt(description: "'\(old)' stands nowhere") }
    files[index] = AuditedFile(
      path: path, shown: path, bytes: Array(text.replacing(old, with: new).utf8))
    return Audit.run(files).findings.errors
  }

  private func gate(_ change: (inout GateScene) -> Void) -> [Stopped] {
    var scene = GateScene()
    change(&scene)
    let report = scene.report
    guard !report.passes else { return [] }
    return report.lines.filter { $0.ruling.verdict != .pass }.map { line in
      Stopped(
        rule: line.id, message: "\(line.ruling.verdict.rawValue): \(line.ruling.seen)")
    }
  }
}

/// Generated files of this repository, as an audit of their folder sees them.
package enum GeneratedText {
  /// - Parameter environment: `/prod`; empty for the workflows.
  package static func files(_ environment: String) -> [AuditedFile] {
    let folder = environment.isEmpty ? "/.github/workflows" : "/generated" + environment
    let root = URL(fileURLWithPath: packageRoot + folder).resolvingSymlinksInPath().path
    let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    return names.sorted().compactMap { name in
      let path = environment.isEmpty ? ".github/workflows/" + name : name
      return FileManager.default.contents(atPath: root + "/" + name).map {
        AuditedFile(path: path, shown: path, bytes: Array($0))
      }
    }
  }
}

extension [Finding] {
  fileprivate var errors: [Stopped] {
    filter { $0.severity == .error }.map { Stopped(rule: $0.rule, message: $0.message) }
  }
}
