import Foundation

/// What the rules cost: their share of the instructions of a check, as processor time.
///
/// A clock around them would count what else the machine does, and a second core; instructions are
/// the same in every run.
struct RuleShare {
  let places: Places
  /// The functions under which all rules run, as the linker calls them.
  private static let functions = [
    "$s12SlipwayRules0B0O5checkySay0A11Diagnostics7FindingVGAA7SubjectVFZ",
    "$s12SlipwayRules07ProjectB0O5check",
  ]

  func rows() throws -> [Row] {
    try withFolder { folder in
      try places.makeRepository(at: folder)
      _ = try ChildProcess.succeed([places.slipway, "generate", "--output", "."], in: folder)
      let check = [places.slipway, "check", "--output", "."]
      let cpu = try (0..<Generating.runs).map { _ in
        try ChildProcess.succeed(check, in: folder).cpu
      }.median
      let profile = folder + "/callgrind.out"
      _ = try ChildProcess.succeed(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=\(profile)"] + check, in: folder,
        adding: ["SWIFT_DETERMINISTIC_HASHING": "1"])
      let table = try ChildProcess.succeed(
        ["callgrind_annotate", "--inclusive=yes", "--threshold=100", profile], in: folder
      ).text.split(separator: "\n")
      let all = try Self.count(of: "PROGRAM TOTALS", in: table)
      let rules = try Self.functions.map { try Self.count(of: $0, in: table) }.reduce(0, +)
      return [
        Row(
          "check: all rules", cpu * rules / all, atMost: 0.020, .milliseconds,
          how: "\(Unit.instructions.text(rules)) of \(Unit.instructions.text(all)) instructions, "
            + "of \(Unit.milliseconds.text(cpu)) of processor time")
      ]
    }
  }

  /// The largest count beside this name: what a function spends in files of its own callees stands
  /// on lines of their own.
  private static func count(of name: String, in table: [Substring]) throws -> Double {
    let counts = table.filter { $0.contains(name) }.compactMap { line in
      line.split(separator: " ").first.flatMap { Double($0.filter { $0 != "," }) }
    }
    guard let most = counts.max() else {
      throw MeasuringError(description: "callgrind saw no '\(name)'")
    }
    return most
  }
}
