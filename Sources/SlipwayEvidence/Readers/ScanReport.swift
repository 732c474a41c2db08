/// What a scanner found in one thing: sources, or an image.
package struct ScanReport: Sendable, Hashable {
  package enum Severity: String, Sendable, Hashable, CaseIterable {
    case low, medium, high, critical
    /// The scanner does not say; counts as high, for nobody knows that it is not.
    case unknown

    /// High and critical findings stop a release. (S17-HS-04)
    package var stops: Bool { self != .low && self != .medium }
  }

  package struct Finding: Sendable, Hashable {
    /// `CVE-2026-1234`, or a scanner's own name of a rule.
    package let id: String
    /// What has it: `libssl3@3.0.2`; empty if the scanner does not say.
    package let component: String
    package let severity: Severity
    /// Whether there is a version without it; `nil` if the scanner does not say.
    package let fixedIn: String?
    package init(id: String, component: String, severity: Severity, fixedIn: String?) {
      self.id = id
      self.component = component
      self.severity = severity
      self.fixedIn = fixedIn
    }
  }
  package let scanner: String
  /// `sha256:…` of the image, of each of its names; empty for sources.
  package let digests: [String]
  package let findings: [Finding]
  package init(scanner: String, digests: [String], findings: [Finding]) {
    self.scanner = scanner
    self.digests = digests
    self.findings = findings
  }
}

// MARK: SARIF

extension ScanReport {
  /// A run in SARIF 2.1.0. Trivy's has the digests of an image in the run's properties, and the
  /// score of a rule in `security-severity`.
  ///
  /// Source: "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", OASIS, 3.13–3.27.
  package static func readSARIF(_ bytes: [UInt8]) throws(ReadingFailure) -> [ScanReport] {
    var scanner = try JSONScanner(bytes)
    var version: String?
    var runs: [ScanReport]?
    try scanner.object("the report") { scanner, key throws(ReadingFailure) in
      switch key {
      case "version": version = try scanner.text()
      case "runs":
        var found: [ScanReport] = []
        try scanner.list("'runs'") { scanner throws(ReadingFailure) in
          var run = SARIFRun()
          try run.read(&scanner)
          found.append(try run.report())
        }
        runs = found
      default: break
      }
    }
    try scanner.end()
    guard version == "2.1.0" else { throw ReadingFailure("it is no SARIF 2.1.0") }
    guard let runs, !runs.isEmpty else { throw ReadingFailure("it holds no run of a scanner") }
    return runs
  }
}

private struct SARIFRun {
  private struct Rule {
    var severity: ScanReport.Severity?
    var level: String?
  }
  fileprivate struct Outcome {
    var rule = ""
    var ruleIndex: Int?
    var level: String?
    var message = ""
    var isSuppressed = false
    var isAbsent = false
  }
  private var name: String?
  private var rules: [(id: String, rule: Rule)] = []
  private var results: [Outcome]?
  private var digests: [String] = []
  private var succeeded = true

  mutating func read(_ scanner: inout JSONScanner) throws(ReadingFailure) {
    var copy = self
    try scanner.object("a run") { scanner, key throws(ReadingFailure) in
      switch key {
      case "tool": try copy.readTool(&scanner)
      case "results":
        var found: [Outcome] = []
        try scanner.list("'results'") { scanner throws(ReadingFailure) in
          found.append(try Self.result(&scanner))
        }
        copy.results = found
      case "invocations":
        try scanner.list("'invocations'") { scanner throws(ReadingFailure) in
          try scanner.object("an invocation") { scanner, key throws(ReadingFailure) in
            if key == "executionSuccessful", try !scanner.flag("'executionSuccessful'") {
              copy.succeeded = false
            }
          }
        }
      case "properties":
        try scanner.object("a run's properties") { scanner, key throws(ReadingFailure) in
          guard key == "repoDigests", try !scanner.takeNull() else { return }
          try scanner.list("'repoDigests'") { scanner throws(ReadingFailure) in
            let text = try scanner.string("a digest")
            copy.digests.append(String(text.split(separator: "@").last ?? ""))
          }
        }
      default: break
      }
    }
    self = copy
  }

