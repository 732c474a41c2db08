import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Every service is told in the bytes what it is told in the model: each setting with its value,
/// its image, how many of it run, what it may use, and how long it has to stop. Sums over
/// connections and memory, and the chain of timeouts, are made of these numbers. (C-24, C-27,
/// C-35, C-36)
package enum SettingsAreWritten: Rule {
  package static let id = "stack/settings-are-written"
  package static let why =
    "what was checked is the model; a number that is lost on the way makes every check a guess"
  package static let fix = "this is a defect of the generator: please report the service"
  package static let source = ["C-24", "C-27", "C-35", "C-36"]

  package static let breakers: [Breaker] = [
    .file(
      "a host that there is not", "docker-compose.yml",
      replacing: "      DATABASE_HOST: postgres-primary\n",
      with: "      DATABASE_HOST: postgres-primal\n"),
    .file(
      "a setting that nobody stated", "docker-compose.yml",
      replacing: "      DATABASE_HOST: postgres-primary\n",
      with: "      DATABASE_HOST: postgres-primary\n      STATEMENT_TIMEOUT_SECONDS: \"30\"\n"),
    .file(
      "more replicas than were counted", "docker-compose.yml", replacing: "      replicas: 3\n",
      with: "      replicas: 30\n"),
    .file(
      "more memory than was counted", "docker-compose.yml",
      replacing: "          cpus: \"1\"\n          memory: 1G\n",
      with: "          cpus: \"1\"\n          memory: 2G\n"),
    .file(
      "less time to stop than was promised", "docker-compose.yml",
      replacing: "stop_grace_period: 30s", with: "stop_grace_period: 10s"),
    .file(
      "an image of another service", "docker-compose.yml", replacing: "${SHOP_BACKEND_IMAGE:?",
      with: "${SHOP_PAGES_IMAGE:?"),
  ]

  package static let implies = ["scripts/name-what-is-deployed", "delivery/gate-judges-the-stack"]

  package static func check(_ subject: Subject) -> [Violation] {
    guard let stack = subject.stack else { return [] }
    return subject.environment.services.flatMap { service -> [Violation] in
      guard let written = stack.tree["services"]?[service.name] else {
        return [
          Violation(
            .missing(service.name), written: [service.origin],
            lands: stack.landing("services.\(service.name)", line: 1))
        ]
      }
      return differences(service, written, subject).map { what, line, field in
        Violation(
          .differs(service.name, what), written: service.written(field),
          lands: stack.landing("services.\(service.name)", line: line ?? written.start.line))
      }
    }
  }

  private typealias Difference = (what: String, line: Int?, field: ServiceField)

  private static func differences(
    _ service: ResolvedService, _ written: LocatedValue, _ subject: Subject
  ) -> [Difference] {
    let told = told(written, subject)
    var found: [Difference] = service.environment.compactMap { entry in
      guard let value = told[entry.key], value.text != entry.value else { return nil }
      return (entry.key, value.line, .environment)
    }
    // What nobody stated has the default that everything was checked with.
    let stated = Set(service.environment.map(\.key))
    let own = subject.environment.specification.runs.first { $0.component.name == service.name }
    found += (own?.component.keys ?? []).compactMap { key in
      guard !stated.contains(key.name), let value = told[key.name], value.text != key.defaultText
      else { return nil }
      return (key.name, value.line, .environment)
    }
    if case .release(let variable) = service.image,
      written["image"]?.scalarText?.hasPrefix("${\(variable):") != true
    {
      found.append(("image", written["image"]?.start.line, .image))
    }
    let deploy = written["deploy"]
    if case .count(let count) = service.replicas, let value = deploy?["replicas"],
      value.integer != count
    {
      found.append(("replicas", value.start.line, .replicas))
    }
    let sizes = [("limits", service.size.limit), ("reservations", service.size.reserve)]
    for (name, size) in sizes {
      guard let value = deploy?["resources"]?[name]?["memory"],
        bytes(value.scalarText ?? "") != size.memory.bytes
      else { continue }
      found.append(("\(name).memory", value.start.line, .size))
    }
    if let value = written["stop_grace_period"],
      value.scalarText != "\(service.stopsWithin.components.seconds)s"
    {
      found.append(("stop_grace_period", value.start.line, .stopsWithin))
    }
    return found
  }

  private typealias Value = (text: String, line: Int?)

  /// Under `environment`, and in the files of `env_file`, whose lines are of another file.
  private static func told(_ service: LocatedValue, _ subject: Subject) -> [String: Value] {
    var told: [String: Value] = [:]
    for entry in service["env_file"]?.list ?? [] {
      let path = entry.scalarText ?? entry["path"]?.scalarText ?? ""
      let file = subject.file(path.hasPrefix("./") ? String(path.dropFirst(2)) : path)
      for variable in file.flatMap({ try? DotenvReader.read($0.text) })?.variables ?? [] {
        if let text = variable.literal { told[variable.key] = (text, nil) }
      }
    }
    for entry in service["environment"]?.map ?? [] {
      told[entry.key] = (entry.value.scalarText ?? "", entry.keyStart.line)
    }
    return told
  }

  private static func bytes(_ text: String) -> Int? {
    let digits = text.prefix { $0.isNumber }
    let units = ["": 0, "B": 0, "K": 10, "M": 20, "G": 30]
    guard let number = Int(digits), let shift = units[text.dropFirst(digits.count).uppercased()]
    else { return nil }
    return number.saturatingTimes(1 << shift)
  }
}

extension String {
  fileprivate static func missing(_ service: String) -> String {
    "the stack does not run '\(service)'"
  }
  fileprivate static func differs(_ service: String, _ what: String) -> String {
    "'\(service)' would be told another '\(what)' than was checked"
  }
}
