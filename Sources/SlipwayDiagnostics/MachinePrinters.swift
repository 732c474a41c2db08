/// Prints findings for GitHub Actions, one annotation a line.
///
/// Source: "Workflow commands for GitHub Actions", the `error` and `warning` commands.
public struct GitHubPrinter: Sendable {
  private let source: any SourceText
  public init(source: any SourceText) { self.source = source }

  public func print(_ findings: [Finding]) -> String {
    findings.sorted().map { finding in
      var properties: [String] = []
      if let origin = finding.written.first {
        let line = ArgumentPlace.find(origin, in: source)?.line ?? origin.line
        properties = ["file=\(property(source.display(origin.file)))", "line=\(line)"]
      } else if let lands = finding.lands {
        properties = ["file=\(property(lands.path))"] + (lands.line.map { ["line=\($0)"] } ?? [])
      }
      properties.append("title=\(property(finding.rule))")
      let rest = finding.waiver.map { $0.words } ?? "Fix: \(finding.fix)"
      let text = "\(finding.message). \(rest)"
      return "::\(finding.severity.rawValue) \(properties.joined(separator: ","))::\(data(text))\n"
    }.joined()
  }

  private func data(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      default: result.append(character)
      }
    }
  }

  private func property(_ text: String) -> String {
    data(text).reduce(into: "") { result, character in
      switch character {
      case ":": result += "%3A"
      case ",": result += "%2C"
      default: result.append(character)
      }
    }
  }
}

/// Prints findings as one JSON array, for programs.
public struct JSONPrinter: Sendable {
  private let source: any SourceText
  public init(source: any SourceText) { self.source = source }

  public func print(_ findings: [Finding]) -> String {
    let objects = findings.sorted().map(object)
    guard !objects.isEmpty else { return "[]\n" }
    return "[\n" + objects.joined(separator: ",\n") + "\n]\n"
  }

  private func object(_ finding: Finding) -> String {
    var fields = [
      ("rule", quoted(finding.rule)), ("severity", quoted(finding.severity.rawValue)),
      ("message", quoted(finding.message)), ("environment", quoted(finding.environment)),
      ("why", quoted(finding.why)), ("fix", quoted(finding.fix)),
    ]
    let places = finding.written.map { origin -> String in
      let line = ArgumentPlace.find(origin, in: source)?.line ?? origin.line
      return "{\"file\": \(quoted(source.display(origin.file))), \"line\": \(line)}"
    }
    fields.append(("written", "[\(places.joined(separator: ", "))]"))
    if let lands = finding.lands {
      let line = lands.line.map(String.init) ?? "null"
      fields.append(
        (
          "lands",
          "{\"path\": \(quoted(lands.path)), \"place\": \(quoted(lands.place)), \"line\": \(line)}"
        ))
    }
    if let waiver = finding.waiver {
      fields.append(
        (
          "waiver",
          "{\"owner\": \(quoted(waiver.owner)), \"reason\": \(quoted(waiver.reason)), "
            + "\"until\": \(quoted(waiver.until))}"
        ))
    }
    return "  {" + fields.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
  }

  private func quoted(_ text: String) -> String { text.quotedJSON }
}
