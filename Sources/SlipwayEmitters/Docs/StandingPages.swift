import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// A page that holds whatever fires.
struct StandingPage {
  let name: String
  let purpose: String
  let holes: [String: Template.Value]

  var template: String { "playbooks/\(name).md" }
}

/// The pages from `templates/playbooks/`: what people do together, and when. They are for
/// environments that people depend on; a developer's machine needs none.
/// (S18-INC-01 … 14, S18-EMG-01 … 06, S18-24H-01 … 08, S03-OPS-01 … 08, S04-RBK-01 … 10)
struct StandingPages {
  let project: Project
  let environments: [ResolvedEnvironment]
  let books: [RunbookUse]

  private var deployed: [ResolvedEnvironment] { environments.filter(\.stage.isDeployed) }

  var all: [StandingPage] {
    guard !deployed.isEmpty else { return [] }
    return [incidents, emergency, rollback, routines, firstDay] + database
  }

  func emit(_ pages: [StandingPage], using inputs: EmitterInputs) -> Emission {
    var emission = Emission()
    for page in pages {
      switch inputs.render(page.template, page.holes) {
      case .failure(let failure): emission.findings += failure.findings
      case .success(let text):
        emission.findings += RunbookCommands.findings(in: text, of: page.template, inputs)
        emission.artefacts.append(
          Artefact(
            path: RunbooksEmitter.folder + "\(page.name).md",
            document: .text(TextDocument(text, comments: .markup, from: origins))))
      }
    }
    return emission
  }

  private var origins: [Origin] { [project.origin] + deployed.map(\.origin) }
}

// MARK: - The pages

extension StandingPages {
  private var incidents: StandingPage {
    StandingPage(
      name: "incidents", purpose: "How bad it is, who does what, in which order",
      holes: [
        "PROJECT": text("\(project.name)"), "RUNBOOKS": runbooks,
        "HAS_DATABASE": .flag(deployed.contains { $0.specification.database != nil }),
        "DATABASE_USER": .text(project.contract.name),
        "HAS_ORDERS": .flag(!project.contract.caps.isEmpty),
        "HAS_STREAMS": .flag(routes.contains { $0.method == .webSocket }),
        "ENVIRONMENTS": places, "HAS_EDGE": .flag(hasEdge),
      ])
  }

  private var emergency: StandingPage {
    StandingPage(
      name: "emergency", purpose: "Stopping everything at once, and starting again",
      holes: [
        "PROJECT": text("\(project.name)"), "ROUTES": administration,
        "HAS_ROUTES": .flag(routes.contains { $0.auth == .admin }),
        "HAS_CAPS": .flag(!project.contract.caps.isEmpty), "CAPS": caps,
        "ENVIRONMENTS": places, "HAS_EDGE": .flag(hasEdge),
      ])
  }

  private var rollback: StandingPage {
    StandingPage(
      name: "rollback", purpose: "Going back to a release that was good",
      holes: [
        "PROJECT": text("\(project.name)"), "ENVIRONMENTS": places,
        "HAS_BACKUPS": .flag(!backedUp.isEmpty), "BACKUPS": backups,
        "HAS_EDGE": .flag(hasEdge),
      ])
  }

  /// Only where there is one.
  private var database: [StandingPage] {
    let values = deployed.compactMap(\.specification.database)
    guard !values.isEmpty else { return [] }
    return [
      StandingPage(
        name: "database", purpose: "A lost primary, a new copy, a moment of the past",
        holes: [
          "ENVIRONMENTS": places, "PRIMARY": .text(PartName.primary),
          "HAS_REPLICAS": .flag(values.contains { !$0.replicas.isEmpty }),
          "HAS_BACKUPS": .flag(!backedUp.isEmpty),
        ])
    ]
  }

