import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// A service starts, is asked for its health, is mounted, connected, limited and placed in the
/// bytes as in the model. What ``SettingsAreWritten`` is for numbers, this is for everything else
/// that the engine does with a service. (C-24, S18-DC-22, S18-HS-07)
package enum ServicesAreWritten: Rule {
  package static let id = "stack/services-are-written"
  package static let why =
    "what was checked is the model; a word that is lost on the way starts something else"
  package static let fix = "this is a defect of the generator: please report the service"
  package static let source = ["C-24", "S18-DC-22", "S18-HS-07", "S18-HS-09"]

  package static let breakers: [Breaker] = [
    .file(
      "another file to start from", "docker-compose.yml",
      replacing: "    - --config.file=/etc/slipway/prometheus/prometheus.yml\n",
      with: "    - --config.file=/etc/slipway/prometheus/prometeus.yml\n"),
    .file(
      "a health check that asks something else", "docker-compose.yml",
      replacing: "      - healthcheck\n", with: "      - health\n"),
    .file(
      "data beside its volume", "docker-compose.yml",
      replacing: "      target: /prometheus\n", with: "      target: /prometeus\n"),
    .file(
      "more processors than were counted", "docker-compose.yml",
      replacing: "          cpus: \"1\"\n", with: "          cpus: \"10\"\n"),
    .file(
      "a machine that nobody declared", "docker-compose.yml",
      replacing: "node.labels.app == true", with: "node.labels.apps == true"),
    .file(
      "a root file system that can be written", "docker-compose.yml",
      replacing: "    read_only: true\n    cap_drop", with: "    read_only: false\n    cap_drop"),
  ]

  package static let implies = ["stack/paths-are-mounted", "capacity/every-service-is-limited"]

  package static func check(_ subject: Subject) -> [Violation] {
    guard let stack = subject.stack else { return [] }
    return subject.environment.services.flatMap { service -> [Violation] in
      // That it is there at all is another rule's.
      guard let written = stack.tree["services"]?[service.name] else { return [] }
      return facts(service, written, subject.environment.stage).compactMap { fact in
        guard fact.expected != fact.found else { return nil }
        return Violation(
          .differs(service.name, fact.name), written: service.written(fact.field),
          lands: stack.landing(
            "services.\(service.name)", line: (fact.node ?? written).start.line))
      }
    }
  }

  /// Something that the engine is told of a service, as words that can be compared.
  private struct Fact {
    let name: String
    let field: ServiceField
    let expected: [String]
    let node: LocatedValue?
    let found: [String]

    init(
      _ name: String, _ field: ServiceField, _ expected: [String], _ node: LocatedValue?,
      _ words: (LocatedValue) -> [String] = ServicesAreWritten.words
    ) {
      self.name = name
      self.field = field
      self.expected = expected
      self.node = node
      found = node.map(words) ?? []
    }
  }

  private static func facts(
    _ service: ResolvedService, _ written: LocatedValue, _ stage: StageKind
  ) -> [Fact] {
    let health = written["healthcheck"]
    let mounts =
      service.volumes.map { "\($0.volume) \($0.path)" }
      + service.hostFolders.map { "\($0.source) \($0.path)" }
      + service.scratch.map { " \($0.path)" }
    var facts = [
      Fact("entrypoint", .entrypoint, service.entrypoint, written["entrypoint"]),
      Fact("command", .command, service.command, written["command"]),
      Fact("networks", .networks, service.networks, written["networks"]),
      Fact("user", .user, service.user.map { [$0] } ?? [], written["user"]),
      Fact("read_only", .readOnly, ["\(service.readOnly)"], written["read_only"]),
      Fact("cap_add", .capabilities, service.capabilities, written["cap_add"]),
      Fact("cap_drop", .capabilities, ["ALL"], written["cap_drop"]),
      Fact("secrets", .secrets, service.secrets.map(\.path), written["secrets"], targets),
      Fact("volumes", .volumes, mounts, written["volumes"]) { node in
        // A laptop's folders of configuration are mounted the same way.
        (node.list ?? []).filter { $0["source"]?.scalarText?.hasPrefix("./") != true }
          .map { "\($0["source"]?.scalarText ?? "") \($0["target"]?.scalarText ?? "")" }
      },
      Fact(
        "ports", .publications, service.publications.map { "\($0.host) \($0.container)" },
        written["ports"]
      ) { node in
        (node.list ?? []).map {
          "\($0["published"]?.scalarText ?? "") \($0["target"]?.scalarText ?? "")"
        }
      },
    ]
    if let check = service.health {
      facts.append(
        Fact("healthcheck", .health, ["CMD"] + check.command, health?["test"] ?? health))
    }
    facts += sizes(service, written["deploy"]?["resources"])
    if stage.isDeployed { facts.append(place(service, written["deploy"])) }
    return facts
  }

  private static func sizes(_ service: ResolvedService, _ resources: LocatedValue?) -> [Fact] {
    [("limits", service.size.limit), ("reservations", service.size.reserve)].map { name, size in
      Fact(
        "\(name).cpus", .size, [size.cpus.description], resources?[name]?["cpus"] ?? resources)
    }
  }

  private static func place(_ service: ResolvedService, _ deploy: LocatedValue?) -> Fact {
    let expected: [String] =
      switch service.placement {
      case .anywhere: []
      case .node(let name): ["node.hostname == \(name)"]
      case .kind(let kind): ["node.labels.\(kind.rawValue) == true"]
      }
    return Fact("placement", .placement, expected, deploy?["placement"]?["constraints"])
  }

  private static func targets(_ node: LocatedValue) -> [String] {
    (node.list ?? []).compactMap { $0["target"]?.scalarText }
  }

  /// A word, or a list of words; what is doubled for the engine is one dollar. (engine fact F7)
  private static func words(_ node: LocatedValue) -> [String] {
    (node.list ?? [node]).compactMap { $0.scalarText?.replacing("$$", with: "$") }
  }
}

extension String {
  fileprivate static func differs(_ service: String, _ what: String) -> String {
    "'\(service)' would be given another '\(what)' than was checked"
  }
}
