import ServiceContract
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Every service of a release goes back by itself when its roll fails, and a person can put the
/// release before it back. Looks at the bytes of the stack and the scripts. (S17-HS-09, S18-HS-05)
package enum ReleasesCanGoBack: Rule {
  package static let id = "delivery/releases-can-go-back"
  package static let why = "without a way back a bad release lasts until a better one is written"
  package static let fix = "this is a defect of the generator: please report the service"
  package static let source = ["S17-HS-09", "S18-HS-05", "C-53", "S18-RBK-01"]

  package static let breakers: [Breaker] = [
    .file(
      "a roll that goes on when it fails", "docker-compose.yml",
      replacing: "        failure_action: rollback\n        monitor:",
      with: "        failure_action: continue\n        monitor:"),
    .without("no script", "scripts/rollback"),
    .file(
      "a deployment that forgets what ran before", "scripts/roll.sh",
      replacing: "write \"${state}/previous.json\"", with: "write \"${state}/other.json\""),
    .model("an image that no release record names") { environment in
      environment.edit("backend") { $0.image = .checkout(image: "shop", dockerfile: "Dockerfile") }
    },
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    guard subject.environment.stage.isDeployed, let stack = subject.stack else { return [] }
    let folder = subject.environment.folder
    let stuck = (stack.tree["services"]?.map ?? []).compactMap { service -> Violation? in
      guard service.value["deploy"]?["update_config"]?["failure_action"]?.scalarText != "rollback"
      else { return nil }
      return Violation(
        .stuck(service.key),
        lands: stack.landing("services.\(service.key).deploy", line: service.keyStart.line))
    }
    var violations = stuck + unrecorded(subject.environment)
    if subject.file("scripts/rollback")?.isExecutable != true {
      violations.append(Violation(.scriptless, lands: Landing(path: folder + "scripts/rollback")))
    }
    let remembers = subject.file("scripts/roll.sh")?.text.contains(
      #"write "${state}/previous.json""#)
    if remembers != true {
      violations.append(Violation(.forgetful, lands: Landing(path: folder + "scripts/roll.sh")))
    }
    return violations
  }

  /// What goes back is put back by digest: the record's, or the lock file's.
  private static func unrecorded(_ environment: ResolvedEnvironment) -> [Violation] {
    environment.services.compactMap { service in
      switch service.image {
      // What the lock file lacks is asked for by the gate: supply/lock-is-complete.
      case .locked, .release, .unlocked: nil
      case .checkout:
        Violation(.unrecorded(service.name), written: service.written(.image))
      }
    }
  }
}

extension String {
  fileprivate static func stuck(_ service: String) -> String {
    "'\(service)' does not go back when its roll fails"
  }
  fileprivate static func unrecorded(_ service: String) -> String {
    "no digest says which '\(service)' to go back to"
  }
  fileprivate static let scriptless = "there is no script 'scripts/rollback' that can be run"
  fileprivate static let forgetful = "a deployment does not keep the record of what ran before"
}