  private var routines: StandingPage {
    StandingPage(
      name: "routines", purpose: "What is looked at each day, week and month",
      holes: [
        "PROJECT": text("\(project.name)"), "ENVIRONMENTS": places, "DASHBOARDS": dashboards,
        "HAS_BACKUPS": .flag(!backedUp.isEmpty), "SECRETS": secrets,
        "HAS_CERTIFICATES": .flag(hasCertificates),
        "HAS_CACHE": .flag(deployed.contains { $0.specification.redis != nil }),
      ])
  }

  private var firstDay: StandingPage {
    StandingPage(
      name: "first-24-hours", purpose: "What is watched after a release, and who signs",
      holes: [
        "PROJECT": text("\(project.name)"), "DASHBOARDS": dashboards, "ENVIRONMENTS": places,
        "HAS_BACKUPS": .flag(!backedUp.isEmpty), "HAS_CERTIFICATES": .flag(hasCertificates),
        "HAS_ORDERS": .flag(!project.contract.caps.isEmpty),
        "HAS_DATABASE": .flag(deployed.contains { $0.specification.database != nil }),
      ])
  }
}

// MARK: - What fills the holes

extension StandingPages {
  private var routes: [Route] { project.contract.routes }
  private var backedUp: [ResolvedEnvironment] {
    deployed.filter { $0.specification.backups != nil }
  }
  private var hasEdge: Bool { deployed.contains { $0.edge != nil } }
  private var hasCertificates: Bool {
    deployed.contains { environment in
      if case .acme? = environment.edge?.certificate { true } else { false }
    }
  }

  private func text(_ prose: Prose) -> Template.Value { .text(prose.text()) }
  private func cell(_ prose: Prose) -> Template.Value { .text(prose.text(in: .cell)) }

  private var places: Template.Value {
    .list(
      deployed.map { environment in
        [
          "NAME": cell("\(environment.name, at: "../\(environment.name)/README.md")"),
          "FOLDER": .text(environment.folder), "STAGE": cell(.words(environment.stage.rawValue)),
        ]
      })
  }

  private var runbooks: Template.Value {
    .list(
      books.map { book in
        [
          "PAGE": cell("\(book.runbook.name, at: "\(book.runbook.name).md")"),
          "MEANING": cell(.note(book.runbook.meaning)),
        ]
      })
  }

  /// What administrators may ask of the service; its own emergency stop is among it.
  private var administration: Template.Value {
    let rows = routes.filter { $0.auth == .admin }.map { route in
      Table.Row([.code("\(route.method.rawValue) \(route.path)"), .note(route.summary)])
    }
    return .text(Table(["Request", "What it does"], rows).text)
  }

  private var caps: Template.Value {
    let rows = project.contract.caps.map { cap in
      Table.Row([.code(cap.name), .words(cap.limit), .note(cap.help)])
    }
    return .text(Table(["Cap", "Limit", "Of what"], rows).text)
  }

  private var backups: Template.Value {
    let rows = backedUp.compactMap { environment in
      environment.specification.backups.map { backups in
        Table.Row([
          .code(environment.name), .words(backups.loseAtMost.readable),
          .words(backups.backWithin.readable), .words(backups.keep.readable),
        ])
      }
    }
    return .text(Table(["Environment", "At most lost", "Back within", "Copies kept"], rows).text)
  }

  private var dashboards: Template.Value {
    var titles: [String] = []
    for dashboard in deployed.flatMap(\.specification.watches.dashboards)
    where !titles.contains(dashboard.title) {
      titles.append(dashboard.title)
    }
    return .text(titles.map { "- " + Prose.words($0).text() }.joined(separator: "\n"))
  }

  /// Secrets by the age at which they are replaced, the youngest first.
  private var secrets: Template.Value {
    let reference = ContractUse(project: project, environments: environments)
    let ages = Set(reference.secrets.map(\.rotateAfter)).sorted()
    let rows = ages.map { age in
      let names = reference.secrets.filter { $0.rotateAfter == age }.map(\.name)
      return Table.Row([.words(age.readable), .codes(names)])
    }
    return .text(Table(["Replaced after", "Secrets"], rows).text)
  }
}
