/// A call of Compose in a script.
struct ComposeCall: Hashable, Sendable {
  let command: ShellCommand
  /// `up`, `exec`, `run` and so on.
  let verb: String
  /// The files named with `-f`.
  let files: [String]
  /// What stands behind the verb, options with their values left out.
  let operands: [String]
  /// `--scale name=count`.
  let scales: [(name: String, count: String)]
  let isOld: Bool

  static func == (left: Self, right: Self) -> Bool { left.command == right.command }
  func hash(into hasher: inout Hasher) { hasher.combine(command) }

  init?(_ command: ShellCommand) {
    var words = command.call.map(\.text)[...]
    switch words.first {
    case "docker-compose"?:
      isOld = true
      words = words.dropFirst()
    case "docker"? where words.dropFirst().first == "compose":
      isOld = false
      words = words.dropFirst(2)
    default: return nil
    }
    self.command = command
    var files: [String] = []
    let valued: Set = ["-f", "--file", "-p", "--project-name", "--env-file", "--profile"]
    while let word = words.first, word.hasPrefix("-") {
      words = words.dropFirst()
      if valued.contains(word), let value = words.popFirst(), word == "-f" || word == "--file" {
        files.append(value)
      } else if word.hasPrefix("--file=") {
        files.append(String(word.dropFirst(7)))
      }
    }
    self.files = files
    verb = words.popFirst() ?? ""
    var operands: [String] = []
    var scales: [(String, String)] = []
    let withValue: Set = [
      "-e", "--env", "-u", "--user", "-w", "--workdir", "--index", "-t", "--timeout", "--scale",
      "--name", "--entrypoint", "-v", "--volume", "--tail", "--since", "-n", "--wait-timeout", "-s",
    ]
    while let word = words.popFirst() {
      if word == "--scale" || word.hasPrefix("--scale=") {
        let text = word == "--scale" ? words.popFirst() ?? "" : String(word.dropFirst(8))
        let (name, count) = text.cut(at: "=")
        scales.append((name, count ?? ""))
      } else if withValue.contains(word) {
        words = words.dropFirst()
      } else if !word.hasPrefix("-") {
        operands.append(word)
        // The rest belongs to the program in the container.
        if verb == "exec" || verb == "run" { break }
      }
    }
    if verb == "scale" {
      scales = operands.map {
        let (name, count) = $0.cut(at: "="); return (name, count ?? "")
      }
      operands = scales.map(\.0)
    }
    self.operands = operands
    self.scales = scales
  }

  /// The services that the call names.
  var services: [String] {
    switch verb {
    case "up", "stop", "start", "restart", "rm", "logs", "pull", "build", "create", "kill", "exec",
      "run", "scale", "top", "port", "pause", "unpause":
      (operands + scales.map(\.name)).filter { !$0.contains("$") && !$0.contains("=") }
    default: []
    }
  }
}

extension Script {
  var composeCalls: [ComposeCall] { commands.compactMap(ComposeCall.init) }
}

extension Deployment {
  /// The Compose files that a call reads: those it names, or the ones with a usual name.
  func composes(of call: ComposeCall, in script: Script) -> [ComposeFile] {
    if !call.files.isEmpty {
      return call.files.flatMap { name in
        composes.filter { $0.path == name || $0.path.hasSuffix("/" + Paths.name(name)) }
      }
    }
    return composes(near: script.path)
  }

  var scriptServiceReferences: [Reference] {
    shells.flatMap { script, _, _ in
      script.composeCalls.flatMap { call -> [Reference] in
        let files = composes(of: call, in: script)
        guard !files.isEmpty else { return [] }
        let names = Set(files.flatMap(\.services).map(\.name.value))
        return call.services.map {
          Reference(
            kind: .composeService, name: $0, spot: call.command.spot, holder: "'\(call.verb)'",
            isMet: names.contains($0))
        }
      }
    }
  }

  /// Files that scripts call or read, by their paths in the repository.
  var calledFiles: [Reference] {
    // What starts a container runs in the folder of its image.
    shells.filter { !$0.script.fileName.contains("entrypoint") }.flatMap { script, start, _ in
      script.commands.compactMap { command -> Reference? in
        guard let here = command.folder, !command.blocks.contains(.substitution) else { return nil }
        guard let name = Self.calledFile(command) else { return nil }
        // A path from the root of the repository, from the folder after `cd`, or from the script's.
        let folders =
          [Paths.join(start ?? "", here)]
          + Paths.above(script.path).map { Paths.join($0, here) }
        let places = folders.map { Paths.join($0, name) }
        let top = name.split(separator: "/").first.map(String.init) ?? ""
        // Only a tree that has the folder can lack the file.
        let isKnown =
          folders.contains { self.folders.contains($0) }
          && (here.isEmpty || folders.contains { self.folders.contains(Paths.join($0, top)) }
            || self.folders.contains(here))
        guard isKnown, paths.count > 2 else { return nil }
        return Reference(
          kind: .calledFile, name: places[0], spot: command.spot,
          holder: "'\(command.name)'", isMet: places.contains { paths.contains($0) })
      }
    }
  }

  /// The file of the repository that a command runs.
  static func calledFile(_ command: ShellCommand) -> String? {
    let name = command.name
    let interpreters: Set = [
      "python", "python3", "bash", "sh", "node", "ruby", "php", "source", ".", "perl",
    ]
    var candidate: String?
    if interpreters.contains(name) {
      candidate = command.arguments.first { !$0.hasPrefix("-") }
      if command.arguments.first.map({ ["-m", "-c", "-e"].contains($0) }) ?? false { return nil }
    } else if name.hasPrefix("./") || (name.contains("/") && !name.hasPrefix("/")) {
      candidate = name
    }
    guard let path = candidate, path.contains("/") else { return nil }
    guard !path.hasPrefix("/"), !path.contains("$"), !path.contains("~"), !path.contains("*") else {
      return nil
    }
    let endings = [".py", ".sh", ".js", ".rb", ".ts", ".mjs", ".php", ".pl", ".bash"]
    guard endings.contains(where: path.hasSuffix) || interpreters.contains(name) == false else {
      return nil
    }
    // A file beside the script may have been fetched a line before.
    let isInFolder = Paths.join("", path).contains("/")
    return endings.contains(where: path.hasSuffix) && isInFolder ? path : nil
  }
}
