/// The targets of `Package.swift`, read from its text: the package manager would take seconds.
struct PackageText {
  struct Target: Equatable {
    let name: String
    /// Targets of this package.
    let modules: [String]
    /// Products of others.
    let products: [String]
    let isTest: Bool
    /// Where its sources stand.
    let path: String
  }

  let targets: [Target]

  init(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.drop { $0 == " " }.hasPrefix("//") }
    let code = lines.joined(separator: "\n")
    let start = code.range(of: "\n  targets: [")?.upperBound ?? code.endIndex
    targets = Self.calls(in: code[start...]).compactMap(Self.target)
  }

  func target(_ name: String) -> Target? { targets.first { $0.name == name } }

  /// What a target is built of, itself included.
  func closure(of name: String) -> Set<String> {
    var found: Set<String> = []
    var open = [name]
    while let next = open.popLast() {
      guard found.insert(next).inserted else { continue }
      open += target(next)?.modules ?? []
    }
    return found
  }

  /// `name(…)` at the outermost level.
  private static func calls(in text: Substring) -> [(function: String, arguments: Substring)] {
    var calls: [(String, Substring)] = []
    var name = ""
    var depth = 0
    var start = text.startIndex
    for index in text.indices {
      switch text[index] {
      case "(", "[":
        if depth == 0 { start = text.index(after: index) }
        depth += 1
      case ")", "]":
        depth -= 1
        if depth == 0 {
          calls.append((name, text[start..<index]))
          name = ""
        }
        if depth < 0 { return calls }
      case let character where depth == 0:
        if character.isLetter { name.append(character) } else if character != "." { name = "" }
      default: break
      }
    }
    return calls
  }

  private static func target(_ function: String, _ arguments: Substring) -> Target? {
    let kinds = ["module", "outside", "tests", "target", "executableTarget", "testTarget"]
    guard kinds.contains(function) || function == "systemLibrary",
      let name = strings(in: arguments).first
    else { return nil }
    var modules: [String] = []
    var products: [String] = []
    let list = dependencies(in: arguments)
    var rest = list
    while let open = rest.firstRange(of: ".product(") {
      let close = rest[open.upperBound...].firstIndex(of: ")") ?? rest.endIndex
      products += strings(in: rest[open.upperBound..<close]).prefix(1)
      modules += strings(in: rest[..<open.lowerBound])
      rest = rest[close...]
    }
    modules += strings(in: rest)
    return Target(
      name: name, modules: function == "systemLibrary" ? [] : modules, products: products,
      isTest: function == "tests" || function == "testTarget",
      path: path(in: arguments) ?? "Sources/\(name)")
  }

  /// The first list that is not that of another argument.
  private static func dependencies(in arguments: Substring) -> Substring {
    let others = ["exclude:", "swiftSettings:", "providers:", "sources:", "resources:"]
    let end = others.compactMap { arguments.firstRange(of: $0)?.lowerBound }.min()
    let part = arguments[..<(end ?? arguments.endIndex)]
    guard let open = part.firstIndex(of: "["), let close = part.lastIndex(of: "]") else {
      return ""
    }
    return part[part.index(after: open)..<close]
  }

  private static func path(in arguments: Substring) -> String? {
    arguments.firstRange(of: "path:").flatMap { strings(in: arguments[$0.upperBound...]).first }
  }

  private static func strings(in text: Substring) -> [String] {
    text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }
}

extension String {
  fileprivate func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}
