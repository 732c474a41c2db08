/// Prints one catalogue.
struct CataloguePrinter {
  private let catalogue: Catalogue
  private let recording: Recording
  private let families: [ScrapedFamily]
  /// The label sets, by the names of their labels.
  private var sets: [[String]: String] = [:]
  private var order: [[String]] = []

  /// Metrics in one file: at most four lines each, so a file stays under 400.
  private static let perFile = 85
  private static let width = 100

  init(_ catalogue: Catalogue, from recording: Recording) {
    self.catalogue = catalogue
    self.recording = recording
    families = recording.families
      .filter { !isLeftOut($0.name) && !$0.samples.isEmpty }
      .sorted { $0.name < $1.name }
    for family in families where Meaning(family).kind != .summary { name(family) }
  }

  /// Sets with few labels are called after them, others after the metric.
  private mutating func name(_ family: ScrapedFamily) {
    let labels = family.labels
    guard !labels.isEmpty, sets[labels] == nil else { return }
    let words =
      labels.count <= 3 ? labels : [String(family.name.dropFirst(catalogue.prefix.count))]
    sets[labels] = SwiftName.type(words)
    order.append(labels)
  }

  func files() -> [GeneratedFile] {
    var rest = families[...]
    var parts: [[ScrapedFamily]] = []
    while !rest.isEmpty {
      parts.append(Array(rest.prefix(Self.perFile)))
      rest = rest.dropFirst(Self.perFile)
    }
    let bodies = parts.enumerated().map { index, part in
      file("\(catalogue.type)Metrics\(index + 1)", lines(of: part, number: index + 1))
    }
    return [file(catalogue.type, main(parts: parts.count))] + bodies
  }

  private func file(_ name: String, _ lines: [String]) -> GeneratedFile {
    let header = CatalogueWriter.header("\(recording.name) \(recording.version)")
    return GeneratedFile(
      name: "\(name).swift", text: (header + lines).joined(separator: "\n") + "\n")
  }

  /// The type, its label sets and its list.
  private func main(parts: Int) -> [String] {
    var lines = ["/// \(catalogue.summary) (\(recording.version))"]
    lines.append("public enum \(catalogue.type) {")
    lines.append("  /// All of them, by name.")
    if parts == 1 {
      lines.append("  public static let families: [MetricFamily] = families1")
    } else {
      lines.append("  public static let families: [MetricFamily] = [")
      lines.append("    \((1...parts).map { "families\($0)" }.joined(separator: ", ")),")
      lines.append("  ].flatMap { $0 }")
    }
    for labels in order.sorted(by: { set($0) < set($1) }) {
      lines += ["", "  public struct \(set(labels)): LabelSet {"]
      for label in labels {
        let member = SwiftName.member(label, without: "")
        lines.append("    public let \(member): OpenLabel = \(literal(label))")
      }
      lines += ["    public init() {}", "  }"]
    }
    return lines + ["}"]
  }

  private func set(_ labels: [String]) -> String {
    labels.isEmpty ? "Unlabelled" : sets[labels] ?? "Unlabelled"
  }

  private func lines(of part: [ScrapedFamily], number: Int) -> [String] {
    var lines = ["extension \(catalogue.type) {"]
    for family in part { lines += declaration(of: family) }
    lines += ["", "  static let families\(number): [MetricFamily] = ["]
    for family in part {
      if Meaning(family).kind == .summary {
        lines += summary(family)
      } else {
        lines.append("    \(member(family)).family,")
      }
    }
    return lines + ["  ]", "}"]
  }

  private func member(_ family: ScrapedFamily) -> String {
    SwiftName.member(family.name, without: catalogue.prefix)
  }

  /// A summary has no type in the vocabulary: it is known by name and no more.
  private func summary(_ family: ScrapedFamily) -> [String] {
    let labels = family.labels.map { "LabelDeclaration(name: \(literal($0)), values: nil)" }
    let unit = "\(Meaning(family).unit.rawValue).display"
    return [
      "    MetricFamily(",
      "      name: \(literal(family.name)),",
      "      kind: .summary,",
      "      help: \(literal(Meaning.help(of: family), width: 85)),",
      "      unit: \(unit), labels: [\(labels.joined(separator: ", "))]),",
    ]
  }

  private func declaration(of family: ScrapedFamily) -> [String] {
    let meaning = Meaning(family)
    let labels = set(family.labels)
    let unit = meaning.unit.rawValue
    let type: String
    switch meaning.kind {
    case .summary: return []
    case .counter where meaning.unit == .count: type = "Counter<\(labels)>"
    case .counter: type = "Total<\(labels), \(unit)>"
    case .gauge: type = "Gauge<\(labels), \(unit)>"
    case .histogram: return histogram(family, "Histogram<\(labels), \(unit)>", meaning.unit)
    }
    return declaration(family, type, arguments: [literal(family.name)])
  }

  private func histogram(
    _ family: ScrapedFamily, _ type: String, _ unit: Meaning.Unit
  ) -> [String] {
    var bounds: [String] = []
    for sample in family.samples {
      guard let bound = sample.labels.first(where: { $0.name == "le" })?.value,
        let value = Bound.swift(bound, unit: unit), !bounds.contains(value)
      else { continue }
      bounds.append(value)
    }
    let buckets = "buckets: [\(bounds.joined(separator: ", "))]"
    return declaration(family, type, arguments: [literal(family.name), buckets])
  }

  /// `public static let name = Type(arguments, help)`, on as few lines as they fit in.
  private func declaration(
    _ family: ScrapedFamily, _ type: String, arguments: [String]
  ) -> [String] {
    let help = Meaning.help(of: family)
    var lines = ["  public static let \(member(family)) = \(type)("]
    var indent = "    "
    if lines[0].count > Self.width {
      lines = ["  public static let \(member(family)) =", "    \(type)("]
      indent += "  "
    }
    let line = "\(indent)\(arguments.joined(separator: ", ")),"
    let whole = "\(line) \(literal(help)))"
    if whole.count <= Self.width { return lines + [whole] }
    if line.count <= Self.width {
      lines.append(line)
    } else {
      lines += arguments.flatMap { wrapped($0, indent) }
    }
    lines.append("\(indent)\(literal(help, width: Self.width - indent.count - 1)))")
    return lines
  }

  /// A list of buckets, one line after another.
  private func wrapped(_ argument: String, _ indent: String) -> [String] {
    guard argument.hasPrefix("buckets: [") else { return ["\(indent)\(argument),"] }
    var lines = ["\(indent)buckets: ["]
    var current = "\(indent) "
    for item in argument.dropFirst("buckets: [".count).dropLast().split(separator: ",") {
      let word = item.drop { $0 == " " } + ","
      if current.count + 1 + word.count > Self.width {
        lines.append(current)
        current = "\(indent) "
      }
      current += " \(word)"
    }
    return lines + [current, "\(indent)],"]
  }
}
