package import SlipwayTraceability

/// A criterion, as `docs/requirements/` has it.
package struct HardStopCriterion: Sendable, Hashable {
  package let id: String
  /// In our words.
  package let words: String
  /// Where the row stands: `docs/requirements/deployment-preparation.md:333`.
  package let place: String
  package let levels: [HardStopLevel]
}

/// The table of levels, and the page that is made of it and of what happened.
package enum HardStopPage {
  package static let path = "docs/hard-stops.md"
  package static let command = "make hard-stops"
  package static let levels = "docs/requirements/hard-stop-levels.md"

  /// The criteria with their marks.
  ///
  /// - Parameters:
  ///   - levels: The page of levels.
  ///   - requirements: The pages that have the criteria as rows.
  package static func criteria(levels: String, requirements: [Page]) -> [HardStopCriterion] {
    levels.split(separator: "\n").compactMap { line in
      let cells = cells(line)
      guard cells.count == 3, cells[0].contains("-HS-") else { return nil }
      let row = row(cells[0], in: requirements)
      return HardStopCriterion(
        id: cells[0], words: row?.words ?? cells[1], place: row?.place ?? "",
        levels: cells[2].split(separator: " ").compactMap { HardStopLevel(rawValue: String($0)) })
    }
  }

  private static func row(
    _ id: String, in pages: [Page]
  ) -> (words: String, place: String)? {
    for page in pages {
      let lines = page.text.split(separator: "\n", omittingEmptySubsequences: false)
      for (index, line) in lines.enumerated() where line.hasPrefix("| \(id) |") {
        return (cells(line).last ?? "", "\(page.path):\(index + 1)")
      }
    }
    return nil
  }

  private static func cells(_ line: Substring) -> [String] {
    guard line.hasPrefix("| ") else { return [] }
    return line.split(separator: "|").map { cell in
      String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }.filter { !$0.isEmpty }
  }

  /// - Parameter happened: What stopped each case.
  package static func text(
    _ criteria: [HardStopCriterion], _ happened: [(HardStopCase, [Stopped])]
  ) -> String {
    var lines = [
      "# Hard stops", "",
      "Made by `\(command)` from [the table of levels](requirements/hard-stop-levels.md) and from",
      "what happened when each promise was broken on purpose; a test says when it is out of date.",
      "The words under *it says* are those of the rule, the compiler or the gate itself.", "",
      "No hard stop can be waived: `Waiver` does not compile for one.",
    ]
    for criterion in criteria {
      lines += ["", "## \(criterion.id)", "", "\(criterion.words) (`\(criterion.place)`)", ""]
      lines += ["| level | stopped by | broken by | it says |", "| --- | --- | --- | --- |"]
      lines += criterion.levels.map { level in row(criterion, level, happened) }
    }
    let marks = criteria.reduce(0) { $0 + $1.levels.count }
    let planned = marks - happened.count
    lines += [
      "", "## The count", "",
      "\(marks) marks: \(happened.count) are tried here, \(planned) belong to the service, which "
        + "refuses them by",
      "itself; they are planned and not claimed.",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func row(
    _ criterion: HardStopCriterion, _ level: HardStopLevel,
    _ happened: [(HardStopCase, [Stopped])]
  ) -> String {
    let label = "\(level.rawValue): \(level.words)"
    let found = happened.first { $0.0.criterion == criterion.id && $0.0.level == level }
    guard let (attempt, stopped) = found else { return "| \(label) | planned | | |" }
    let own = stopped.first { $0.rule == attempt.stoppedBy }
    let by = attempt.stoppedBy.isEmpty ? "the compiler" : "`\(attempt.stoppedBy)`"
    let says = (own?.message ?? "nothing").replacing("|", with: "\\|")
    return "| \(label) | \(by) | \(attempt.broken) | \(says) |"
  }
}
