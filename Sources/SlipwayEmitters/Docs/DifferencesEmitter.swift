import PromQL
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
package import SlipwayModel

/// Writes the page that says what differs between environments, and nothing else. (design §5)
package struct DifferencesEmitter: SharedEmitter {
  package static let name = "differences"

  package init() {}

  package func emit(
    _ environments: [ResolvedEnvironment], using inputs: EmitterInputs
  ) -> Emission {
    guard let project = environments.first?.project else { return Emission() }
    let page = DifferencesPage(project: project, environments: environments).page
    return Emission([
      Artefact(path: "generated/DIFFERENCES.md", document: .text(page.document))
    ])
  }
}

/// One table for each subject; a row stands there only if environments disagree.
struct DifferencesPage {
  /// What one environment says about something; `nil` if it does not have it.
  typealias Cell = (prose: Prose, origins: [Origin])

  let project: Project
  let environments: [ResolvedEnvironment]

  var page: Page {
    var page = Page(title: "\(project.name): what differs between environments")
    page.say(
      "A row stands here only where environments disagree; – says that one does not have it.")
    add("Environments", to: &page, subjects: overview)
    add("Services", to: &page, subjects: services)
    add("Settings", to: &page, subjects: settings)
    add("Alerts", to: &page, subjects: alerts)
    add("Secrets", to: &page, subjects: secrets)
    return page
  }

  private func add(
    _ title: Prose, to page: inout Page, subjects: [(Prose, [Cell?])]
  ) {
    page.section(title)
    let different = subjects.filter { Set($0.1.map { $0?.prose }).count > 1 }
    var table = Table(["What"] + environments.map { "\($0.name)" })
    for (subject, cells) in different {
      table.add(
        Table.Row(
          [subject] + cells.map { $0?.prose ?? "–" }, from: cells.flatMap { $0?.origins ?? [] }))
    }
    page.table(table, none: "They are the same everywhere.")
    let same = subjects.count - different.count
    if same > 0, !different.isEmpty { page.say("\(same) more are the same everywhere.") }
  }

  /// Names of something in all environments, each once, in the order in which they come.
  private func names(_ list: (ResolvedEnvironment) -> [String]) -> [String] {
    var seen: Set<String> = []
    return environments.flatMap(list).filter { seen.insert($0).inserted }
  }
}

// MARK: - Subjects

extension DifferencesPage {
  private var overview: [(Prose, [Cell?])] {
    [
      row("Stage") { ($0.stage.rawValue, [$0.origin]) },
      row("Nodes") { (String($0.nodes.count), [$0.specification.cluster.origin]) },
      row("Site") { environment in
        environment.edge.map { ($0.names.site, [$0.origin.at("names")]) }
      },
      row("API") { environment in
        environment.edge.map { ($0.names.api, [$0.origin.at("names")]) }
      },
      row("Limits on rate") { environment in
        environment.edge.map { ($0.limits ? "enforced" : "off", [$0.origin]) }
      },
      row("Certificate") { environment in
        environment.edge.map { edge in
          let isMade = edge.certificate == .selfSigned
          return (isMade ? "self-signed" : "from an authority", [edge.origin.at("certificate")])
        }
      },
      row("Delivered from branch") { environment in
        environment.specification.delivery.map { ($0.branch, [$0.origin.at("branch")]) }
      },
      row("Backups kept") { environment in
        environment.specification.backups.map { ($0.keep.readable, [$0.origin.at("keep")]) }
      },
      row("Connections of a database server") { environment in
        environment.specification.database.map {
          (String($0.maxConnections), [$0.origin.at("maxConnections")])
        }
      },
      row("Samples kept") { environment in
        let monitoring = environment.specification.monitoring
        return (monitoring.keeps.readable, [monitoring.origin.at("keeps")])
      },
    ]
  }

  private func row(
    _ title: Prose, _ value: (ResolvedEnvironment) -> (String, [Origin])?
  ) -> (Prose, [Cell?]) {
    (
      title,
      environments.map { environment in
        value(environment).map { (prose: Prose.words($0.0), origins: $0.1) }
      }
    )
  }

