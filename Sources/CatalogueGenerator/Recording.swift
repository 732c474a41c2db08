/// A scrape from which everything is gone that the next one would say differently.
///
/// Values are 0 and label values `*`, but for `le` and `quantile`; families and samples are
/// sorted and each shape of a sample stands once. So two recordings differ only where two
/// versions of an exporter do.
public struct Recording: Sendable, Hashable {
  /// The exporter: `node`.
  public let name: String
  public let version: String
  public let families: [ScrapedFamily]

  public init(name: String, version: String, families: [ScrapedFamily]) {
    self.name = name
    self.version = version
    self.families = families
  }

  /// Reads `node-1.5.0.prom`; `nil` when the file's name is of another form.
  public init?(file: String, text: String) throws(ExpositionError) {
    guard file.hasSuffix(".prom"), let dash = file.lastIndex(of: "-") else { return nil }
    name = String(file[..<dash])
    version = String(file[file.index(after: dash)...].dropLast(".prom".count))
    families = try ExpositionParser.families(of: text)
  }

  /// Whether this is of an older version: 0.9 is older than 0.10.
  func isOlder(than other: Recording) -> Bool {
    let (mine, theirs) = (numbers, other.numbers)
    return mine.lexicographicallyPrecedes(theirs)
  }

  private var numbers: [Int] { version.split(separator: ".").map { Int($0) ?? 0 } }

  /// The file's content.
  public var text: String {
    var lines = ["# \(name) \(version), recorded by scripts/record-exporters"]
    for family in families.sorted(by: { $0.name < $1.name }) {
      lines.append("# HELP \(family.name) \(escaped(family.help))")
      lines.append("# TYPE \(family.name) \(family.kind)")
      var seen: Set<String> = []
      let shapes = family.samples.map(shape).filter { seen.insert($0).inserted }
      lines += family.kind == "histogram" ? shapes : shapes.sorted()
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func shape(_ sample: ScrapedSample) -> String {
    if sample.labels.isEmpty { return "\(sample.name) 0" }
    let labels = sample.labels.map { label in
      let isKept = label.name == "le" || label.name == "quantile"
      return "\(label.name)=\"\(isKept ? label.value : "*")\""
    }
    return "\(sample.name){\(labels.joined(separator: ","))} 0"
  }

  private func escaped(_ text: String) -> String {
    text.map { $0 == "\n" ? "\\n" : $0 == "\\" ? "\\\\" : String($0) }.joined()
  }
}
