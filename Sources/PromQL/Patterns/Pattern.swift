/// The patterns of `=~` and `!~`: RE2 as Go compiles it, anchored at both ends.
///
/// Nothing here matches text. Two questions are answered: does Prometheus accept the pattern,
/// and does it match the empty string (which decides whether a selector is too wide)?
/// Source: https://github.com/google/re2/wiki/Syntax and regexp/syntax of Go 1.22.
enum Pattern {
  /// Why the pattern does not compile; `nil` when it does.
  static func problem(_ pattern: StringValue) -> String? {
    switch read(pattern) {
    case .success: nil
    case .failure(let problem): problem.message
    }
  }

  /// Whether the empty string matches; `nil` when the pattern does not compile.
  static func matchesEmpty(_ pattern: StringValue) -> Bool? {
    try? read(pattern).get()
  }

  /// A pattern that matches `text` and nothing else.
  static func escaped(_ text: String) -> String {
    var pattern = ""
    for scalar in text.unicodeScalars {
      if "\\.+*?()|[]{}^$".unicodeScalars.contains(scalar) { pattern += "\\" }
      pattern.unicodeScalars.append(scalar)
    }
    return pattern
  }

  private static func read(_ pattern: StringValue) -> Result<Bool, PatternProblem> {
    guard let text = pattern.text else { return .failure(PatternProblem("it is not UTF-8")) }
    var reader = PatternReader(text)
    do throws(PatternProblem) {
      return .success(try reader.read())
    } catch {
      return .failure(error)
    }
  }
}

/// Why a pattern does not compile.
struct PatternProblem: Error, Equatable {
  let message: String

  init(_ message: String) {
    self.message = message
  }
}
