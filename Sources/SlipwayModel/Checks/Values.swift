import ServiceContract
import Slipway
import SlipwayDiagnostics

/// Values that no type can bound: ranges, sums, names. All findings at once.
extension Resolver {
  mutating func checkValues(_ environment: ResolvedEnvironment) {
    checkName(specification.name, what: "environment", at: specification.origin)
    checkSettings()
    for run in specification.runs { check(run) }
    checkSizes()
    checkNames(environment)
    checkPorts(environment)
    checkPlacement(environment)
    checkBackups()
    checkSecrets(environment)
  }

  private mutating func check(_ run: RunValue) {
    let name = run.component.name
    checkName(name, what: "component", at: run.component.origin)
    if run.replicas < 1 {
      add(
        "spec/replicas-are-positive", "'\(name)' would run \(run.replicas) times",
        [run.origin.at("replicas")], "too few",
        why: "a component that does not run answers nobody",
        fix: "write at least 1, or delete this `.run(…)`")
    }
    if run.replicas > 100 {
      add(
        "spec/replicas-are-positive", "'\(name)' would run \(run.replicas) times",
        [run.origin.at("replicas")], "too many",
        why: "more than 100 replicas of one component is a slip of the finger",
        fix: "write a number from 1 to 100")
    }
    checkKeys(run)
    for port in run.component.ports {
      checkPort(port.number, of: name, at: run.component.origin.at("ports"))
    }
  }

  /// Each key once, and none that the contract does not know.
  private mutating func checkSettings() {
    let known = Set(project.contract.keys.map(\.name))
    var seen: [String: Setting] = [:]
    for setting in specification.settings {
      let origin = Origin(file: setting.file, line: setting.line, argument: setting.argument)
      if !known.contains(setting.key), seen[setting.key] == nil {
        add(
          "spec/keys-are-read", "'\(setting.key)' would be stated, which no component reads",
          [origin], "stated here",
          why: "a setting that nobody reads changes nothing, and people believe that it does",
          fix: "delete it, or add the key to the contract and to the component that reads it")
      }
      if let first = seen[setting.key] {
        add(
          "spec/keys-are-stated-once", "'\(setting.key)' would be stated twice",
          [origin, Origin(file: first.file, line: first.line, argument: first.argument)],
          "stated again",
          why: "of two values one is wrong, and which one counts is a matter of luck",
          fix: "delete one of them")
      }
      seen[setting.key] = setting
    }
  }

  private mutating func checkKeys(_ run: RunValue) {
    let read = Set(
      (run.component.keys + (run.component.migrates?.keys ?? [])).map(\.name))
    for setting in run.overriding where !read.contains(setting.key) {
      add(
        "spec/keys-are-read",
        "'\(run.component.name)' would be told '\(setting.key)', which it does not read",
        [run.origin.at("overriding"), run.component.origin.at("keys")], "stated here",
        why: "a setting that nobody reads changes nothing, and people believe that it does",
        fix: "delete it, or state it for the component that reads it")
    }
  }

  private mutating func checkPort(_ port: Int, of name: String, at origin: Origin) {
    guard !(1...65_535).contains(port) else { return }
    add(
      "spec/ports-exist", "'\(name)' would listen on port \(port)", [origin], "no such port",
      why: "ports are numbers from 1 to 65535", fix: "write a number from 1 to 65535")
  }

  private mutating func checkName(_ name: String, what: String, at origin: Origin) {
    let allowed = name.utf8.allSatisfy {
      (97...122).contains($0) || (48...57).contains($0) || $0 == 45
    }
    let edges = name.first.map { $0.isLetter } == true && name.last != "-"
    guard !allowed || !edges || name.utf8.count > 40 else { return }
    add(
      "spec/names-are-plain", "\(what) '\(name)' has a name that is no host name", [origin],
      "named here",
      why: "names become host names, folders and databases; other characters escape from there",
      fix: "use 1 to 40 of a-z, 0-9 and '-', starting with a letter")
  }

  private mutating func checkNames(_ environment: ResolvedEnvironment) {
    for (index, service) in environment.services.enumerated() {
      guard
        let first = environment.services.firstIndex(where: { $0.name == service.name }),
        first < index
      else { continue }
      let origins = [service.origin, environment.services[first].origin]
      add(
        "spec/names-are-unique", "two services are called '\(service.name)'", origins,
        "named again",
        why: "names are addresses: requests would reach either of them",
        fix: adviceForTwo(service.name))
    }
  }

  /// What to do about two services of one name: a component runs twice, two components are called
  /// the same, or one is called as a part that every environment has.
  private func adviceForTwo(_ name: String) -> String {
    let runs = specification.runs.map(\.component).filter { $0.name == name }
    guard runs.count > 1 else {
      return "call the component otherwise: '\(name)' is a part that Slipway itself adds"
    }
    guard Set(runs.map(\.origin)).count > 1 else {
      return "delete one `.run(…)` of '\(name)', and write `replicas:` in the other to have more"
    }
    return "give one of the components another name: its first argument"
  }

  private mutating func checkPorts(_ environment: ResolvedEnvironment) {
    var owners: [Int: ResolvedService] = [:]
    // Two services of one name publish the same, and their name is what is wrong.
    var names: Set<String> = []
    for service in environment.services where names.insert(service.name).inserted {
      for publication in service.publications {
        if let owner = owners[publication.host], owner.name == service.name {
          add(
            "spec/ports-are-unique",
            "'\(service.name)' would publish port \(publication.host) twice",
            service.written(.publications), "published here",
            why: "a port of a machine belongs to one process; the second does not start",
            fix: "publish it once")
        } else if let owner = owners[publication.host] {
          add(
            "spec/ports-are-unique",
            "'\(service.name)' and '\(owner.name)' would both answer on port \(publication.host)",
            service.written(.publications) + owner.written(.publications), "published here",
            why: "a port of a machine belongs to one process; the second does not start",
            fix: "publish one of them on another port")
        }
        owners[publication.host] = service
        checkPort(
          publication.host, of: service.name,
          at: service.written(.publications).first ?? service.origin)
      }
    }
  }

  private mutating func checkPlacement(_ environment: ResolvedEnvironment) {
    for service in environment.services {
      guard !places(service.placement, in: environment.nodes) else { continue }
      let wanted: String
      switch service.placement {
      case .kind(let kind): wanted = "a node for `.\(kind.rawValue)`"
      case .node(let name): wanted = "node '\(name)'"
      case .anywhere: wanted = "any node"
      }
      add(
        "spec/placements-exist", "'\(service.name)' needs \(wanted), which the cluster lacks",
        service.written(.placement) + [specification.cluster.origin], "placed here",
        why: "the engine would keep it waiting for ever, without an error",
        fix: "add such a node to the cluster, or place it elsewhere")
    }
  }

  private func places(_ placement: Placement, in nodes: [Node]) -> Bool {
    switch placement {
    case .anywhere: !nodes.isEmpty
    case .kind(let kind): nodes.contains { $0.kinds.contains(kind) }
    case .node(let name): nodes.contains { $0.name == name }
    }
  }

  mutating func add(
    _ rule: String, _ message: String, _ written: [Origin], _ label: String, why: String,
    fix: String
  ) {
    findings.append(
      Finding(
        rule: rule, message: message, written: written, label: label, why: why, fix: fix))
  }
}
