import SlipwayDocuments

/// A value of YAML or JSON before it is one of them, so that one generator serves both.
indirect enum Model {
  case null
  case bool(Bool)
  case number(ExactNumber)
  case string(String)
  case list([Model])
  case map([(String, Model)])

  static func random(_ random: inout Seeded, depth: Int = 0) -> Model {
    switch random.below(depth > 3 ? 7 : 10) {
    case 0: return .null
    case 1: return .bool(random.chance(50))
    case 2: return .number(randomNumber(&random))
    case 3...6: return .string(Hostile.string(&random))
    case 7...8:
      var entries: [(String, Model)] = []
      var seen: Set<[UInt8]> = []
      for _ in 0..<random.below(5) {
        let key = Hostile.string(&random)
        guard seen.insert(key.exact).inserted else { continue }
        entries.append((key, Model.random(&random, depth: depth + 1)))
      }
      return .map(entries)
    default:
      return .list((0..<random.below(5)).map { _ in Model.random(&random, depth: depth + 1) })
    }
  }

  private static func randomNumber(_ random: inout Seeded) -> ExactNumber {
    let sign = random.chance(30) ? "-" : ""
    let whole = random.pick(["0", "1", "42", "8080", "9007199254740993", "123456789012345678901"])
    let fraction = random.pick(["", "", ".0", ".5", ".95", ".125", ".10"])
    let exponent = random.pick(["", "", "", "e3", "E-2", "e+10"])
    return ExactNumber(sign + whole + fraction + exponent) ?? ExactNumber(0)
  }

  var yaml: YAMLNode {
    switch self {
    case .null: .null()
    case .bool(let value): .bool(value)
    case .number(let number): .number(number)
    case .string(let text): .string(text)
    case .list(let elements): .list(elements.map(\.yaml))
    case .map(let entries): .map(entries.map { YAMLEntry($0.0, $0.1.yaml) })
    }
  }

  var json: JSONNode {
    switch self {
    case .null: .null()
    case .bool(let value): .bool(value)
    case .number(let number): .number(number)
    case .string(let text): .string(text)
    case .list(let elements): .list(elements.map(\.json))
    case .map(let entries): .map(entries.map { JSONEntry($0.0, $0.1.json) })
    }
  }

  var canonical: [UInt8] {
    switch self {
    case .null: Canonical.null
    case .bool(let value): Canonical.bool(value)
    case .number(let number): Canonical.number(number.text)
    case .string(let text): Canonical.string(text)
    case .list(let elements): Canonical.list(elements.map(\.canonical))
    case .map(let entries): Canonical.map(entries.map { ($0.0, $0.1.canonical) })
    }
  }

  var strings: Int {
    switch self {
    case .null, .bool, .number: 0
    case .string: 1
    case .list(let elements): elements.map(\.strings).reduce(0, +)
    case .map(let entries): entries.map { 1 + $0.1.strings }.reduce(0, +)
    }
  }

  /// Whether a reader found this very value; numbers compare by `sameNumber`.
  func equals(_ value: LocatedValue, sameNumber: (ExactNumber, String) -> Bool) -> Bool {
    switch (self, value.content) {
    case (.null, .null): return true
    case (.bool(let left), .bool(let right)): return left == right
    case (.number(let left), .number(let right)): return sameNumber(left, right)
    case (.string(let left), .string(let right)): return left.exact == right.exact
    case (.list(let left), .list(let right)):
      return left.count == right.count
        && zip(left, right).allSatisfy { $0.equals($1, sameNumber: sameNumber) }
    case (.map(let left), .map(let right)):
      return left.count == right.count
        && zip(left, right).allSatisfy {
          $0.0.exact == $1.key.exact && $0.1.equals($1.value, sameNumber: sameNumber)
        }
    default: return false
    }
  }
}
