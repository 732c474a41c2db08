import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
package import SlipwayModel

/// Writes what people read when something is wrong: one page for each runbook that an alert leads
/// to, and the standing pages. (S18-INC-05, S04-DOC-03, S04-DOC-04)
package struct RunbooksEmitter: SharedEmitter {
  package static let name = "runbooks"
  static let folder = "generated/runbooks/"

  package init() {}

  package func emit(
    _ environments: [ResolvedEnvironment], using inputs: EmitterInputs
  ) -> Emission {
    guard let project = environments.first?.project else { return Emission() }
    let books = RunbookUse.all(of: environments)
    let standing = StandingPages(project: project, environments: environments, books: books)
    let pages = standing.all
    var emission = Emission()
    for book in books {
      emission.artefacts.append(
        Artefact(
          path: Self.folder + "\(book.runbook.name).md", document: .text(book.page.document)))
    }
    emission.add(standing.emit(pages, using: inputs))
    let index = RunbookIndex(books: books, standing: emission.written(of: pages))
    emission.artefacts.append(
      Artefact(path: Self.folder + "README.md", document: .text(index.page.document)))
    emission.findings += conflicts(environments, with: pages)
    emission.findings += books.flatMap { RunbookCommands.findings(in: $0.runbook, inputs) }
    return emission
  }

  /// A page of one name that environments describe differently, or that hides a standing page.
  private func conflicts(
    _ environments: [ResolvedEnvironment], with standing: [StandingPage]
  ) -> [Finding] {
    let taken = Set(standing.map(\.name) + ["README"])
    var seen: [Runbook] = []
    var findings: [Finding] = []
    for runbook in environments.flatMap(\.runbooks) {
      guard let first = seen.first(where: { $0.name == runbook.name }) else {
        seen.append(runbook)
        if taken.contains(runbook.name) { findings.append(reserved(runbook)) }
        continue
      }
      let isSame = first.meaning == runbook.meaning && first.firstSteps == runbook.firstSteps
      guard !isSame, first.origin != runbook.origin else { continue }
      findings.append(
        Finding(
          rule: "runbooks/say-one-thing",
          message: "runbook '\(runbook.name)' is written twice, and differently",
          written: [runbook.origin, first.origin], label: "written again",
          why: "a name is one page: whoever is woken up would read the steps of something else",
          fix: "give one of them another name, or write it once"))
    }
    return findings
  }

  private func reserved(_ runbook: Runbook) -> Finding {
    Finding(
      rule: "runbooks/say-one-thing",
      message: "runbook '\(runbook.name)' has the name of a page that is there for everybody",
      written: [runbook.origin], label: "named here",
      why: "one of the two pages would replace the other", fix: "give it another name")
  }
}

extension Emission {
  /// The standing pages that could be written.
  fileprivate func written(of pages: [StandingPage]) -> [StandingPage] {
    pages.filter { page in
      artefacts.contains { $0.path == RunbooksEmitter.folder + "\(page.name).md" }
    }
  }
}

/// The page that lists all others.
struct RunbookIndex {
  let books: [RunbookUse]
  let standing: [StandingPage]

  var page: Page {
    var page = Page(title: "Runbooks")
    page.say("Each alert links to its page here.")
    let rows = books.map { book in
      Table.Row(
        [
          "\(book.runbook.name, at: "\(book.runbook.name).md")", .note(book.runbook.meaning),
          .codes(book.alertNames),
        ], from: [book.runbook.origin])
    }
    page.table(Table(["Page", "What is wrong", "Alerts"], rows), none: "No alert has one.")
    guard !standing.isEmpty else { return page }
    page.section("What always holds")
    page.table(
      Table(
        ["Page", "What it is for"],
        standing.map { Table.Row(["\($0.name, at: "\($0.name).md")", .words($0.purpose)]) }),
      none: "None.")
    return page
  }
}
