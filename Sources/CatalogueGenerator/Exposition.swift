/// What a scrape says about one metric.
public struct ScrapedFamily: Sendable, Hashable {
  public let name: String
  public internal(set) var kind = "untyped"
  public internal(set) var help = ""
  public internal(set) var samples: [ScrapedSample] = []

  init(name: String) { self.name = name }

  /// The names of its labels in the order of their first appearance; `le` and `quantile` belong
  /// to histograms and summaries and are none.
  public var labels: [String] {
    var names: [String] = []
    for sample in samples {
      for label in sample.labels where label.name != "le" && label.name != "quantile" {
        if !names.contains(label.name) { names.append(label.name) }
      }
    }
    return names
  }
}

/// One line of a scrape, without its value.
public struct ScrapedSample: Sendable, Hashable {
  public struct Label: Sendable, Hashable {
    public let name: String
    public let value: String
  }
  public let name: String
  public let labels: [Label]
}

/// A line that is not in Prometheus' text format.
public struct ExpositionError: Error, Equatable, CustomStringConvertible {
  public let line: Int
  public let reason: String
  public var description: String { "line \(line): \(reason)" }
}

/// Reads Prometheus' text format, version 0.0.4; several scrapes may stand one after another.
public struct ExpositionParser {
  private var families: [String: ScrapedFamily] = [:]
  private var number = 0

  /// The families of a scrape, by name.
  public static func families(of text: String) throws(ExpositionError) -> [ScrapedFamily] {
    var parser = ExpositionParser()
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      parser.number += 1
      try parser.read(line)
    }
    return parser.families.values.sorted { $0.name < $1.name }
  }

  private mutating func read(_ line: Substring) throws(ExpositionError) {
    let line = line.trimmingSpaces
    if line.isEmpty { return }
    if line.hasPrefix("#") { return readComment(line) }
    try readSample(line)
  }

  private mutating func readComment(_ line: Substring) {
    let words = line.split(separator: " ", maxSplits: 3)
    guard words.count >= 3, words[0] == "#" else { return }
    let name = String(words[2])
    switch words[1] {
    case "HELP":
      families[name, default: ScrapedFamily(name: name)].help =
        words.count > 3 ? unescaped(words[3], quotes: false) : ""
    case "TYPE" where words.count > 3:
      families[name, default: ScrapedFamily(name: name)].kind = String(words[3])
    default: break
    }
  }

  private mutating func readSample(_ line: Substring) throws(ExpositionError) {
    let name = line.prefix { $0.isNameCharacter }
    guard !name.isEmpty else { throw fault("a sample begins with a metric's name") }
    var rest = line.dropFirst(name.count)
    var labels: [ScrapedSample.Label] = []
    if rest.first == "{" { (labels, rest) = try readLabels(rest.dropFirst()) }
    guard rest.first == " ", !rest.trimmingSpaces.isEmpty else {
      throw fault("'\(name)' has no value")
    }
    let family = familyName(of: String(name))
    families[family, default: ScrapedFamily(name: family)].samples.append(
      ScrapedSample(name: String(name), labels: labels))
  }

  private func readLabels(
    _ text: Substring
  ) throws(ExpositionError) -> ([ScrapedSample.Label], Substring) {
    var labels: [ScrapedSample.Label] = []
    var rest = text.trimmingSpaces
    while rest.first != "}" {
      let name = rest.prefix { $0.isNameCharacter }
      rest = rest.dropFirst(name.count)
      guard !name.isEmpty, rest.hasPrefix("=\"") else { throw fault("a label is `name=\"value\"`") }
      rest = rest.dropFirst(2)
      var length = 0
      var escaped = false
      for character in rest {
        if character == "\"", !escaped { break }
        escaped = character == "\\" && !escaped
        length += 1
      }
      let value = rest.prefix(length)
      rest = rest.dropFirst(length)
      guard rest.first == "\"" else { throw fault("the value of '\(name)' does not end") }
      labels.append(
        ScrapedSample.Label(name: String(name), value: unescaped(value, quotes: true)))
      rest = rest.dropFirst().trimmingSpaces
      if rest.first == "," { rest = rest.dropFirst().trimmingSpaces }
    }
    return (labels, rest.dropFirst())
  }

  /// `x_bucket` belongs to the histogram `x`, `x_sum` and `x_count` to summaries as well.
  private func familyName(of sample: String) -> String {
    if families[sample] != nil { return sample }
    for suffix in ["_bucket", "_sum", "_count"] where sample.hasSuffix(suffix) {
      let base = String(sample.dropLast(suffix.count))
      if let kind = families[base]?.kind, kind == "histogram" || kind == "summary" { return base }
    }
    return sample
  }

  private func fault(_ reason: String) -> ExpositionError {
    ExpositionError(line: number, reason: reason)
  }
}

/// `\n`, `\\` and, inside quotes, `\"`.
private func unescaped(_ text: Substring, quotes: Bool) -> String {
  var result = ""
  var escaped = false
  for character in text {
    if escaped {
      switch character {
      case "n": result.append("\n")
      case "\\": result.append("\\")
      case "\"" where quotes: result.append("\"")
      default: result += "\\\(character)"
      }
      escaped = false
    } else if character == "\\" {
      escaped = true
    } else {
      result.append(character)
    }
  }
  return result
}

extension Character {
  /// What a name of a metric or label is made of.
  fileprivate var isNameCharacter: Bool {
    isASCII && (isLetter || isNumber || self == "_" || self == ":")
  }
}

extension Substring {
  /// Without blanks at its ends.
  fileprivate var trimmingSpaces: Substring {
    var text = self
    while let first = text.first, first == " " || first == "\t" { text = text.dropFirst() }
    while let last = text.last, last == " " || last == "\t" || last == "\r" {
      text = text.dropLast()
    }
    return text
  }
}
