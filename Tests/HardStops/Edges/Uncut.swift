import Environments
import Foundation
import SlipwayAudit
import SlipwayDiagnostics
import SlipwayModel
import SlipwayRules
import TestSupport

/// The generated files of this repository, and the two judges that read them back.
package struct Uncut: Sendable {
  /// Under the root of the repository, with what stands in them and whether they can be run.
  private let files: [(path: String, text: String, runs: Bool)]
  private let environments: [ResolvedEnvironment]

  package init() throws {
    files = try ["generated", ".github/workflows"].flatMap { folder in
      let root = URL(fileURLWithPath: "\(packageRoot)/\(folder)").resolvingSymlinksInPath().path
      return try FileManager.default.subpathsOfDirectory(atPath: root).sorted().compactMap { name in
        let path = "\(root)/\(name)"
        return FileManager.default.contents(atPath: path).map {
          (
            "\(folder)/\(name)", String(decoding: $0, as: UTF8.self),
            FileManager.default.isExecutableFile(atPath: path)
          )
        }
      }
    }
    let path = "environments/Lock.json"
    let lock = try ImageLock.read(try HardStopPage.text(of: path), path: path).get()
    environments = Environments.all.compactMap {
      Resolver.resolve($0, of: Environments.project, lock: lock).environment
    }
  }

  package var names: [String] { environments.map(\.name) }

  /// What rules and audit find in an environment, or in what stands once; each as `rule path`.
  package func found(in environment: String, cut: EdgeCut? = nil) throws -> [String] {
    var files = files
    if let cut {
      guard let index = files.firstIndex(where: { $0.path == cut.path }),
        let range = files[index].text.range(of: cut.old)
      else { throw VainAttempt(description: "'\(cut.old)' stands nowhere in \(cut.path)") }
      files[index].text.replaceSubrange(range, with: cut.new)
    }
    let folder = "generated/\(environment)/"
    let own = environment.isEmpty ? files : files.filter { $0.path.hasPrefix(folder) }
    let audited = own.map { file in
      AuditedFile(
        path: environment.isEmpty ? file.path : String(file.path.dropFirst(folder.count)),
        shown: file.path, bytes: Array(file.text.utf8))
    }
    var findings = Audit.run(audited).findings
    if let resolved = environments.first(where: { $0.name == environment }) {
      findings += Rules.check(
        Subject(
          environment: resolved,
          files: own.map { PrintedArtefact(path: $0.path, text: $0.text, isExecutable: $0.runs) }))
    }
    return findings.filter { $0.severity == .error || cut == nil }.map {
      "\($0.rule) \($0.lands?.path ?? "")"
    }
  }
}
