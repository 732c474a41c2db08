/// Questions that several rules ask of a script.
extension Script {
  /// The options that `set` switches on, of the shebang too.
  var options: Set<String> {
    var found: Set<String> = []
    let first = text.textLines.first ?? ""
    var words =
      first.hasPrefix("#!") ? first.split(separator: " ").dropFirst().map(String.init) : []
    for command in commands where command.name == "set" { words += command.arguments }
    for (index, word) in words.enumerated() {
      if word.hasPrefix("-"), !word.hasPrefix("--") {
        if word.contains("e") { found.insert("errexit") }
        if word.contains("u") { found.insert("nounset") }
        if word.hasSuffix("o"), words.indices.contains(index + 1) { found.insert(words[index + 1]) }
      }
    }
    return found
  }

  /// The names of the files that the script reads as a part of itself.
  var sourced: [String] {
    commands.filter { [".", "source"].contains($0.name) }.compactMap(\.arguments.first)
      .map(Paths.name)
  }

  var isBash: Bool {
    let first = text.textLines.first ?? ""
    return first.contains("bash") || (!hasShebang && path.hasSuffix(".bash"))
  }

  /// The variables that commands and values mention.
  func uses(of name: String) -> [ShellCommand] {
    commands.filter { command in
      let texts =
        command.words.map(\.text) + command.redirects.map(\.target)
        + [command.heredoc ?? ""]
      return texts.contains { Script.mentions($0, name) }
        || command.assignments.contains { Script.mentions($0.value, name) }
    }
  }

  static func mentions(_ text: String, _ name: String) -> Bool {
    text.contains("$" + name) && Interpolation.all(in: text).contains { $0.name == name }
      || text.contains("${" + name)
  }

  /// Whether a variable was tested, or given a default, anywhere.
  func isChecked(_ name: String) -> Bool {
    commands.contains { command in
      let tests: Set = ["[", "[[", "test", "case"]
      if tests.contains(command.name),
        command.words.contains(where: { Script.mentions($0.text, name) })
      {
        return true
      }
      return command.words.contains { word in
        Interpolation.all(in: word.text).contains { $0.name == name && $0.isGuarded }
      }
    }
  }

  /// Commands that make a dump of a database.
  static func isDump(_ command: ShellCommand) -> Bool {
    let dumps: Set = ["pg_dump", "pg_dumpall", "mysqldump", "mariadb-dump", "mongodump"]
    return dumps.contains(command.name)
      || command.call.dropFirst().contains { dumps.contains($0.text) }
        && ["docker-compose", "docker", "kubectl", "ssh"].contains(command.name)
  }

  /// The words from the one that names the program: `pg_restore -d shop` of a call into a
  /// container.
  static func words(from program: String, of command: ShellCommand) -> [String]? {
    let words = command.call.map(\.text)
    guard let index = words.firstIndex(of: program) else { return nil }
    return Array(words[index...])
  }

  /// Commands of one pipeline, in their order.
  var pipelines: [[ShellCommand]] {
    var groups: [[ShellCommand]] = []
    var places: [Int: Int] = [:]
    for command in commands {
      if let place = places[command.pipeline], groups[place].last?.separator == "|" {
        groups[place].append(command)
      } else {
        places[command.pipeline] = groups.count
        groups.append([command])
      }
    }
    return groups
  }

  /// Whether the script starts or changes services.
  var deploys: Bool {
    composeCalls.contains { ["up", "rollout"].contains($0.verb) }
      || commands.contains { command in
        command.name == "docker" && command.arguments.starts(with: ["stack", "deploy"])
          || command.name == "docker" && command.arguments.starts(with: ["service", "update"])
      }
  }

  var fileName: String { Paths.name(path).lowercased() }
}

extension Deployment {
  /// The options of a script and of what it reads in; `nil` if that is not among the files.
  func options(of script: Script) -> Set<String>? {
    var found = script.options
    for name in script.sourced {
      guard let part = scripts.first(where: { Paths.name($0.path) == name }) else { return nil }
      found.formUnion(part.options)
    }
    return found
  }

  /// The file that a call means, if it is among the sources or scripts.
  func text(called command: ShellCommand, in script: Script) -> (path: String, text: String)? {
    guard let name = Self.calledFile(command), let here = command.folder else { return nil }
    let places = [Paths.join(here, name), Paths.join(Paths.folder(script.path) + "/" + here, name)]
    for place in places + (here.isEmpty ? [name] : []) {
      if let text = program(at: place) { return (place, text) }
    }
    return nil
  }
}
