import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// What can be lost, what must be kept, what the machines must be like.
extension EnvironmentReadme {
  func describeSecrets(in page: inout Page) {
    page.section("Secrets")
    let origins = [specification.secrets.origin]
    page.say("Values never stand in a file of this repository. \(source)", from: origins)
    let rows = environment.secrets.map { secret in
      let readers = environment.services.filter { service in
        service.secrets.contains { $0.secret.name == secret.name }
      }
      return Table.Row(
        [
          .code(isDeployed ? environment.engineName(of: secret) : secret.name),
          .code(secret.key.name), "\(secret.version)", .codes(readers.map(\.name)),
        ], from: origins)
    }
    page.table(
      Table(["In the engine", "Secret", "Version", "Read by"], rows), none: "There are none.")
    describeDeliverySecrets(in: &page)
  }

  private var source: Prose {
    switch specification.secrets.source {
    case .vault(let path): "They come from a Vault, under \(code: path)."
    case .aws(let prefix, let region):
      "They come from AWS Secrets Manager in \(code: region), under \(code: prefix)."
    case .files(let path): "They come from files on a manager, under \(code: path)."
    case .madeUp: "They are made up on this machine by the first start, and never committed."
    }
  }

  private func describeDeliverySecrets(in page: inout Page) {
    var keys: [(SecretKey, Prose, Origin)] = []
    if case .ssh(_, _, _, let hostKey, let key, let signing) = specification.cluster.access {
      let origin = specification.cluster.origin.at("reachedBy")
      keys += [(hostKey, "pins the cluster", origin), (key, "reaches the cluster", origin)]
      keys.append((signing, "signs what is carried there", origin))
    }
    for receiver in specification.delivery?.tells ?? [] {
      keys.append((receiver.key, "tells \(receiver.prose)", receiver.origin))
    }
    guard !keys.isEmpty else { return }
    page.say("The delivery workflow reads these of the repository's own secrets:")
    let rows = keys.map { Table.Row([.code($0.0.name), $0.1], from: [$0.2]) }
    page.table(Table(["Secret", "For"], rows), none: "None.")
  }

  func describeBackups(in page: inout Page) {
    page.section("Backups")
    guard let backups = specification.backups else {
      page.say("None are taken: the data of this environment can be made again.")
      return
    }
    let origin = backups.origin
    let time = "\(backups.at.hour.twoDigits):\(backups.at.minute.twoDigits) UTC"
    let rows: [(Prose, Prose, String)] = [
      ("Taken and verified", "each day at \(time)", "at"),
      ("Kept", .words(backups.keep.readable), "keep"),
      (
        "At most lost (recovery point)", .words(backups.loseAtMost.readable), "loseAtMost"
      ),
      ("Back within (recovery time)", .words(backups.backWithin.readable), "backWithin"),
      (
        "Where to",
        "bucket \(code: backups.bucket) in \(code: backups.region), \(code: backups.endpoint)",
        "bucket"
      ),
      ("Work files on", .code(backups.node), "on"),
    ]
    page.table(
      Table(["What", "Value"], rows.map { Table.Row([$0.0, $0.1], from: [origin.at($0.2)]) }),
      none: "None.")
  }

  func describeNodes(in page: inout Page) {
    page.section("Nodes")
    let rows = environment.nodes.map { node in
      let pinned = environment.services.filter { $0.placement == .node(node.name) }
      return Table.Row(
        [
          .code(node.name), .words(node.role.rawValue), .codes(node.kinds.map(\.rawValue)),
          .words(node.size.readable), .code(node.platform), .codes(pinned.map(\.name)),
        ], from: [node.origin])
    }
    page.table(
      Table(["Node", "Role", "For", "Size", "Platform", "Only here"], rows), none: "None.")
    describeReservations(in: &page)
  }

  private func describeReservations(in page: inout Page) {
    page.say("What is kept free must fit: the engine starts no replica without its share.")
    let rows = Reservation.all(of: environment).map { reservation in
      Table.Row([
        reservation.place, "\(reservation.services)", .words(reservation.reserved.readable),
        .words(reservation.available.readable),
      ])
    }
    page.table(Table(["Where", "Services", "Kept free", "There is"], rows), none: "Nothing.")
  }

  func describeSettings(in page: inout Page) {
    page.section("Settings")
    let reference = address("generated/configuration.md")
    page.say(
      """
      What this environment states itself. All others have the default of the \
      \("reference", at: reference), or follow from the specification.
      """
    )
    let all = lastOfEach(specification.settings).map { row($0, "all that read it") }
    let own = specification.runs.flatMap { run in
      lastOfEach(run.overriding).map { row($0, "\(code: run.component.name)") }
    }
    page.table(
      Table(["Key", "Value", "Default", "For"], all + own), none: "It states nothing.")
    if let database = specification.database {
      page.say(
        "A PostgreSQL server accepts \(database.maxConnections) connections.",
        from: [database.origin.at("maxConnections")])
    }
  }

  /// Where a key is stated twice, the last place counts.
  private func lastOfEach(_ settings: [Setting]) -> [Setting] {
    settings.enumerated().filter { index, setting in
      !settings.dropFirst(index + 1).contains { $0.key == setting.key }
    }.map(\.element)
  }

  private func row(_ setting: Setting, _ readers: Prose) -> Table.Row {
    let key = environment.project.contract.keys.first { $0.name == setting.key }
    let standard: Prose = key?.defaultText.map(Prose.code) ?? "none"
    return Table.Row(
      [.code(setting.key), .code(setting.text), standard, readers],
      from: [Origin(file: setting.file, line: setting.line, argument: setting.argument)])
  }
}

/// What is kept free in one place, and what there is.
struct Reservation {
  let place: Prose
  let services: Int
  let reserved: Resources
  let available: Resources

  /// One for each node that something stands on for good, and one for each kind over whose nodes
  /// replicas are spread. (F12)
  static func all(of environment: ResolvedEnvironment) -> [Reservation] {
    let nodes = environment.nodes.compactMap { node -> Reservation? in
      let here = environment.services.filter { service in
        service.placement == .node(node.name)
          || service.replicas == .everyNode && service.placement.allows(node)
      }
      guard !here.isEmpty else { return nil }
      return Reservation(
        place: "\(code: node.name)", services: here.count,
        reserved: here.map(\.reserved).reduce(.nothing, +), available: node.size)
    }
    let kinds = NodeKind.allCases.compactMap { kind -> Reservation? in
      let spread = environment.services.filter {
        $0.placement == .kind(kind) && $0.replicas != .everyNode
      }
      guard !spread.isEmpty else { return nil }
      let sizes = environment.nodes.filter { $0.kinds.contains(kind) }.map(\.size)
      return Reservation(
        place: "spread over nodes for \(code: kind.rawValue)", services: spread.count,
        reserved: spread.map(\.reserved).reduce(.nothing, +),
        available: sizes.reduce(.nothing, +))
    }
    return nodes + kinds
  }
}

extension ResolvedService {
  fileprivate var reserved: Resources {
    if case .count(let count) = replicas { size.reserve.times(count) } else { size.reserve }
  }

}

extension Int {
  /// `02`.
  fileprivate var twoDigits: String { self < 10 ? "0\(self)" : String(self) }
}
