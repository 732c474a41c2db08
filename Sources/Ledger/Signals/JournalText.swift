/// What a person writes down about their trading. (S18-AUD-04)
package struct JournalText: Hashable, Sendable {
  /// In characters.
  package static let longest = 8_000

  package let text: String

  /// `nil` unless it is 1 to ``longest`` characters that are not all blank, and no control
  /// character but the ends of lines and tabs.
  package init?(_ text: String) {
    let scalars = text.unicodeScalars
    guard (1...Self.longest).contains(text.count),
      // A character may be made of many: what is kept has an end too.
      text.utf8.count <= Self.longest * 4,
      scalars.allSatisfy({ $0.properties.generalCategory != .control || Self.isAllowed($0) }),
      scalars.contains(where: { !$0.properties.isWhitespace })
    else { return nil }
    self.text = text
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    ["\n", "\r", "\t"].contains(scalar)
  }
}
