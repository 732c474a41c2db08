extension ScanReport {
  /// A report in Trivy's own JSON, schema version 2.
  ///
  /// Source: the reporting chapter of Trivy's documentation, "JSON".
  package static func readTrivy(_ bytes: [UInt8]) throws(ReadingFailure) -> [ScanReport] {
    var scanner = try JSONScanner(bytes)
    var report = TrivyReport()
    try scanner.object("the report") { scanner, key throws(ReadingFailure) in
      switch key {
      case "SchemaVersion": report.version = try scanner.count("'SchemaVersion'")
      case "ArtifactName": report.name = try scanner.text()
      case "Metadata":
        try scanner.object("'Metadata'") { scanner, key throws(ReadingFailure) in
          guard key == "RepoDigests", try !scanner.takeNull() else { return }
          try scanner.list("'RepoDigests'") { scanner throws(ReadingFailure) in
            let text = try scanner.string("a digest")
            report.digests.append(String(text.split(separator: "@").last ?? ""))
          }
        }
      case "Results":
        try scanner.list("'Results'") { scanner throws(ReadingFailure) in
          try report.result(&scanner)
        }
      default: break
      }
    }
    try scanner.end()
    guard report.version == 2 else { throw ReadingFailure("it is no report of Trivy, version 2") }
    guard report.name != nil else { throw ReadingFailure("it does not say what was scanned") }
    return [ScanReport(scanner: "Trivy", digests: report.digests, findings: report.findings)]
  }
}

private struct TrivyReport {
  var version = 0
  var name: String?
  var digests: [String] = []
  var findings: [ScanReport.Finding] = []

  mutating func result(_ scanner: inout JSONScanner) throws(ReadingFailure) {
    var found: [ScanReport.Finding] = []
    try scanner.object("a result") { scanner, key throws(ReadingFailure) in
      let id: String
      switch key {
      case "Vulnerabilities": id = "VulnerabilityID"
      case "Misconfigurations": id = "ID"
      case "Secrets": id = "RuleID"
      default: return
      }
      // Trivy writes `null` where there is nothing.
      guard try !scanner.takeNull() else { return }
      try scanner.list("'\(key)'") { scanner throws(ReadingFailure) in
        if let finding = try Self.finding(&scanner, id: id) { found.append(finding) }
      }
    }
    findings += found
  }

  private static func finding(
    _ scanner: inout JSONScanner, id key: String
  ) throws(ReadingFailure) -> ScanReport.Finding? {
    var texts: [String: String] = [:]
    let wanted: Set<String> = [
      key, "PkgName", "InstalledVersion", "FixedVersion", "Severity", "Status",
    ]
    try scanner.object("a finding") { scanner, key throws(ReadingFailure) in
      if wanted.contains(key) { texts[key] = try scanner.text() }
    }
    guard let id = texts[key], !id.isEmpty else { throw ReadingFailure("a finding has no id") }
    // Of a misconfiguration: a check that was passed.
    guard texts["Status"] != "PASS" else { return nil }
    let version = texts["InstalledVersion"].map { "@\($0)" } ?? ""
    return ScanReport.Finding(
      id: id, component: texts["PkgName"].map { $0 + version } ?? "",
      severity: ScanReport.Severity(rawValue: (texts["Severity"] ?? "").lowercased()) ?? .unknown,
      fixedIn: texts["FixedVersion"])
  }
}
