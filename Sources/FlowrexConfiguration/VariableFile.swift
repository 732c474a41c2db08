/// The optional file with variables of a laptop: `KEY=value`, one a line. (S17-SEC-02, S17-SEC-13)
///
/// Engines read such files differently, so only what all of them read alike is read at all: a
/// value with quotes, `$` or ` #` in it is refused and not guessed at. (engine fact F7)
package enum VariableFile {
  /// - Throws: All lines that cannot be read, by number; what stands in them is not repeated.
  package static func read(
    _ text: String, name: String
  ) throws(ConfigurationRefused) -> [String: String] {
    var variables: [String: String] = [:]
    var problems: [ConfigurationProblem] = []
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      guard !line.isEmpty, line.first != "#" else { continue }
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let isName = parts[0].utf8.allSatisfy { byte in
        (UInt8(ascii: "A")...UInt8(ascii: "Z")) ~= byte || byte == UInt8(ascii: "_")
          || (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= byte
      }
      guard parts.count == 2, isName, !parts[0].isEmpty else {
        problems.append(ConfigurationProblem("\(name):\(index + 1)", "is no KEY=value"))
        continue
      }
      let isPlain = !parts[1].contains { "\"'`$\\".contains($0) } && !parts[1].contains(" #")
      guard isPlain, parts[1].first != " ", parts[1].last != " " else {
        problems.append(
          ConfigurationProblem("\(name):\(index + 1)", "has quotes, `$`, ` #` or outer blanks"))
        continue
      }
      if variables.updateValue(String(parts[1]), forKey: String(parts[0])) != nil {
        problems.append(ConfigurationProblem("\(name):\(index + 1)", "says a key again"))
      }
    }
    guard problems.isEmpty else { throw ConfigurationRefused(problems: problems) }
    return variables
  }
}
