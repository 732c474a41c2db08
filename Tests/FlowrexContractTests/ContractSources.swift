import Foundation
import TestSupport

/// The contract as it is written: what tests compare with what it says at run time.
enum ContractSources {
  /// All files of the target, one after another.
  static let text: String = {
    let folder = URL(fileURLWithPath: "\(packageRoot)/Sources/FlowrexContract")
      .resolvingSymlinksInPath().path
    let paths = (FileManager.default.enumerator(atPath: folder)?.allObjects as? [String]) ?? []
    return paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
      (try? String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)) ?? ""
    }.joined(separator: "\n")
  }()

  /// The first string after `= Type<…>(` of every static, by the static's name.
  static func wireNames(of types: String...) -> [(member: String, wire: String)] {
    types.flatMap { type -> [(member: String, wire: String)] in
      matches(#"static let (\w+) = \#(type)(?:<[^(]*>)?\(\s*"([^"]+)""#).map { ($0[1], $0[2]) }
    }
  }

  /// What each match of a pattern captured; the whole match comes first.
  static func matches(_ pattern: String) -> [[String]] {
    guard let expression = try? NSRegularExpression(pattern: pattern) else { return [] }
    let range = NSRange(text.startIndex..., in: text)
    return expression.matches(in: text, range: range).map { match in
      (0..<match.numberOfRanges).map { index in
        Range(match.range(at: index), in: text).map { String(text[$0]) } ?? ""
      }
    }
  }
}
