import Foundation
import Testing

/// The rule checker of Prometheus, asked about many expressions in one run.
struct Promtool {
  private let path: String

  /// The tool in `.tools/bin` and nowhere else; a test without it fails.
  init() throws {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    path = "/\(root)/.tools/bin/promtool"
    let isThere = FileManager.default.isExecutableFile(atPath: path)
    try #require(isThere, "run scripts/install-tools: '\(path)' is missing")
  }

  /// Which of `expressions` the tool refuses, by their positions, with its words.
  func refusals(_ expressions: [String]) throws -> [Int: String] {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("promql-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("rules.yml")
    try Promtool.rules(expressions).write(to: file, atomically: true, encoding: .utf8)
    let output = try run(["check", "rules", "--lint=none", file.path], in: folder)
    var refusals: [Int: String] = [:]
    for line in output.split(separator: "\n") {
      let parts = line.split(separator: "\"case:", maxSplits: 1)
      guard parts.count == 2, let number = Int(parts[1].prefix { $0.isNumber }) else { continue }
      refusals[number] = String(parts[1])
    }
    let isRefused = output.contains("FAILED")
    try #require(isRefused == !refusals.isEmpty, "promtool said: \(output.prefix(2_000))")
    try #require(isRefused || output.contains("SUCCESS"), "promtool said: \(output.prefix(2_000))")
    return refusals
  }

  private func run(_ arguments: [String], in folder: URL) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    // Files, not pipes: nobody reads while the tool writes.
    let output = folder.appendingPathComponent("output.txt")
    try Data().write(to: output)
    let handle = try FileHandle(forWritingTo: output)
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    process.waitUntilExit()
    try handle.close()
    return try String(contentsOf: output, encoding: .utf8)
  }

  private static func rules(_ expressions: [String]) -> String {
    var text = "groups:\n- name: all\n  rules:\n"
    for (number, expression) in expressions.enumerated() {
      text += "  - record: case:\(number)\n    expr: \(quoted(expression))\n"
    }
    return text
  }

  /// A double-quoted YAML scalar.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case " "..."~": quoted.unicodeScalars.append(scalar)
      default: quoted += "\\U" + String(format: "%08x", scalar.value)
      }
    }
    return quoted + "\""
  }
}
