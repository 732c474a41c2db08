import Foundation
import TestSupport
import Testing

/// The whole dependency graph is written down, and what is built is what is written down. (C-30)
struct PinsTests {
  private struct Pins: Decodable {
    struct Pin: Decodable {
      struct State: Decodable {
        let version: String?
      }
      let identity: String
      let state: State
    }
    let pins: [Pin]

    /// `name version`, in order. Commits are not compared: mirrors may have their own.
    var lines: [String] { pins.map { "\($0.identity) \($0.state.version ?? "no version")" } }
  }

  private func recorded() throws -> [String] {
    try #require(Repository.file("dependencies.txt")).lines.map(String.init)
      .filter { !$0.isEmpty }
  }

  @Test(.covers("C-30")) func `what is resolved is what is recorded`() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(packageRoot)/Package.resolved"))
    let resolved = try JSONDecoder().decode(Pins.self, from: data)
    let recorded = try recorded()
    #expect(
      recorded == resolved.lines, "dependencies.txt is out of date: run `make dependencies`")
    #expect(recorded.count >= 4)
    for line in recorded {
      #expect(line.wholeMatch(of: /[a-z0-9.-]+ \d+\.\d+\.\d+/) != nil, "\(line)")
    }
  }

  @Test
  func `the page of dependencies has the recorded ones, who asks for them and who needs them`()
    throws
  {
    let page = try #require(Repository.file("docs/dependencies.md"))
    let rows = page.lines.filter { $0.hasPrefix("| `") }.map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let recorded = try recorded().map { "`\($0.replacing(" ", with: "` "))" }
    #expect(rows.map { "\($0[0]) \($0[1])" } == recorded, "run `make dependencies`")
    #expect(rows.allSatisfy { $0.count == 4 && !$0[2].isEmpty && !$0[3].isEmpty })
    let manifest = try #require(Repository.file("Package.swift"))
    let direct = manifest.text.matches(
      of: /\.package\(url: "[^"]*\/([A-Za-z0-9.-]+)", exact: "([0-9.]+)"/)
    #expect(
      direct.count == manifest.text.matches(of: /\.package\(url:/).count, "exact versions only")
    for match in direct {
      // What SwiftPM names a package by is its address in small letters.
      let row = rows.first { $0[0] == "`\(match.output.1.lowercased())`" }
      #expect(row?[1] == String(match.output.2), "\(match.output.1)")
      #expect(row?[2].contains("this package") == true, "\(match.output.1)")
    }
  }
}