  func report() throws(ReadingFailure) -> ScanReport {
    guard let name, !name.isEmpty else { throw ReadingFailure("it does not say which tool ran") }
    guard succeeded else { throw ReadingFailure("it says that the scanner itself failed") }
    guard let results else { throw ReadingFailure("it has no 'results', so nothing was scanned") }
    let known = Dictionary(rules.map { ($0.id, $0.rule) }) { first, _ in first }
    let findings = results.compactMap { result -> ScanReport.Finding? in
      // A baseline's 'absent' is what was there before and is gone.
      guard !result.isAbsent else { return nil }
      var id = result.rule
      var rule = known[id]
      if let index = result.ruleIndex, rules.indices.contains(index), rule == nil {
        (id, rule) = (rules[index].id, rules[index].rule)
      }
      let fields = result.fields
      return ScanReport.Finding(
        id: id.isEmpty ? "a rule without a name" : id, component: fields.component,
        severity: fields.severity ?? rule?.severity
          ?? Self.severity(level: result.level ?? rule?.level),
        fixedIn: fields.fixedIn)
    }
    return ScanReport(scanner: name, digests: digests, findings: findings)
  }

  private mutating func readTool(_ scanner: inout JSONScanner) throws(ReadingFailure) {
    var name: String?
    var rules: [(id: String, rule: Rule)] = []
    try scanner.object("'tool'") { scanner, key throws(ReadingFailure) in
      guard key == "driver" else { return }
      try scanner.object("'driver'") { scanner, key throws(ReadingFailure) in
        switch key {
        case "name": name = try scanner.string("a tool's name")
        case "rules":
          try scanner.list("'rules'") { scanner throws(ReadingFailure) in
            rules.append(try Self.rule(&scanner))
          }
        default: break
        }
      }
    }
    self.name = name
    self.rules = rules
  }

  private static func rule(
    _ scanner: inout JSONScanner
  ) throws(ReadingFailure) -> (id: String, rule: Rule) {
    var id = ""
    var rule = Rule()
    try scanner.object("a rule") { scanner, key throws(ReadingFailure) in
      switch key {
      case "id": id = try scanner.string("a rule's id")
      case "defaultConfiguration":
        try scanner.object("a rule's configuration") { scanner, key throws(ReadingFailure) in
          if key == "level" { rule.level = try scanner.text() }
        }
      case "properties":
        try scanner.object("a rule's properties") { scanner, key throws(ReadingFailure) in
          guard key == "security-severity" else { return }
          rule.severity = severity(score: try scanner.text() ?? "")
        }
      default: break
      }
    }
    return (id, rule)
  }

  private static func result(
    _ scanner: inout JSONScanner
  ) throws(ReadingFailure) -> Outcome {
    var result = Outcome()
    try scanner.object("a result") { scanner, key throws(ReadingFailure) in
      switch key {
      case "ruleId": result.rule = try scanner.string("'ruleId'")
      case "ruleIndex": result.ruleIndex = try scanner.count("'ruleIndex'")
      case "level": result.level = try scanner.text()
      case "baselineState": result.isAbsent = try scanner.text() == "absent"
      case "message":
        try scanner.object("a message") { scanner, key throws(ReadingFailure) in
          if key == "text" { result.message = try scanner.text() ?? "" }
        }
      default: break
      }
    }
    return result
  }

  /// CVSS 3.1, section 5: 7.0 is where high begins, 9.0 where critical does.
  private static func severity(score: String) -> ScanReport.Severity {
    guard let score = Double(score), (0...10).contains(score) else { return .unknown }
    return score >= 9 ? .critical : score >= 7 ? .high : score >= 4 ? .medium : .low
  }

  /// Without a score: what a tool calls an error stops, and so does what it says nothing about.
  private static func severity(level: String?) -> ScanReport.Severity {
    switch level {
    case "error": .high
    case "warning": .medium
    case "note", "none": .low
    case nil: .medium
    default: .unknown
    }
  }
}

extension SARIFRun.Outcome {
  /// Trivy writes one field a line into a result's message: `Package: libssl3`,
  /// `Installed Version: 3.0.2`, `Severity: HIGH`, `Fixed Version: 3.0.3`.
  fileprivate var fields: (component: String, severity: ScanReport.Severity?, fixedIn: String?) {
    var values: [String: String] = [:]
    for line in message.split(whereSeparator: \.isNewline).prefix(40) {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      values[String(line[..<colon]), default: String(value)] += ""
    }
    let name = values["Package"] ?? ""
    let version = values["Installed Version"].map { "@\($0)" } ?? ""
    let severity = values["Severity"].flatMap {
      ScanReport.Severity(rawValue: $0.lowercased())
    }
    return (name.isEmpty ? "" : name + version, severity, values["Fixed Version"])
  }
}
