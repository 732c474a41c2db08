import Foundation
import SlipwayTraceability

// traceability [ROOT]     writes docs/traceability.md of the repository at ROOT, `.` by default

/// Says what is wrong and ends.
func fail(_ lines: [String], status: Int32) -> Never {
  FileHandle.standardError.write(Data((lines.joined(separator: "\n") + "\n").utf8))
  exit(status)
}

/// The files under these folders that count.
func files(at root: String) throws -> [Page] {
  var pages: [Page] = []
  for folder in TraceabilitySources.folders {
    let place = URL(fileURLWithPath: "\(root)/\(folder.path)").resolvingSymlinksInPath().path
    guard let walk = FileManager.default.enumerator(atPath: place) else { continue }
    for case let name as String in walk
    where name.hasSuffix(folder.suffix) && !"/\(name)".contains("/.") {
      let path = "\(folder.path)/\(name)"
      pages.append(
        Page(path: path, text: try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)))
    }
  }
  return pages
}

let words = Array(CommandLine.arguments.dropFirst())
guard words.count <= 1, words.first?.hasPrefix("-") != true else {
  fail(["usage: traceability [ROOT]"], status: 2)
}
let root = words.first ?? "."
do {
  let traceability = TraceabilitySources.read(try files(at: root))
  guard traceability.problems.isEmpty else {
    fail(traceability.problems.map { "traceability: error: \($0)" }, status: 1)
  }
  let path = "\(root)/\(Traceability.path)"
  try traceability.page.write(toFile: path, atomically: true, encoding: .utf8)
  print("wrote \(Traceability.path)")
} catch {
  fail(["traceability: error: \(error)"], status: 4)
}
