import PromQL
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// A runbook, and the alerts of all environments that lead to it.
struct RunbookUse {
  /// An alert as one environment has it.
  struct Lead {
    let environment: ResolvedEnvironment
    let alert: RuleAlert
    let expression: String

    init(environment: ResolvedEnvironment, alert: RuleAlert) {
      self.environment = environment
      self.alert = alert
      expression = alert.expression.description
    }
  }

  let runbook: Runbook
  let leads: [Lead]
  /// Each alert once: the most severe first, then by name.
  let alertNames: [String]

  init(runbook: Runbook, leads: [Lead]) {
    self.runbook = runbook
    self.leads = leads
    alertNames = Self.names(of: leads)
  }

  /// All runbooks, in the order of their names.
  static func all(of environments: [ResolvedEnvironment]) -> [RunbookUse] {
    let leads = environments.flatMap { environment in
      environment.ruleAlerts.map { Lead(environment: environment, alert: $0) }
    }
    var books: [String: Runbook] = [:]
    for runbook in environments.flatMap(\.runbooks) where books[runbook.name] == nil {
      books[runbook.name] = runbook
    }
    return books.keys.sorted().compactMap { name in
      books[name].map { runbook in
        RunbookUse(runbook: runbook, leads: leads.filter { $0.alert.runbook.name == name })
      }
    }
  }

  private static func names(of leads: [Lead]) -> [String] {
    var names: [String] = []
    for level in RuleAlert.Level.allCases {
      let here = leads.filter { $0.alert.level == level }.map(\.alert.name)
      for name in Set(here).sorted() where !names.contains(name) { names.append(name) }
    }
    return names
  }
}

// MARK: - The page

extension RunbookUse {
  var page: Page {
    var page = Page(title: .words(runbook.name))
    page.say(.note(runbook.meaning), from: [runbook.origin.at("meaning")])
    page.section("First steps")
    let origin = runbook.origin.at("firstSteps")
    page.steps(runbook.firstSteps.map { Page.Item(.note($0), from: [origin]) })
    page.section("Alerts that lead here")
    for name in alertNames { describe(name, in: &page) }
    page.section("Where to look")
    page.bullets(links)
    return page
  }

  private func describe(_ name: String, in page: inout Page) {
    let same = leads.filter { $0.alert.name == name }
    page.section(.words(name), level: 3)
    let rows = same.map { lead in
      Table.Row(
        [
          .code(lead.environment.name), .words(lead.alert.level.rawValue),
          .words(lead.alert.hold == .zero ? "at once" : lead.alert.hold.readable),
          .note(lead.alert.summary),
        ], from: [lead.alert.origin])
    }
    page.table(
      Table(["Environment", "Severity", "Holds for", "What is wrong"], rows), none: "None.")
    var expressions: [String] = []
    for lead in same where !expressions.contains(lead.expression) {
      expressions.append(lead.expression)
    }
    for expression in expressions {
      let here = same.filter { $0.expression == expression }
      if expressions.count > 1 {
        page.say("In \(Prose.enumeration(here.map { .code($0.environment.name) })):")
      }
      page.code("promql", [TextLine(expression, from: here.map(\.alert.origin))])
    }
  }

  private var links: [Page.Item] {
    var seen: Set<String> = []
    let environments = leads.map(\.environment).filter { seen.insert($0.name).inserted }
    var items = environments.map { environment in
      Page.Item(
        "\(environment.name, at: "../\(environment.name)/README.md"): what runs where.",
        from: [environment.origin])
    }
    items += dashboards(of: environments)
    items.append(Page.Item("\("All runbooks", at: "README.md")."))
    return items
  }

  /// The dashboards on which a bound of these alerts is drawn; they are files of each environment.
  private func dashboards(of environments: [ResolvedEnvironment]) -> [Page.Item] {
    let names = Set(alertNames)
    var items: [Page.Item] = []
    var seen: Set<String> = []
    for environment in environments {
      for dashboard in environment.specification.watches.dashboards {
        let panels = dashboard.panels.filter { $0.marks.map { names.contains($0.name) } == true }
        guard !panels.isEmpty, seen.insert(dashboard.name).inserted else { continue }
        let titles = Prose.enumeration(panels.map { "“\($0.title)”" })
        items.append(
          Page.Item(
            "Dashboard \(code: dashboard.title): \(titles).", from: [dashboard.origin]))
      }
    }
    return items
  }
}

// MARK: - Commands

/// The commands that pages name: a page that asks for a script which nobody has costs the minutes
/// that matter.
enum RunbookCommands {
  /// The names after `scripts/` in a text.
  static func names(in text: String) -> [String] {
    let folder = Array("scripts/".utf8)
    var names: [String] = []
    text.withBytes { bytes in
      for start in bytes.indices
      where bytes[start] == folder[0] && bytes[start...].starts(with: folder) {
        let rest = bytes[(start + folder.count)...]
        let name = String(decoding: rest.prefix(while: isPartOfName), as: UTF8.self)
        if !name.isEmpty, !names.contains(name) { names.append(name) }
      }
    }
    return names
  }

  private static func isPartOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  static func findings(in runbook: Runbook, _ inputs: EmitterInputs) -> [Finding] {
    unknown(in: runbook.firstSteps.joined(separator: "\n"), inputs).map { name in
      finding(name, "runbook '\(runbook.name)'", written: [runbook.origin.at("firstSteps")])
    }
  }

  static func findings(in text: String, of template: String, _ inputs: EmitterInputs) -> [Finding] {
    unknown(in: text, inputs).map { name in
      finding(name, "template '\(template)'", lands: Landing(path: "templates/\(template)"))
    }
  }

  private static func unknown(in text: String, _ inputs: EmitterInputs) -> [String] {
    names(in: text).filter { inputs.templates["scripts/\($0)"] == nil }
  }

  private static func finding(
    _ name: String, _ place: String, written: [Origin] = [], lands: Landing? = nil
  ) -> Finding {
    Finding(
      rule: "runbooks/name-scripts-that-exist",
      message: "\(place) asks for 'scripts/\(name)', which does not exist",
      written: written, label: "asked for here", lands: lands,
      why: "whoever follows the page stands there without the command, when minutes matter",
      fix: "name a script of templates/scripts/, or write that one")
  }
}
