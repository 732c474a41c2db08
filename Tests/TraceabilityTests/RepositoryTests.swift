import Foundation
import SlipwayTraceability
import TestSupport
import Testing

/// The repository's own table.
struct RepositoryTests {
  private static let files: [Page] = TraceabilitySources.folders.flatMap { folder -> [Page] in
    let root = folder.path
    let place = URL(fileURLWithPath: "\(packageRoot)/\(root)").resolvingSymlinksInPath().path
    let names =
      FileManager.default.enumerator(atPath: place)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(folder.suffix) && !"/\($0)".contains("/.") }
      .compactMap { name in
        (try? String(contentsOfFile: "\(packageRoot)/\(root)/\(name)", encoding: .utf8))
          .map { Page(path: "\(root)/\(name)", text: $0) }
      }
  }
  private static let table = TraceabilitySources.read(files)

  private func rows(_ state: String) -> [String] {
    Self.table.chapters.flatMap(\.rows).filter { $0.state.name == state }.map(\.requirement.id)
  }

  @Test func `nothing in it is untrue`() {
    for problem in Self.table.problems { Issue.record("\(problem)") }
  }

  @Test func `all 818 requirements and 70 contradictions are there`() {
    #expect(Self.table.chapters.map(\.rows.count).reduce(0, +) == 818)
    #expect(Self.table.chapters.map(\.rows.count) == [249, 243, 138, 188])
    #expect(Self.table.contradictions.rows.count == 70)
  }

  @Test func `every class is one of those that the index explains`() throws {
    let index = try #require(
      Self.files.first { $0.path == Inventory.folder + "README.md" })
    for row in Self.table.chapters.flatMap(\.rows) {
      #expect(index.text.contains("| \(row.requirement.kind) | "), "\(row.requirement.id)")
    }
  }

  @Test func `the page is what the sources say`() throws {
    let page =
      (try? String(contentsOfFile: "\(packageRoot)/\(Traceability.path)", encoding: .utf8)) ?? ""
    let (old, new) = (page.split(separator: "\n"), Self.table.page.split(separator: "\n"))
    let difference = zip(old, new).first { $0 != $1 }
    #expect(
      page == Self.table.page,
      """
      \(Traceability.path) is out of date: run `\(Traceability.command)`.
      is:       \(difference?.0 ?? "another number of lines")
      would be: \(difference?.1 ?? "another number of lines")
      """)
  }

  @Test func `a page of requirements has at most 400 lines`() {
    for page in Self.files where page.path.hasPrefix(Inventory.folder) {
      guard page.path != Decisions.path else { continue }
      #expect(page.text.split(separator: "\n", omittingEmptySubsequences: false).count <= 401)
    }
  }

  /// Each row is proved, or it is written down why not. (docs/requirements/decided.md)
  @Test func `nothing is owed`() {
    #expect(rows("uncovered") == [])
  }

  @Test func `covered rows are many, and read from more than one place`() {
    #expect(rows("covered").count > 100)
    #expect(Set(Self.table.chapters.flatMap(\.rows).map(\.state.name)).count >= 4)
  }
}
