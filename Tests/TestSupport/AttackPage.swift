import Foundation

/// `docs/service/attacks.md`: what is tried on the service, by sections.
package struct AttackPage: Sendable {
  package static let path = "docs/service/attacks.md"
  /// By their titles, in the order of the page.
  package let sections: [(title: String, names: [String])]

  package init() throws {
    let text = try String(contentsOfFile: "\(packageRoot)/\(Self.path)", encoding: .utf8)
    var sections: [(title: String, names: [String])] = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("## ") {
        sections.append((String(line.dropFirst(3)), []))
      } else if line.hasPrefix("- "), !sections.isEmpty {
        sections[sections.count - 1].names.append(String(line.dropFirst(2)))
      }
    }
    self.sections = sections
  }

  package var count: Int { sections.map(\.names.count).reduce(0, +) }

  package subscript(_ title: String) -> [String]? {
    sections.first { $0.title == title }?.names
  }
}
