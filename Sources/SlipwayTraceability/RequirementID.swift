/// `S17-HS-06`: document, section, number. `C-35`: a contradiction.
enum RequirementID {
  static func isOne(_ text: String) -> Bool {
    text.wholeMatch(of: #/S\d\d-[A-Z0-9]+(-[A-Z0-9]+)?-\d\d|C-\d\d/#) != nil
  }

  /// Whether somebody meant an id, rightly written or not. A whole section, a fact of the engines
  /// or a decision of our own is none.
  static func looksLikeOne(_ text: String) -> Bool {
    text.wholeMatch(of: #/(S\d|C-).*\d/#) != nil
  }

  /// The section and the number within it.
  static func parts(_ id: String) -> (section: String, number: Int)? {
    guard isOne(id), let dash = id.lastIndex(of: "-"),
      let number = Int(id[id.index(after: dash)...])
    else { return nil }
    return (String(id[..<dash]), number)
  }
}
