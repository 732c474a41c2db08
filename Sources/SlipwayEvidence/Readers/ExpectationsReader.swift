import ServiceContract
import SlipwayDocuments
package import SlipwayModel

extension GateExpectations {
  /// Reads `gate.json`.
  package static func read(_ bytes: [UInt8]) throws(ReadingFailure) -> GateExpectations {
    let root = try JSONFields(bytes)
    let stage = try root.text("stage")
    guard let stage = StageKind(rawValue: stage) else {
      throw ReadingFailure("its 'stage' is none: '\(stage)'")
    }
    var expectations = GateExpectations(
      environment: try root.text("environment"), stage: stage, project: try root.text("project"))
    expectations.after = try root.optionalText("after")
    expectations.state = try root.text("state")
    expectations.metrics = try root.text("metrics")
    let coverage = try root.object("coverage")
    expectations.coverage = CoverageExpectation(
      floor: try coverage.integer("floor"),
      modules: try coverage.objects("modules").map { module throws(ReadingFailure) in
        CoverageExpectation.Module(
          name: try module.text("name"), folders: try module.texts("folders"),
          floor: try module.integer("floor"))
      })
    expectations.capProofs = try root.texts("capProofs")
    expectations.images = try root.objects("images").map { image throws(ReadingFailure) in
      try ImageExpectation.read(image)
    }
    expectations.secrets = try SecretExpectations.read(try root.object("secrets"))
    expectations.names = try root.texts("names")
    expectations.services = try root.objects("services").map { service throws(ReadingFailure) in
      ServiceExpectation(
        name: try service.text("name"),
        replicas: service.has("replicas") ? try service.integer("replicas") : nil,
        isOurs: try service.flag("ours"))
    }
    expectations.scrapes = try root.objects("scrapes").map { scrape throws(ReadingFailure) in
      ScrapeExpectation(
        job: try scrape.text("job"),
        targets: scrape.has("targets") ? try scrape.integer("targets") : nil)
    }
    expectations.nodes = try root.objects("nodes").map { node throws(ReadingFailure) in
      NodeExpectation(
        name: try node.text("name"), isManager: try node.flag("manager"),
        labels: try node.texts("labels"), milliCPUs: try node.integer("milliCPUs"),
        memory: ByteCount(bytes: try node.integer("memory")), platform: try node.text("platform"))
    }
    expectations.backupMetric = try root.optionalText("backupMetric")
    expectations.hasSchema = try root.flag("schema")
    expectations.roles = try root.texts("roles")
    return expectations
  }
}

extension ImageExpectation {
  fileprivate static func read(_ image: JSONFields) throws(ReadingFailure) -> ImageExpectation {
    let service = try image.text("service")
    let kinds: [(String, (String) -> Origin)] = [
      ("locked", Origin.locked), ("unlocked", Origin.unlocked), ("release", Origin.release),
      ("checkout", Origin.checkout),
    ]
    for (key, make) in kinds where image.has(key) {
      return ImageExpectation(service: service, origin: make(try image.text(key)))
    }
    throw ReadingFailure("its image of '\(service)' comes from nowhere")
  }
}

extension SecretExpectations {
  fileprivate static func read(_ secrets: JSONFields) throws(ReadingFailure) -> SecretExpectations {
    let place = try secrets.object("source")
    let source: Source
    switch try place.text("kind") {
    case "vault": source = .vault(path: try place.text("path"))
    case "aws": source = .aws(prefix: try place.text("prefix"), region: try place.text("region"))
    case "files": source = .files(path: try place.text("path"))
    case "made-up": source = .madeUp
    case let kind: throw ReadingFailure("its 'secrets.source.kind' is none: '\(kind)'")
    }
    let keys = try secrets.objects("keys").map { key throws(ReadingFailure) in
      let form = try key.text("form")
      guard let form = SecretKey.Form(rawValue: form) else {
        throw ReadingFailure("a secret's 'form' is none: '\(form)'")
      }
      return Key(name: try key.text("name"), form: form, bits: try key.integer("bits"))
    }
    let distinct = try secrets.list("distinct").map { names throws(ReadingFailure) in
      try (names.list ?? []).map { name throws(ReadingFailure) in
        try name.asText("secrets.distinct")
      }
    }
    return SecretExpectations(
      source: source, keys: keys, denied: try secrets.texts("denied"), distinct: distinct)
  }
}
