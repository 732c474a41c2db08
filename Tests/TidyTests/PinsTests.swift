import Foundation
import TestSupport
import Testing

/// The whole dependency graph is written down, and what is built is what is written down. (C-30)
struct PinsTests {
  private struct Pins: Decodable {
    struct Pin: Decodable {
      struct State: Decodable {
        let revision: String
        let version: String?
      }
      let identity: String
      let state: State
    }
    let pins: [Pin]
    let version: Int

    /// `name version commit`, in order.
    var lines: [String] {
      pins.map { "\($0.identity) \($0.state.version ?? "no version") \($0.state.revision)" }
        .sorted()
    }
  }

  private func pins(_ path: String) throws -> Pins {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(packageRoot)/\(path)"))
    return try JSONDecoder().decode(Pins.self, from: data)
  }

  @Test(.covers("C-30")) func `what is resolved is what is recorded`() throws {
    let (recorded, resolved) = (try pins("Pins.json"), try pins("Package.resolved"))
    #expect(recorded.lines == resolved.lines, "Pins.json is out of date: run `make dependencies`")
    #expect(recorded.version == resolved.version)
    #expect(recorded.pins.count >= 4)
    for pin in recorded.pins {
      #expect(pin.state.version?.wholeMatch(of: /\d+\.\d+\.\d+/) != nil, "\(pin.identity)")
      #expect(pin.state.revision.wholeMatch(of: /[0-9a-f]{40}/) != nil, "\(pin.identity)")
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
    let recorded = try pins("Pins.json").pins.map { pin in
      [
        "`\(pin.identity)`", pin.state.version ?? "", "`\(pin.state.revision.prefix(12))`",
      ]
    }
    #expect(rows.map { Array($0.prefix(3)) } == recorded, "run `make dependencies`")
    #expect(rows.allSatisfy { $0.count == 5 && !$0[3].isEmpty && !$0[4].isEmpty })
    let manifest = try #require(Repository.file("Package.swift"))
    let direct = manifest.text.matches(
      of: /\.package\(url: "[^"]*\/([A-Za-z0-9.-]+)", exact: "([0-9.]+)"/)
    #expect(
      direct.count == manifest.text.matches(of: /\.package\(url:/).count, "exact versions only")
    for match in direct {
      // What SwiftPM names a package by is its address in small letters.
      let row = rows.first { $0[0] == "`\(match.output.1.lowercased())`" }
      #expect(row?[1] == String(match.output.2), "\(match.output.1)")
      #expect(row?[3].contains("this package") == true, "\(match.output.1)")
    }
  }
}
