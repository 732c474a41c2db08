/// What a server asks for before it answers: a scheme with its parameters. (RFC 9110, 11.6.1)
package struct Challenge: Hashable, Sendable {
  /// In lower case: `bearer`.
  package let scheme: String
  /// Names in lower case.
  package let parameters: [String: String]

  package init(scheme: String, parameters: [String: String]) {
    self.scheme = scheme
    self.parameters = parameters
  }

  /// The challenges of a `WWW-Authenticate` header, in its order.
  package static func read(_ header: String) -> [Challenge] {
    var reader = ChallengeReader(rest: header[...])
    return reader.challenges()
  }
}

private struct ChallengeReader {
  var rest: Substring

  mutating func challenges() -> [Challenge] {
    var challenges: [Challenge] = []
    var scheme: String?
    var parameters: [String: String] = [:]
    func finish() {
      if let scheme { challenges.append(Challenge(scheme: scheme, parameters: parameters)) }
    }
    while true {
      rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "," }
      let name = word()
      guard !name.isEmpty else { break }
      let after = rest.drop { $0 == " " || $0 == "\t" }
      if scheme != nil, after.first == "=" {
        rest = after.dropFirst().drop { $0 == " " || $0 == "\t" }
        let value = rest.first == "\"" ? quoted() : word()
        // The first of two that have one name counts: a later one must not replace it.
        if parameters[name.lowercased()] == nil { parameters[name.lowercased()] = value }
      } else {
        finish()
        scheme = name.lowercased()
        parameters = [:]
      }
    }
    finish()
    return challenges
  }

  private mutating func word() -> String {
    let word = rest.prefix { !" \t,=\"".contains($0) }
    rest = rest.dropFirst(word.count)
    return String(word)
  }

  private mutating func quoted() -> String {
    rest = rest.dropFirst()
    var text = ""
    while let character = rest.popFirst() {
      if character == "\"" { break }
      if character == "\\", let escaped = rest.popFirst() {
        text.append(escaped)
      } else {
        text.append(character)
      }
    }
    return text
  }
}
