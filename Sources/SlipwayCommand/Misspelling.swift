import ArgumentParser

/// A command that there is not.
struct Misspelling {
  /// What to say about it.
  let message: String

  /// `nil` where the first word is a command, or no word at all.
  init?(in arguments: [String], program: String = Invocation.program) {
    let names =
      SlipwayArguments.configuration.subcommands.compactMap {
        $0.configuration.commandName
      }
      + ["help"]
    guard let word = arguments.first, !word.hasPrefix("-"), !names.contains(word) else {
      return nil
    }
    let answer = NearestNames.slip(word, among: names).map { "; did you mean '\($0)'?" }
    message =
      "error: there is no command '\(word)'"
      + (answer ?? "; there are: \(names.joined(separator: ", "))")
      + "\n  = see: \(program) --help"
  }
}
