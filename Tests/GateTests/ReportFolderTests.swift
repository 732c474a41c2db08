import Foundation
import SlipwayEvidence
import SlipwayModel
import TestSupport
import Testing

/// Reports of others, and the file beside them that says what they are of.
struct ReportFolderTests {
  private static let name = "pass-swift-testing.xml"

  private static func clause(_ asking: Asking) -> String {
    switch ReportCollector(asking.folder.path(of: "evidence")).tests {
    case .missing(let clause), .unreadable(let clause): clause
    case .seen(let seen): "\(seen.value.tests) tests of \(seen.commit ?? "")"
    }
  }

  /// A folder with one report, after `change`.
  private static func with(_ change: (Asking) throws -> Void) throws -> String {
    try withTemporaryFolder { folder in
      let asking = Asking(folder: folder)
      try asking.seal("evidence-test", [name])
      try change(asking)
      return clause(asking)
    }
  }

  @Test func `a report is of the commit that the file beside it names`() throws {
    #expect(try Self.with { _ in } == "4 tests of \(Scene.commit)")
  }

  @Test func `without that file, or not named in it, or changed, a report says nothing`() throws {
    let place = "evidence-test/\(Self.name)"
    #expect(
      try Self.with { asking in
        try FileManager.default.removeItem(
          atPath: asking.folder.path(of: "evidence/evidence-test/about.json"))
      } == "'\(place)': 'about.json' beside it: it is not there")
    #expect(
      try Self.with { try $0.folder.write("{}", to: "evidence/evidence-test/about.json") }
        == "'\(place)': 'about.json' beside it: it has no 'commit'")
    #expect(
      try Self.with { try $0.folder.write("<testsuites/>", to: "evidence/evidence-test/other.xml") }
        == "'evidence-test/other.xml': 'about.json' beside it does not name it")
    #expect(
      try Self.with { try $0.folder.write("<testsuites/>", to: "evidence/\(place)") }
        == "'\(place)': it is not the file that 'about.json' beside it vouches for")
  }

  @Test func `reports of two commits are no run`() throws {
    #expect(
      try Self.with { try $0.seal("evidence-old", ["pass-xctest.xml"], of: Scene.before) }
        == "they are of two commits, bbbbbbbbbbbb and aaaaaaaaaaaa")
  }

  @Test func `a folder that is not there, or empty, is named`() throws {
    try withTemporaryFolder { folder in
      let asking = Asking(folder: folder)
      let path = folder.path(of: "evidence")
      #expect(
        Self.clause(asking) == "the test report is missing: there is no folder '\(path)'")
      try folder.write("", to: "evidence/readme.txt")
      #expect(Self.clause(asking) == "no test report is in '\(path)'")
    }
  }

  @Test func `two reports of coverage are one too many`() throws {
    try withTemporaryFolder { folder in
      let asking = Asking(folder: folder)
      try asking.seal("one", ["coverage.json"])
      try asking.seal("other", ["coverage.json"])
      let path = folder.path(of: "evidence")
      guard case .unreadable(let clause) = ReportCollector(path).coverage else {
        throw Unexpected(what: "read")
      }
      #expect(clause == "2 files in '\(path)' say that they are it")
    }
  }

  // MARK: Files that are none

  private static func failure(_ path: String, limit: Int = 1 << 20) -> BoundedFile.Failure? {
    do throws(BoundedFile.Failure) {
      _ = try BoundedFile(path, limit: limit).bytes()
      return nil
    } catch {
      return error
    }
  }

  @Test func `a gigabyte, a folder, a pipe and nothing are refused at once`() async throws {
    try await withTemporaryFolder { folder in
      let script = "cd \"$1\" && truncate -s 1G big && mkfifo pipe && mkdir folder"
      let made = try await Tool.run("busybox", ["sh", "-c", script, "sh", folder.path])
      #expect(made.status == 0, "\(made)")
      #expect(Self.failure(folder.path(of: "big")) == .unreadable("it is larger than 1 MiB"))
      #expect(Self.failure(folder.path(of: "pipe")) == .unreadable("it is no file"))
      #expect(Self.failure(folder.path(of: "folder")) == .unreadable("it is no file"))
      #expect(Self.failure(folder.path(of: "none")) == .missing)
      #expect(Self.failure("/dev/zero") == .unreadable("it is no file"))
      try folder.write("abc", to: "small")
      #expect(Self.failure(folder.path(of: "small"), limit: 3) == nil)
      #expect(
        Self.failure(folder.path(of: "small"), limit: 2) == .unreadable("it is larger than 0 KiB"))
    }
  }
}
