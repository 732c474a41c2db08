import Foundation
import TestSupport
import Testing

/// What is kept in the repository is text that people wrote or a program wrote for people.
struct TrackedFilesTests {
  /// Compilers leave objects where they are started; one commit of all files keeps them for ever.
  @Test func `no kept file is binary, and none has another system's line ends`() async throws {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let output = try await Tool.program(
      "/usr/bin/env", ["PATH=\(path)", "git", "-C", packageRoot, "ls-files", "--eol"])
    try #require(output.status == 0, "\(output)")
    let lines = output.stdout.split(separator: "\n")
    #expect(lines.count > 1_000)
    // `i/none` is an empty file.
    let found = lines.filter { !$0.hasPrefix("i/lf") && !$0.hasPrefix("i/none") }
    #expect(found == [])
  }
}
