/// What linters looked at and found: `form.json`, which `make lint` leaves.
package struct FormReport: Sendable, Hashable {
  /// One linter's word.
  package struct Check: Sendable, Hashable {
    /// `swift format`.
    package let name: String
    package let files: Int
    package let findings: Int

    package init(name: String, files: Int, findings: Int) {
      self.name = name
      self.files = files
      self.findings = findings
    }
  }
  package let checks: [Check]

  package init(checks: [Check]) { self.checks = checks }

  /// `{"checks": [{"name": "swift format", "files": 612, "findings": 0}]}`
  package static func read(_ bytes: [UInt8]) throws(ReadingFailure) -> FormReport {
    var checks: [Check] = []
    for check in try JSONFields(bytes).objects("checks") {
      checks.append(
        Check(
          name: try check.text("name"), files: try check.integer("files"),
          findings: try check.integer("findings")))
    }
    return FormReport(checks: checks)
  }
}
