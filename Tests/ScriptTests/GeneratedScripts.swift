import Foundation
import TestSupport

/// The scripts of one environment as they are generated, by name; jobs are `jobs/NAME.sh`.
struct GeneratedScripts {
  let environment: String
  let texts: [String: String]
  let compose: String

  init(_ environment: String = "prod") throws {
    self.environment = environment
    let folder = "\(packageRoot)/generated/\(environment)"
    var texts: [String: String] = [:]
    for part in ["", "jobs/"] {
      let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/scripts/\(part)")
      for name in names where name != "jobs" {
        texts[part + name] = try String(
          contentsOfFile: "\(folder)/scripts/\(part)\(name)", encoding: .utf8)
      }
    }
    self.texts = texts
    compose = try String(contentsOfFile: "\(folder)/docker-compose.yml", encoding: .utf8)
  }

  static func read(_ path: String) throws -> String {
    try String(contentsOfFile: "\(packageRoot)/generated/\(path)", encoding: .utf8)
  }

  /// The scripts that people, timers and workflows start.
  var executables: [String] {
    texts.keys.filter { !$0.contains(".") }.sorted()
  }

  /// All lines that are run, with the script that they are of; comments are not.
  var lines: [(script: String, line: String)] {
    texts.sorted { $0.key < $1.key }.flatMap { name, text in
      text.split(separator: "\n").map { ($0, $0.drop { $0 == " " }) }
        .filter { !$0.1.hasPrefix("#") }.map { (name, String($0.0)) }
    }
  }

  /// Every match of the only group of `pattern` in lines that are run.
  func found(_ pattern: String) throws -> [String] {
    let regex = try Regex(pattern, as: (Substring, Substring).self)
    return lines.flatMap { $0.line.matches(of: regex).map { String($0.output.1) } }
  }

  /// Lines that are run and match.
  func lines(matching pattern: String) throws -> [String] {
    let regex = try Regex(pattern)
    return lines.filter { $0.line.firstMatch(of: regex) != nil }.map { "\($0.script): \($0.line)" }
  }

  /// The lines of a service of the stack's file, without its name.
  func service(_ name: String) -> [String] {
    let all = compose.split(separator: "\n").map(String.init)
    guard let start = all.firstIndex(of: "  \(name):") else { return [] }
    return Array(all[(start + 1)...].prefix { $0.hasPrefix("    ") })
  }

  /// The names under a top-level key of the stack's file.
  func names(under key: String) -> [String] {
    let all = compose.split(separator: "\n").map(String.init)
    guard let start = all.firstIndex(of: "\(key):") else { return [] }
    return all[(start + 1)...].prefix { $0.hasPrefix(" ") }
      .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") && !$0.hasPrefix("  #") }
      .map { String($0.dropFirst(2).prefix { $0 != ":" }) }
  }
}
