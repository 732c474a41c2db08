import Foundation

/// The three environments of the repository, generated and checked by the release build.
struct Generating {
  let places: Places
  /// Runs whose median counts.
  static let runs = 11

  func rows() throws -> [Row] {
    var generating: [Usage] = []
    var checking: [Usage] = []
    for _ in 0..<Self.runs {
      try withFolder { folder in
        try places.makeRepository(at: folder)
        generating.append(
          try ChildProcess.succeed([places.slipway, "generate", "--output", "."], in: folder))
        checking.append(
          try ChildProcess.succeed([places.slipway, "check", "--output", "."], in: folder))
      }
    }
    let both = zip(generating, checking).map { $0.wall + $1.wall }.median
    return timed("generate", generating, "into an empty folder, files forced to disk")
      + timed("check", checking, "of what was just generated")
      + [
        Row(
          "generate, then check", both, atMost: 0.060, .milliseconds,
          how: "two processes; the strictest reading of the limit")
      ]
  }

  private func timed(_ what: String, _ usages: [Usage], _ how: String) -> [Row] {
    let walls = usages.map(\.wall)
    let cpu = Unit.milliseconds.text(usages.map(\.cpu).median)
    let least = Unit.milliseconds.text(walls.min() ?? 0)
    return [
      Row(
        "\(what): three environments", walls.median, atMost: 0.060, .milliseconds,
        how: "whole process, wall, median of \(Self.runs) (least \(least), CPU \(cpu)); \(how)"),
      Row(
        "\(what): peak memory", usages.map(\.peak).max() ?? 0, atMost: 80, .mebibytes,
        how: "largest resident set of all runs"),
    ]
  }
}

/// Many environments: the time grows as their number does.
struct Scale {
  let places: Places

  func rows() throws -> [Row] {
    let few = try median(of: 100)
    let many = try median(of: 1000)
    let how = "three services each and all that watches them; median of 3"
    let cpu = "CPU \(Unit.seconds.text(few.cpu)) and \(Unit.seconds.text(many.cpu))"
    return [
      Row("1,000 environments", many.wall, atMost: 5, .seconds, how: "generate, wall; \(how)"),
      Row(
        "1,000 environments against 100", many.wall / few.wall, atMost: 12, .times,
        how: "wall; \(cpu)"),
      Row(
        "1,000 environments: peak memory", many.peak, atMost: 300, .mebibytes,
        how: "largest resident set"),
    ]
  }

  private func median(of count: Int) throws -> Usage {
    let usages = try (0..<3).map { _ in
      try withFolder { folder in
        try ChildProcess.succeed(
          [places.synthetic, "generate", "--output", "."], in: folder,
          adding: ["SYNTHETIC_ENVIRONMENTS": String(count)])
      }
    }
    return usages.sorted { $0.wall < $1.wall }[usages.count / 2]
  }
}

/// A figure that does not depend on what else the machine does.
struct Instructions {
  let places: Places
  /// How much more than the recorded count is still the same.
  static let tolerance = 1.05

  func rows(recording: Bool) throws -> [Row] {
    let count = try count()
    if recording {
      let version = try ChildProcess.succeed(["swift", "--version"], in: places.here).text
      let toolchain = version.split(separator: "\n").first.map(String.init) ?? ""
      let text = """
        # Instructions of `slipway generate` over the repository's environments, into an empty folder:
        # valgrind --tool=callgrind, SWIFT_DETERMINISTIC_HASHING=1. Written by `Benchmarks/run --record`.
        date: \(Self.day())
        toolchain: \(toolchain)
        instructions: \(Int(count))

        """
      try text.write(toFile: places.baseline, atomically: true, encoding: .utf8)
    }
    let recorded = try Self.recorded(places.baseline)
    return [
      Row(
        "generate: instructions", count, atMost: recorded.map { $0 * Self.tolerance },
        .instructions,
        how: "callgrind; the limit is the count in baseline.txt and 5 %")
    ]
  }

  private func count() throws -> Double {
    try withFolder { folder in
      try places.makeRepository(at: folder)
      let usage = try ChildProcess.succeed(
        [
          "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", places.slipway,
          "generate", "--output", ".",
        ], in: folder, adding: ["SWIFT_DETERMINISTIC_HASHING": "1"])
      let words = usage.text.split { $0 == " " || $0 == "\n" }
      guard let index = words.firstIndex(of: "Collected"),
        words.indices.contains(index + 2), let count = Double(words[index + 2])
      else { throw MeasuringError(description: "callgrind said no count:\n\(usage.text)") }
      return count
    }
  }

  private static func recorded(_ path: String) throws -> Double? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let line = text.split(separator: "\n").first { $0.hasPrefix("instructions: ") }
    return line.flatMap { Double($0.dropFirst("instructions: ".count)) }
  }

  private static func day() -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "UTC")
    formatter.dateFormat = "yyyy-MM-dd"
    return formatter.string(from: Date())
  }
}
