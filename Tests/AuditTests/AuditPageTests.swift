import Foundation
import SlipwayAudit
import TestSupport
import Testing

/// The page says what the rules say.
struct AuditPageTests {
  private static let begin = "<!-- rules: checked by a test -->\n"
  private static let end = "<!-- end of rules -->\n"

  /// One row for each rule, in the order of their names.
  private static var table: String {
    let rows = AuditRules.all.sorted { $0.id < $1.id }.map { rule in
      "| `\(rule.id)` | \(cell(rule.why)) | \(cell(rule.fix)) |\n"
    }
    return "| rule | what happens otherwise | what to do |\n| --- | --- | --- |\n" + rows.joined()
  }

  private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }

  @Test func `the page lists every rule with its own words`() throws {
    let page = try String(contentsOfFile: packageRoot + "/docs/audit.md", encoding: .utf8)
    let start = try #require(page.firstRange(of: Self.begin)?.upperBound)
    let end = try #require(page.firstRange(of: Self.end)?.lowerBound)
    #expect(String(page[start..<end]) == Self.table, "put this table there:\n\(Self.table)")
    #expect(page.contains("\(AuditRules.all.count) rules"))
  }
}
