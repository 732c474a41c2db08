/// A shell script: its commands in their order, each with its place.
struct Script: Sendable {
  let path: String
  let commands: [ShellCommand]
  /// Whether it is a script of its own, and not a part of a workflow or Dockerfile.
  let isFile: Bool
  let hasShebang: Bool
  let text: String

  init(_ path: String, _ text: String, _ notes: inout [Note]) {
    self.path = path
    self.text = text
    isFile = true
    hasShebang = text.hasPrefix("#!")
    var reader = ShellReader(text, at: Spot(path, 1))
    commands = reader.readAll()
    notes += reader.notes
  }

  /// A piece of shell inside another file; `spot` is the place of its first character.
  init(part text: String, at spot: Spot) {
    path = spot.path
    self.text = text
    isFile = false
    hasShebang = false
    var reader = ShellReader(text, at: spot)
    commands = reader.readAll()
  }
}

/// One word of a command.
struct ShellWord: Hashable, Sendable {
  /// Without its quotes; variables stay as they are written.
  let text: String
  let spot: Spot
  let isQuoted: Bool
  /// Whether single quotes keep the shell from reading variables.
  let isLiteral: Bool
}

/// One simple command.
struct ShellCommand: Hashable, Sendable {
  enum Block: Hashable, Sendable {
    case condition, loop, function(String), group, substitution, choice
  }
  struct Redirect: Hashable, Sendable {
    let operation: String
    let target: String
  }
  struct Assignment: Hashable, Sendable {
    let name: String
    let value: String
    let spot: Spot
    let isLiteral: Bool
  }

  var assignments: [Assignment] = []
  var words: [ShellWord] = []
  var redirects: [Redirect] = []
  var spot: Spot
  /// Commands of one pipeline share it.
  var pipeline = 0
  /// What stands behind it: `|`, `&&`, `||`, `;`, `&`, or a line's end.
  var separator = "\n"
  var blocks: [Block] = []
  /// Whether it decides an `if`, `while` or `until`.
  var isCondition = false
  /// The folder that `cd` has led to: `nil` at the start, or where it cannot be told.
  var folder: String?
  var heredoc: String?

  /// Words without `sudo`, `exec`, `env`, `time` and the times of a line for cron.
  var call: [ShellWord] {
    var rest = words[...]
    if rest.count > 5, rest.prefix(5).allSatisfy({ Self.isCronField($0.text) }) {
      rest = rest.dropFirst(5)
    }
    while let first = rest.first {
      let skipped = ["sudo", "exec", "env", "time", "nohup", "command", "!", "eval"]
      if skipped.contains(first.text) || (first.text.contains("=") && rest.count > 1) {
        rest = rest.dropFirst()
      } else if first.text == "timeout" || first.text == "flock" && rest.count > 2 {
        rest = rest.dropFirst(2)
      } else {
        break
      }
    }
    return Array(rest)
  }

  var name: String { call.first?.text ?? "" }
  var arguments: [String] { call.dropFirst().map(\.text) }
  var text: String { words.map(\.text).joined(separator: " ") }
  var isInLoop: Bool { blocks.contains(.loop) }
  var isForCron: Bool { words.count > call.count + 4 && Self.isCronField(words[0].text) }

  func has(_ argument: String) -> Bool { arguments.contains(argument) }

  /// The value of an option: `--name value`, `--name=value`.
  func option(_ names: String...) -> String? {
    let all = arguments
    for (index, word) in all.enumerated() {
      for name in names {
        if word == name, all.indices.contains(index + 1) { return all[index + 1] }
        if word.hasPrefix(name + "=") { return String(word.dropFirst(name.count + 1)) }
      }
    }
    return nil
  }

  private static func isCronField(_ text: String) -> Bool {
    !text.isEmpty && text.allSatisfy { $0.isNumber || "*/,-".contains($0) }
  }
}

/// The names of the commands in a piece of shell, for tests of the reader.
package enum ShellCommands {
  package static func names(in text: String) -> [String] {
    Script(part: text, at: Spot("", 1)).commands.map(\.name).filter { !$0.isEmpty }
  }
}
