import ServiceContract
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Nothing is deployed and nothing put back before the gate let it in; its refusal ends the script.
/// Looks at the bytes of the scripts. (S17-HS-10)
package enum GateIsAsked: Rule {
  package static let id = "delivery/gate-is-asked"
  package static let why = "a check that can be walked past stops nobody in a hurry"
  package static let fix = "this is a defect of the generator: please report the script"
  package static let source = ["S17-HS-10"]

  package static let breakers: [Breaker] = [
    .file(
      "a refusal that is only said", "scripts/deploy",
      replacing: "  die \"the gate refuses", with: "  say \"the gate refuses"),
    .file(
      "a way back that asks nobody", "scripts/rollback",
      replacing: "\"${gate}\" gate \"${environment}\"", with: "true \"${environment}\""),
    .file(
      "an answer that counts for nothing", "scripts/deploy",
      replacing: "\"${gate}\" gate \"${environment}\"",
      with: "true || \"${gate}\" gate \"${environment}\""),
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    guard subject.environment.stage.isDeployed else { return [] }
    return ["deploy", "rollback"].compactMap { name in
      let path = "scripts/" + name
      guard let text = subject.file(path)?.text, !asks(text) else { return nil }
      return Violation(
        .unasked(name), written: [subject.environment.origin],
        lands: Landing(path: subject.environment.folder + path))
    }
  }

  /// Whether the gate is a command of its own whose failure ends the script, before anything rolls.
  private static func asks(_ text: String) -> Bool {
    let lines = text.linesByFeed
    guard let asked = lines.indices.lazy.compactMap({ ending(of: $0, in: lines) }).first else {
      return false
    }
    let rolls = lines.firstIndex { line in rolling.contains(where: line.hasPrefix) }
    return rolls.map { asked < $0 } ?? true
  }

  /// Words with which a line begins that puts something in another's place.
  private static let rolling = ["take_images", "if ! roll", "if ! put_in_place"]

  /// Where the question that begins in a line ends with the script: words that go on over some
  /// lines, and behind the last an `||` and `die`.
  private static func ending(of start: Int, in lines: [Substring]) -> Int? {
    guard lines[start].hasPrefix("\"${gate}\" gate "), lines[start].hasSuffix("\\") else {
      return nil
    }
    let rest = lines[(start + 1)...]
    guard let last = rest.firstIndex(where: { !$0.hasSuffix("\\") }), lines[last].hasSuffix(" ||"),
      last + 1 < lines.endIndex, lines[last + 1].hasPrefix("  die ")
    else { return nil }
    return last + 1
  }
}

extension String {
  fileprivate static func unasked(_ script: String) -> String {
    "'scripts/\(script)' would go on although the gate refuses"
  }
}
