import Foundation
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel
import TestSupport
import Testing

/// `slipway explain FILE:LINE` answers: a line that a specification made says which one.
struct OriginTests {
  /// The least share of lines, in percent, that a specification stands behind; the rest is the
  /// generator's own decision. Measured on the repository's own environments and rounded down to
  /// fives, so that it holds what was reached; a new emitter begins with `usual`.
  private struct Floor {
    /// The line's own node, or one around it, has an origin.
    let explained: Int
    /// The line's own node has one.
    let own: Int
    static let usual = Floor(explained: 60, own: 5)
  }

  private static let floors = [
    "alertmanager": Floor(explained: 80, own: 5),
    "docker": Floor(explained: 65, own: 65),
    "grafana": Floor(explained: 95, own: 15),
    "nginx": Floor(explained: 100, own: 95),
    "page": Floor(explained: 60, own: 60),
    "prometheus": Floor(explained: 95, own: 65),
    "scripts": Floor(explained: 95, own: 95),
    "stack": Floor(explained: 90, own: 30),
    "stores": Floor(explained: 60, own: 60),
    "workflows": Floor(explained: 75, own: 10),
    "runbooks": Floor(explained: 55, own: 55),
    // Names and strengths that follow from the contract; explained by the environment as a whole.
    "gate": Floor(explained: 100, own: 0), "secrets": Floor(explained: 100, own: 0),
    // Tables of a contract, whose declarations do not carry their lines.
    "contract-reference": Floor(explained: 5, own: 5),
  ]

  @Test(arguments: Candidate.all)
  func `most lines know where they were written`(candidate: Candidate) throws {
    let lines = try Specimen.own.emitted.files(by: candidate).flatMap { try $0.traces }
    guard !lines.isEmpty else { return }
    let own = lines.filter { !$0.own.isEmpty }.count
    let explained = lines.filter { !$0.own.isEmpty || !$0.around.isEmpty }.count
    let floor = Self.floors[candidate.name] ?? .usual
    #expect(
      100 * explained >= floor.explained * lines.count && 100 * own >= floor.own * lines.count,
      "\(candidate.name): \(explained) explained, \(own) themselves, of \(lines.count) lines")
  }

  @Test(arguments: Candidate.all, Specimen.allCases)
  func `every file can be traced`(candidate: Candidate, specimen: Specimen) throws {
    for file in try specimen.emitted.files(by: candidate) {
      #expect(throws: Never.self, "\(file.path)") { try file.traces }
    }
  }

  /// An origin is a line that somebody can edit: of a specification or a contract, never of the
  /// generator, whose own calls must hand on the place they were given.
  @Test(arguments: Candidate.all, Specimen.allCases)
  func `origins are lines of specifications`(candidate: Candidate, specimen: Specimen) throws {
    for file in try specimen.emitted.files(by: candidate) {
      for origin in Set(try file.traces.flatMap { $0.own + $0.around }) {
        let path = origin.file.dropFirst(packageRoot.count + 1)
        let isSpecification = ["environments/", "Tests/Fixtures/", "Sources/FlowrexContract/"]
          .contains { path.hasPrefix($0) }
        #expect(isSpecification, "\(file.path): \(origin.file):\(origin.line)")
        let count = SourceLines.count(of: origin.file)
        #expect((1...max(1, count)).contains(origin.line), "\(origin.file):\(origin.line)")
      }
    }
  }

  /// What a component is told of the world around it was said somewhere too.
  @Test(arguments: [
    ("APP_URL", "names"), ("API_URL", "names"), ("WS_URL", "names"), ("TRUSTED_HOSTS", "names"),
    ("CORS_ORIGINS", "names"),
  ])
  func `a public address is where the names are`(key: String, argument: String) throws {
    let candidate = try #require(Candidate.all.first { $0.name == "stack" })
    var found = 0
    for file in try Specimen.own.emitted.files(by: candidate) {
      guard let environment = file.environment?.name, environment != "dev" else { continue }
      let provenance = try Provenance(
        of: file.artefact.document, header: file.header, text: file.text)
      for (index, line) in file.lines.enumerated() where line.contains("      \(key): ") {
        let trace = provenance.trace(atLine: index + 1)
        #expect(trace?.own.map(\.argument) == [argument], "\(file.path):\(index + 1)")
        found += 1
      }
    }
    #expect(found >= 2)
  }

  /// What nobody stated for this environment may be explained by the environment as a whole; but a
  /// file in which every line is explained that way explains nothing.
  @Test(arguments: [("stack", 15), ("prometheus", 30), ("grafana", 30), ("nginx", 4)])
  func `origins differ from line to line`(name: String, least: Int) throws {
    let candidate = try #require(Candidate.all.first { $0.name == name })
    let origins = try Specimen.own.emitted.files(by: candidate)
      .filter { $0.environment?.name == "prod" }
      .flatMap { try $0.traces }.flatMap { $0.own.isEmpty ? $0.around : $0.own }
    #expect(Set(origins.map { "\($0.file):\($0.line)" }).count >= least)
  }
}

extension EmittedFile {
  /// What stands behind each line that is neither blank nor a comment.
  var traces: [Provenance.Trace] {
    get throws {
      let provenance = try Provenance(of: artefact.document, header: header, text: text)
      return lines.enumerated().compactMap { index, line in
        let words = line.drop { $0 == " " }
        guard !words.isEmpty, !line.contains(header.sentence),
          !isComment(words)
        else { return nil }
        return provenance.trace(atLine: index + 1)
      }
    }
  }
}

extension EmittedFile {
  private func isComment(_ line: Substring) -> Bool {
    switch artefact.document {
    case .json: false
    case .text(let document): document.comments == .hash && line.hasPrefix("#")
    case .yaml, .nginx, .dockerfile, .dotenv: line.hasPrefix("#")
    }
  }
}

/// The lengths of source files; each is read once.
private enum SourceLines {
  static func count(of file: String) -> Int {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return 0 }
    return text.split(separator: "\n", omittingEmptySubsequences: false).count
  }
}
