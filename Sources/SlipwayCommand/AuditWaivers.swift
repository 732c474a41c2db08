import Slipway
import SlipwayAudit
import SlipwayDiagnostics
import SlipwayDocuments

/// What an owner of audited files lets pass for a time: a rule in a file, why, who answers for it,
/// until when. As in a specification, each is said in every report, ends with its last day, lets
/// something pass or is refused, and cannot name a hard stop.
struct AuditWaivers {
  private struct Entry {
    let rule: String
    let path: String
    let reason: String
    let owner: String
    let until: Day
    let line: Int
  }
  private let file: String
  private var entries: [Entry] = []
  /// What is wrong with the waivers themselves.
  private(set) var findings: [Finding] = []

  /// - Parameters:
  ///   - text: `{"waivers": [{"rule": …, "path": …, "because": …, "owner": …, "until": …}]}`.
  ///   - file: As the person who asks typed it.
  ///   - today: The day against which last days are held.
  init(_ text: String, file: String, today: Day) {
    self.file = file
    do throws(SyntaxError) {
      let root = try JSONReader.read(text).root
      guard let list = root["waivers"]?.list else {
        throw SyntaxError(at: root.start, "it has no list 'waivers'")
      }
      for value in list { read(value, today) }
    } catch {
      add(
        "waivers/can-be-read", "the waivers cannot be read: \(error.message)", error.position.line,
        why: "what cannot be read lets nothing pass, and whoever wrote it believes that it does",
        fix:
          #"write {"waivers": [{"rule", "path", "because", "owner", "until"}]}, all of them text"#)
    }
  }

  private static let fields = ["rule", "path", "because", "owner", "until"]

  private mutating func read(_ value: LocatedValue, _ today: Day) {
    let line = value.start.line
    let texts = Self.fields.map { value[$0]?.string ?? "" }
    let strange = (value.map ?? []).map(\.key).filter { !Self.fields.contains($0) }
    let lacking = zip(Self.fields, texts).filter { $0.1.allSatisfy(\.isWhitespace) }.map(\.0)
    guard lacking.isEmpty, strange.isEmpty, let until = Day(text: texts[4]), until.exists else {
      let words =
        lacking.isEmpty
        ? strange.isEmpty ? "ends on '\(texts[4])', which is no day" : "has a '\(strange[0])'"
        : "has no '\(lacking[0])'"
      return add(
        "waivers/are-complete", "a waiver \(words)", line,
        why: "a promise is broken on purpose only by somebody, for a reason, for a time",
        fix: "write the rule, the path, the reason, who answers for it, and the last day as "
          + "YYYY-MM-DD")
    }
    guard let rule = AuditRules.all.first(where: { $0.id == texts[0] }) else {
      let near = NearestNames.of(texts[0], among: AuditRules.all.map { $0.id })
      return add(
        "waivers/are-complete", "a waiver names '\(texts[0])', which is no rule of an audit", line,
        why: "a promise that there is not cannot be waived",
        fix: "name a rule; the nearest are \(near.joined(separator: ", "))")
    }
    if let stop = rule.source.first(where: Self.isHardStop) {
      return add(
        "waivers/spare-no-hard-stop", "a waiver would let \(rule.id) pass, a hard stop (\(stop))",
        line, why: "what must not go out does not go out, whoever asks",
        fix: "keep the promise and delete the waiver")
    }
    if until < today {
      add(
        "waivers/are-in-force",
        "the waiver of \(rule.id) in '\(texts[1])' ended on \(until.text)", line,
        why: "what was borne for a time is borne for ever, if nobody looks again",
        fix: "keep the promise and delete the waiver, or let its owner decide anew")
    }
    entries.append(
      Entry(
        rule: texts[0], path: texts[1], reason: texts[2], owner: texts[3], until: until,
        line: line))
  }

  /// `S17-HS-01`: one of the twenty for which nothing goes out.
  private static func isHardStop(_ source: String) -> Bool {
    source.hasPrefix("S17-HS-") || source.hasPrefix("S18-HS-")
  }

  /// The findings, with those that somebody lets pass turned into warnings that say so, and what is
  /// wrong with the waivers behind them.
  func applied(to found: [Finding]) -> [Finding] {
    var used: Set<Int> = []
    let borne = found.map { finding -> Finding in
      let match = entries.firstIndex {
        $0.rule == finding.rule && $0.path == finding.lands?.path
      }
      guard let match else { return finding }
      used.insert(match)
      return finding.waived(by: note(entries[match]))
    }
    let idle = entries.indices.filter { !used.contains($0) }.map { index in
      made(
        "waivers/are-used",
        "the waiver of \(entries[index].rule) in '\(entries[index].path)' lets nothing pass",
        entries[index].line,
        why: "a waiver that lets nothing pass today lets something pass tomorrow, unseen",
        fix: "delete the waiver")
    }
    return (borne + findings + idle).sorted()
  }

  private func note(_ entry: Entry) -> FindingWaiver {
    FindingWaiver(
      owner: entry.owner, reason: entry.reason, until: entry.until.text,
      origin: Origin(file: file, line: entry.line))
  }

  private mutating func add(
    _ rule: String, _ message: String, _ line: Int, why: String, fix: String
  ) {
    findings.append(made(rule, message, line, why: why, fix: fix))
  }

  private func made(
    _ rule: String, _ message: String, _ line: Int, why: String, fix: String
  ) -> Finding {
    Finding(
      rule: rule, message: message, lands: Landing(path: file, line: line), why: why, fix: fix)
  }
}

extension Day {
  /// Reads `2027-03-31`; `nil` for anything of another form.
  init?(text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2],
      text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 45 }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
    else { return nil }
    self = .day(year, month, day)
  }
}