  private var services: [(Prose, [Cell?])] {
    names { $0.services.map(\.name) }.map { name in
      (
        .code(name),
        environments.map { environment in
          environment.service(name).map { service in
            let size = service.size
            let text =
              "\(service.replicas.times) \(size.limit.readable); free \(size.reserve.readable)"
            return (.words(text), service.written(.replicas) + service.written(.size))
          }
        }
      )
    }
  }

  private var settings: [(Prose, [Cell?])] {
    let components = ContractUse(project: project, environments: environments).components
    let read = components.map { (component: $0, keys: Set($0.keys.map(\.name))) }
    return project.contract.keys.flatMap { key -> [(Prose, [Cell?])] in
      let readers = read.filter { $0.keys.contains(key.name) }.map(\.component)
      let rows = readers.map { component in
        (
          "\(code: key.name) of \(code: component.name)" as Prose,
          environments.map { setting(key.name, of: component.name, in: $0, key.defaultText) }
        )
      }
      guard let first = rows.first else { return [] }
      // Where all components are told the same, the key stands once.
      let isShared = rows.allSatisfy { $0.1.map { $0?.prose } == first.1.map { $0?.prose } }
      return isShared ? [(.code(key.name), first.1)] : rows
    }
  }

  private func setting(
    _ key: String, of component: String, in environment: ResolvedEnvironment, _ standard: String?
  ) -> Cell? {
    guard let service = environment.service(component) else { return nil }
    if let entry = service.environment.first(where: { $0.key == key }) {
      return (.code(entry.value), entry.origins)
    }
    return standard.map { (.code($0), []) }
  }

  private var secrets: [(Prose, [Cell?])] {
    names { $0.secrets.map(\.key.name) }.map { name in
      (
        .code(name),
        environments.map { environment in
          environment.secrets.first { $0.key.name == name }.map { secret in
            let origin = environment.specification.secrets.origin
            return ("version \(secret.version)", [origin])
          }
        }
      )
    }
  }
}

// MARK: - Alerts

extension DifferencesPage {
  private var alerts: [(Prose, [Cell?])] {
    names { $0.ruleAlerts.map(\.name) }.map { name in
      let found = environments.map { environment in
        environment.ruleAlerts.first { $0.name == name }
      }
      let texts = found.map { $0?.expression.description }
      let differing = DifferingPart(texts.compactMap(\.self))
      return (
        .code(name),
        zip(found, texts).map { alert, text in
          alert.map { alert in
            let part = text.flatMap { differing.part(of: $0) }
            let hold = alert.hold == .zero ? "at once" : "for \(alert.hold.readable)"
            let words: Prose = "\(alert.level.rawValue), \(hold)"
            return (
              part.map { "\(words), \(code: $0)" } ?? words, [alert.origin]
            )
          }
        }
      )
    }
  }
}

/// The words in which texts differ, with one word before them. What they share is found once for
/// all of them: there may be a thousand.
struct DifferingPart {
  private let areSame: Bool
  /// How many words all texts share at their ends.
  private var head = 0
  private var tail = 0

  init(_ texts: [String]) {
    areSame = Set(texts).count <= 1
    guard !areSame else { return }
    let all = texts.map(Self.words)
    let shortest = all.map(\.count).min() ?? 0
    func isShared(_ word: ([Substring]) -> Substring) -> Bool {
      all.dropFirst().allSatisfy { word($0) == word(all[0]) }
    }
    while head < shortest, isShared({ $0[head] }) { head += 1 }
    while tail < shortest - head, isShared({ $0[$0.count - 1 - tail] }) { tail += 1 }
    head = max(0, head - 1)
  }

  /// `nil` if all texts are the same.
  func part(of text: String) -> String? {
    guard !areSame else { return nil }
    let middle = Self.words(text).dropFirst(head).dropLast(tail).joined(separator: " ")
    return (head > 0 ? "… " : "") + middle + (tail > 0 ? " …" : "")
  }

  private static func words(_ text: String) -> [Substring] { text.split(separator: " ") }
}

extension Replicas {
  fileprivate var times: String {
    switch self {
    case .count(let count): "\(count) ×"
    case .everyNode: "each node"
    }
  }
}
