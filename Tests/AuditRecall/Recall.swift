import ExporterCatalogues
import Foundation
import ServiceContract
import SlipwayAudit
import SlipwayDiagnostics

/// The findings of an audit held against what is known to be wrong.
struct Recall {
  private var found: [(label: Label, isFound: Bool)] = []
  private var findings: [String: [Finding]] = [:]

  init(folder: String, labels: [Label]) {
    for label in labels {
      let key = label.folders.joined(separator: "+")
      if findings[key] == nil {
        findings[key] = Self.audit(label.folders.map { "\(folder)/\($0)" }).findings
      }
      let all = findings[key] ?? []
      let isFound = all.contains { finding in
        guard label.rules.contains(finding.rule), let lands = finding.lands,
          lands.path == "\(folder)/\(label.file)"
        else { return false }
        return label.lines.isEmpty || lands.line.map(label.lines.contains) ?? false
      }
      found.append((label, isFound))
    }
  }

  var share: Double {
    Double(found.count { $0.isFound }) / Double(max(found.count, 1))
  }

  var report: String {
    var text = ""
    for kind in Set(found.map(\.label.kind)).sorted() {
      let all = found.filter { $0.label.kind == kind }
      let missed = all.filter { !$0.isFound }.map(\.label.id)
      text += "\(kind): \(all.count - missed.count) of \(all.count)"
      text += missed.isEmpty ? "\n" : "; missed: \(missed.joined(separator: " "))\n"
    }
    let count = found.count { $0.isFound }
    let percent = (share * 1000).rounded() / 10
    text += "all: \(count) of \(found.count), \(percent) %\n"
    return text
  }

  /// Every file below the folders, as one deployment.
  static func audit(_ folders: [String]) -> AuditReport {
    var files: [AuditedFile] = []
    for folder in folders {
      let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
      for name in names.sorted() {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { continue }
        files.append(
          AuditedFile(path: name, shown: "\(folder)/\(name)", bytes: Array(data)))
      }
    }
    let exporters = Set(ExporterCatalogues.all.flatMap(\.seriesNames))
    return Audit.run(files, known: KnownMetrics(exporters: exporters, service: []))
  }
}
