import ServiceContract
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Outside development nothing runs with a debug switch, a debug level or a reloader. Looks at the
/// bytes of the stack: the specification cannot say it. (S17-HS-06, C-22)
package enum DebugStaysInDevelopment: Rule {
  package static let id = "configuration/debug-stays-in-development"
  package static let why =
    "debug output shows bodies and tokens, and a debugger runs what it is sent"
  package static let fix = "delete the setting; outside development its value is fixed"
  package static let source = ["S17-HS-06", "C-22", "C-51"]

  package static let breakers: [Breaker] = [
    .file(
      "the switch", "docker-compose.yml", replacing: "    environment:\n",
      with: "    environment:\n      DEBUG: \"true\"\n"),
    .file(
      "the level", "docker-compose.yml", replacing: "    environment:\n",
      with: "    environment:\n      LOG_LEVEL: debug\n"),
    .file(
      "a reloader", "docker-compose.yml", replacing: "    command:\n    - serve\n",
      with: "    command:\n    - serve\n    - --reload\n"),
  ]
  package static let implies = ["configuration/keys-are-read", "stack/services-are-written"]

  private static let on: Set<String> = ["true", "1", "yes", "on"]
  private static let chatty: Set<String> = ["debug", "trace"]
  private static let switches: Set<String> = ["--debug", "--reload", "--inspect"]

  package static func check(_ subject: Subject) -> [Violation] {
    guard subject.environment.stage.isDeployed, let stack = subject.stack else { return [] }
    return (stack.tree["services"]?.map ?? []).flatMap { service -> [Violation] in
      let settings = (service.value["environment"]?.map ?? []).filter { entry in
        let value = (entry.value.scalarText ?? "").lowercased()
        return (entry.key.hasSuffix("DEBUG") || entry.key.hasSuffix("RELOAD")) && on.contains(value)
          || entry.key.hasSuffix("LOG_LEVEL") && chatty.contains(value)
      }.map { ($0.key, $0.keyStart.line) }
      let words = (service.value["command"]?.list ?? []).filter { word in
        switches.contains { word.scalarText?.hasPrefix($0) == true }
      }.map { ($0.scalarText ?? "", $0.start.line) }
      return (settings + words).map { what, line in
        Violation(.chatty(service.key, what), lands: stack.landing(line: line))
      }
    }
  }
}

extension String {
  fileprivate static func chatty(_ service: String, _ what: String) -> String {
    "'\(service)' would run with '\(what)' outside development"
  }
}
