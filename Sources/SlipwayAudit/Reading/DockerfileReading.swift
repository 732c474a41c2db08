import SlipwayDocuments

/// A Dockerfile in stages.
struct DockerfileReading: Sendable {
  let path: String
  let stages: [Stage]

  struct Stage: Sendable {
    let image: Text
    let alias: String?
    let steps: [Step]
    /// What the stage finally starts from: the first image outside of this file.
    var base: String
  }

  struct Step: Sendable {
    let keyword: String
    let words: [String]
    let text: String
    let spot: Spot
    /// The commands of `RUN` and of probes.
    let script: Script?
    let isExec: Bool
    let flags: [String: String]
  }

  init(_ path: String, _ read: LocatedDockerfile, _ notes: inout [Note]) {
    self.path = path
    var stages: [Stage] = []
    var bases: [String: String] = [:]
    var steps: [Step] = []
    func close() {
      guard let last = stages.popLast() else { return }
      stages.append(
        Stage(image: last.image, alias: last.alias, steps: steps, base: last.base))
      steps = []
    }
    var arguments: [String: String] = [:]
    for instruction in read.instructions where !instruction.keyword.hasPrefix("#") {
      let spot = Spot(path, instruction.start)
      guard instruction.keyword == "FROM", case .words(let words) = instruction.arguments,
        let name = words.first
      else {
        if stages.isEmpty, instruction.keyword == "ARG",
          case .pairs(let pairs) = instruction.arguments
        {
          for pair in pairs { arguments[pair.name] = pair.value }
        }
        if !stages.isEmpty { steps.append(Step(instruction, path)) }
        continue
      }
      close()
      var image = name
      for (key, value) in arguments.sorted(by: { $0.key < $1.key }) where !value.isEmpty {
        image = image.replacing("${\(key)}", with: value).replacing("$\(key)", with: value)
      }
      let alias = words.count > 2 ? words[2] : nil
      let base = bases[image.lowercased()] ?? image
      if let alias { bases[alias.lowercased()] = base }
      bases[String(bases.count)] = base
      stages.append(Stage(image: Text(image, spot), alias: alias, steps: [], base: base))
    }
    close()
    self.stages = stages
    if stages.isEmpty { notes.append(Note("a Dockerfile without 'FROM'", Spot(path, 1))) }
  }

  /// The stage that the image is made of.
  var last: Stage? { stages.last }

  /// The stage of this name in the file.
  func isStage(_ image: String) -> Bool {
    stages.contains { $0.alias?.lowercased() == image.lowercased() }
  }

  /// The steps of the last stage and of those in this file that it stands on.
  var finalSteps: [Step] {
    guard let last else { return [] }
    var found = last.steps
    var image = last.image.value
    while let under = stages.first(where: { $0.alias?.lowercased() == image.lowercased() }) {
      found = under.steps + found
      guard under.image.value != image else { break }
      image = under.image.value
    }
    return found
  }
}

extension DockerfileReading.Step {
  init(_ instruction: LocatedInstruction, _ path: String) {
    spot = Spot(path, instruction.start)
    var flags: [String: String] = [:]
    for flag in instruction.flags { flags[flag.name] = flag.value ?? "" }
    self.flags = flags
    var inner = instruction
    if case .nested(let nested) = instruction.arguments { inner = nested }
    keyword = instruction.keyword
    switch inner.arguments {
    case .shell(let pieces):
      words = pieces
      text = pieces.joined(separator: " ")
      isExec = false
    case .exec(let parts):
      words = parts
      text = parts.joined(separator: " ")
      isExec = true
    case .words(let parts):
      words = parts
      text = parts.joined(separator: " ")
      isExec = false
    case .pairs(let pairs):
      words = pairs.map { "\($0.name)=\($0.value)" }
      text = words.joined(separator: " ")
      isExec = false
    case .heredocs(let parts, let documents):
      words = parts
      text = documents.map(\.text).joined(separator: "\n")
      isExec = false
    case .nested:
      words = []
      text = ""
      isExec = false
    }
    let runs = ["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"].contains(keyword)
    script = runs ? Script(part: text, at: spot) : nil
  }
}
