// Audits a folder of configurations with known defects and counts how many are found, by class.
//
//   audit-recall FOLDER LABELS
//
// LABELS is a table with tabs: label, class, folders of the deployment (joined by `+`), file,
// lines (`6,43`, `9-15`, or `*`), rules (joined by `,`). A defect counts as found if one of its
// rules has a finding in its file on one of its lines. The status is 1 below 95 %.

import ExporterCatalogues
import Foundation
import ServiceContract
import SlipwayAudit
import SlipwayDiagnostics

let arguments = CommandLine.arguments
guard arguments.count == 3, let table = try? String(contentsOfFile: arguments[2], encoding: .utf8)
else {
  FileHandle.standardError.write(Data("usage: audit-recall FOLDER LABELS\n".utf8))
  exit(2)
}
let recall = Recall(folder: arguments[1], labels: Label.all(in: table))
print(recall.report, terminator: "")
exit(recall.share >= 0.95 ? 0 : 1)
