/// The fields of a form that a browser sent. (URL standard, application/x-www-form-urlencoded)
package struct FormFields: Sendable {
  private let values: [String: String]

  /// No form of ours has more.
  private static let most = 24
  /// Bytes: a form of ours is a page of text at most.
  package static let largest = 16 * 1_024

  package static let none = FormFields([:])

  package init(_ values: [String: String]) { self.values = values }

  /// - Throws: `PageFault.unreadableForm` for what no browser sends, a name that is said twice
  ///   among it.
  package init(parsing body: [UInt8]) throws {
    guard let text = String(validating: body, as: UTF8.self) else {
      throw PageFault.unreadableForm
    }
    var values: [String: String] = [:]
    for pair in text.split(separator: "&", omittingEmptySubsequences: true) {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = PercentText.decoded(parts[0]),
        let value = PercentText.decoded(parts.count == 2 ? parts[1] : ""),
        values.updateValue(value, forKey: name) == nil, values.count <= Self.most
      else { throw PageFault.unreadableForm }
    }
    self.values = values
  }

  /// A field without blanks around it; empty if the form has none of this name.
  package subscript(_ name: String) -> String {
    let text = (values[name] ?? "").drop { $0.isWhitespace }
    return String(text.reversed().drop { $0.isWhitespace }.reversed())
  }

  /// A field as it was typed: a password may begin with a blank.
  package func exact(_ name: String) -> String { values[name] ?? "" }
}
