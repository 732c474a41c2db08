import Foundation
import TestSupport
import Testing

/// What `slipway audit --waivers` lets pass: a rule in a file, for a reason, for a time; never a
/// hard stop.
struct AuditWaiverTests {
  private static let compose = "services:\n  web:\n    image: shop/web:latest\n"
  private static let rule = "images/images-are-pinned"

  private static func waiver(
    _ rule: String = rule, path: String = "compose.yml", until: String = "2099-03-31",
    owner: String = "platform", more: String = ""
  ) -> String {
    """
    {
      "waivers": [
        {"rule": "\(rule)", "path": "\(path)", "because": "it is built here, a minute before",
         "owner": "\(owner)", "until": "\(until)"\(more)}
      ]
    }
    """
  }

  private func audit(
    _ waivers: String, _ arguments: [String] = [], compose: String = compose
  ) async throws -> Tool.Output {
    try await withTemporaryFolder { folder in
      try folder.write(compose, to: "deploy/compose.yml")
      try folder.write(waivers, to: "waivers.json")
      return try await Tool.built(
        "slipway", ["audit", "--waivers", "../waivers.json"] + arguments + ["."],
        in: folder.path(of: "deploy"))
    }
  }

  /// What is printed, without the breaks that the width of a page puts into it.
  private func words(_ output: Tool.Output) -> String { output.stderr.replacing(/\s+/, with: " ") }

  /// The errors that are printed, by rule.
  private func errors(_ output: Tool.Output) -> [String] {
    output.stderr.matches(of: /(?m)^error\[([^\]]+)\]/).map { String($0.output.1) }
  }

  @Test func `without a waiver it is an error, with one a warning that says whose`() async throws {
    let bare = try await audit(#"{"waivers": []}"#)
    #expect(errors(bare).contains(Self.rule))
    let waived = try await audit(Self.waiver())
    #expect(!errors(waived).contains(Self.rule), "\(waived)")
    #expect(waived.stderr.contains("warning[\(Self.rule)]: image 'shop/web:latest'"))
    #expect(
      waived.stderr.contains(
        " = waived by platform until 2099-03-31: it is built here, a minute before\n"))
    // The other rules that the file breaks are not let pass.
    #expect(Set(errors(bare)).subtracting(errors(waived)) == [Self.rule])
  }

  @Test func `it is for one rule in one file`() async throws {
    let other = try await audit(Self.waiver(path: "other.yml"))
    #expect(errors(other).contains(Self.rule))
    #expect(other.status == 1)
    #expect(
      words(other).contains(
        "error[waivers/are-used]: the waiver of \(Self.rule) in 'other.yml' lets nothing pass "))
    #expect(other.stderr.contains("::: ../waivers.json:3"))
  }

  @Test func `one that has ended is an error`() async throws {
    let output = try await audit(Self.waiver(until: "2020-02-29"))
    #expect(output.status == 1)
    #expect(
      words(output).contains(
        "error[waivers/are-in-force]: the waiver of \(Self.rule) in 'compose.yml' ended on "
          + "2020-02-29 "))
  }

  @Test func `a hard stop cannot be waived`() async throws {
    let stop = "secrets/no-credentials-in-text"
    let output = try await audit(Self.waiver(stop))
    #expect(output.status == 1)
    #expect(
      words(output).contains(
        "error[waivers/spare-no-hard-stop]: a waiver would let \(stop) pass, a hard stop "
          + "(S18-HS-07) "), "\(output)")
  }

  @Test(arguments: [
    (waiver(until: "2027-02-30"), "a waiver ends on '2027-02-30', which is no day"),
    (waiver(until: "soon"), "a waiver ends on 'soon', which is no day"),
    (waiver(owner: " "), "a waiver has no 'owner'"),
    (waiver(more: #", "line": "3""#), "a waiver has a 'line'"),
    (waiver("images/images-are-pined"), "a waiver names 'images/images-are-pined', which is no"),
  ])
  func `one that leaves something out, or says too much, is an error`(
    text: String, message: String
  ) async throws {
    let output = try await audit(text)
    #expect(output.status == 1)
    #expect(words(output).contains("error[waivers/are-complete]: \(message)"), "\(output)")
    #expect(errors(output).contains(Self.rule), "it lets nothing pass: \(output)")
  }

  @Test(arguments: ["", "{", "[]", #"{"waiver": []}"#])
  func `a file that is none is an error with its line`(text: String) async throws {
    let output = try await audit(text)
    #expect(output.status == 1)
    #expect(output.stderr.contains("error[waivers/can-be-read]: the waivers cannot be read: "))
    #expect(output.stderr.contains("::: ../waivers.json:1"), "\(output)")
  }

  @Test func `a file that is not there ends the run with status 4`() async throws {
    try await withTemporaryFolder { folder in
      try folder.write(Self.compose, to: "compose.yml")
      let output = try await Tool.built(
        "slipway", ["audit", "--waivers", "none.json", "."], in: folder.path)
      #expect(output.status == 4)
      #expect(
        output.stderr == "error: 'none.json' cannot be read: No such file or directory\n")
    }
  }

  @Test func `in SARIF it is a suppression, in JSON a waiver`() async throws {
    let sarif = try await audit(Self.waiver(), ["--format", "sarif"])
    #expect(
      sarif.stdout.contains(
        #""suppressions": [{"kind": "external", "justification": "waived by platform until "#
          + #"2099-03-31: it is built here, a minute before"}]"#), "\(sarif)")
    _ = try JSONSerialization.jsonObject(with: Data(sarif.stdout.utf8))
    let json = try await audit(Self.waiver(), ["--format", "json"])
    #expect(json.stdout.contains(#""waiver": {"owner": "platform", "#))
  }
}
