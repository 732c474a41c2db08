/// Prints findings as a log of SARIF 2.1.0, which code hosts show beside the lines they are about.
///
/// Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
public struct SARIFPrinter: Sendable {
  /// A rule as the log describes it.
  public struct Rule: Sendable {
    let id: String
    let why: String
    let fix: String

    public init(id: String, why: String, fix: String) {
      self.id = id
      self.why = why
      self.fix = fix
    }
  }

  /// Something that was met and not judged.
  public struct Notice: Sendable {
    let message: String
    let path: String
    let line: Int

    public init(_ message: String, path: String, line: Int) {
      self.message = message
      self.path = path
      self.line = line
    }
  }

  private let source: any SourceText
  private let tool: String
  private let version: String

  public init(source: any SourceText, tool: String = "slipway", version: String) {
    self.source = source
    self.tool = tool
    self.version = version
  }

  /// One log with one run. Only rules that have findings are described.
  public func print(
    _ findings: [Finding], rules: [Rule] = [], notices: [Notice] = []
  ) -> String {
    let sorted = findings.sorted()
    let used = Set(sorted.map(\.rule))
    let ids = used.sorted()
    let places = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, $0) })
    let described = ids.map { id -> String in
      let rule = rules.first { $0.id == id }
      let finding = sorted.first { $0.rule == id }
      return "{\"id\": \(id.quotedJSON), "
        + "\"shortDescription\": {\"text\": \((rule?.why ?? finding?.why ?? id).quotedJSON)}, "
        + "\"help\": {\"text\": \((rule?.fix ?? finding?.fix ?? id).quotedJSON)}}"
    }
    let results = sorted.map { result($0, index: places[$0.rule] ?? 0) }
    return """
      {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
          {
            "tool": {
              "driver": {
                "name": \(tool.quotedJSON),
                "version": \(version.quotedJSON),
                "rules": \(list(described, depth: 10))
              }
            },
            "columnKind": "unicodeCodePoints",
            "invocations": [
              {
                "executionSuccessful": true,
                "toolExecutionNotifications": \(list(notices.map(notification), depth: 10))
              }
            ],
            "results": \(list(results, depth: 6))
          }
        ]
      }

      """
  }

  private func list(_ elements: [String], depth: Int) -> String {
    guard !elements.isEmpty else { return "[]" }
    let indent = String(repeating: " ", count: depth)
    return "[\n" + elements.map { indent + "  " + $0 }.joined(separator: ",\n") + "\n\(indent)]"
  }

  private func result(_ finding: Finding, index: Int) -> String {
    var fields = [
      "\"ruleId\": \(finding.rule.quotedJSON)", "\"ruleIndex\": \(index)",
      "\"level\": \"\(finding.severity.rawValue)\"",
      "\"message\": {\"text\": \("\(finding.message). Fix: \(finding.fix)".quotedJSON)}",
    ]
    if let waiver = finding.waiver {
      fields.append(
        "\"suppressions\": [{\"kind\": \"external\", "
          + "\"justification\": \(waiver.words.quotedJSON)}]")
    }
    if let place = place(finding) {
      fields.append("\"locations\": [\(location(place.path, place.line))]")
    }
    return "{" + fields.joined(separator: ", ") + "}"
  }

  private func place(_ finding: Finding) -> (path: String, line: Int?)? {
    if let origin = finding.written.first {
      let line = ArgumentPlace.find(origin, in: source)?.line ?? origin.line
      return (source.display(origin.file), line)
    }
    return finding.lands.map { ($0.path, $0.line) }
  }

  private func notification(_ notice: Notice) -> String {
    "{\"level\": \"note\", \"message\": {\"text\": \(notice.message.quotedJSON)}, "
      + "\"locations\": [\(location(notice.path, notice.line))]}"
  }

  private func location(_ path: String, _ line: Int?) -> String {
    let region = line.map { ", \"region\": {\"startLine\": \(max(1, $0))}" } ?? ""
    return "{\"physicalLocation\": {\"artifactLocation\": {\"uri\": \(uri(path).quotedJSON)}"
      + region + "}}"
  }

  /// A path as a relative reference: what is not allowed in one is written in hexadecimal.
  private func uri(_ path: String) -> String {
    path.utf8.reduce(into: "") { result, byte in
      let scalar = Unicode.Scalar(byte)
      let isPlain = byte < 0x80 && (scalar.properties.isAlphabetic || (0x30...0x39).contains(byte))
      if isPlain || "-._~/".utf8.contains(byte) {
        result.unicodeScalars.append(scalar)
      } else {
        let hex = String(byte, radix: 16, uppercase: true)
        result += "%" + (hex.count < 2 ? "0" : "") + hex
      }
    }
  }
}

extension String {
  /// The string as JSON writes it.
  var quotedJSON: String {
    var result = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
