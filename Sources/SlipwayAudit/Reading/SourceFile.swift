/// A program's source, read for three things only: the metrics it declares, the text of its
/// options, and the names it mentions.
struct SourceFile: Sendable {
  let path: String
  let text: String
  let metrics: [Metric]

  struct Metric: Sendable {
    let name: String
    /// The variable that holds it.
    let variable: String
    /// `Counter`, `Gauge`, `Histogram` or `Summary`.
    let kind: String
    /// Whether its series are told apart by labels.
    let hasLabels: Bool
  }

  init(_ path: String, _ text: String) {
    self.path = path
    self.text = text
    let bytes = Array(text.utf8)
    metrics = bytes.indices.filter { bytes[$0] == UInt8(ascii: "(") }.compactMap {
      Self.metric(bytes, opened: $0)
    }
  }

  /// `variable = Counter("name", …)`, found by its parenthesis.
  private static func metric(_ bytes: [UInt8], opened: Int) -> Metric? {
    var index = opened
    let kind = word(before: &index, in: bytes)
    guard ["Counter", "Gauge", "Histogram", "Summary"].contains(kind) else { return nil }
    // The module in front: `metrics.Counter`.
    while index > 0, isName(bytes[index - 1]) || bytes[index - 1] == UInt8(ascii: ".") {
      index -= 1
    }
    skipBlanks(before: &index, in: bytes)
    guard index > 0, bytes[index - 1] == UInt8(ascii: "=") else { return nil }
    index -= 1
    skipBlanks(before: &index, in: bytes)
    var variable = word(before: &index, in: bytes)
    var before = index
    skipBlanks(before: &before, in: bytes)
    // `variable: Kind = …`
    if before > 0, bytes[before - 1] == UInt8(ascii: ":") {
      before -= 1
      skipBlanks(before: &before, in: bytes)
      variable = word(before: &before, in: bytes)
    }
    let rest = bytes[(opened + 1)...].drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
    guard let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      return nil
    }
    let name = rest.dropFirst().prefix { isName($0) || $0 == UInt8(ascii: ":") }
    guard !name.isEmpty, !variable.isEmpty, rest.dropFirst(name.count + 1).first == quote else {
      return nil
    }
    let call = rest.prefix { $0 != UInt8(ascii: ")") }
    return Metric(
      name: String(decoding: name, as: UTF8.self), variable: variable, kind: kind,
      hasLabels: call.contains(UInt8(ascii: "[")))
  }

  private static func word(before index: inout Int, in bytes: [UInt8]) -> String {
    let end = index
    // No name of a variable is longer, and data without blanks must not be read again and again.
    while index > 0, end - index < 100, isName(bytes[index - 1]) { index -= 1 }
    return String(decoding: bytes[index..<end], as: UTF8.self)
  }

  private static func skipBlanks(before index: inout Int, in bytes: [UInt8]) {
    while index > 0, bytes[index - 1] == 0x20 || bytes[index - 1] == 0x09 { index -= 1 }
  }

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
