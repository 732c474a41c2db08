import Fixtures
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayEmitters
import SlipwayModel
import TestSupport
import Testing

/// What is true of every page.
struct PagesTests {
  @Test(arguments: Specimen.allCases)
  func `every link leads to a file that is generated, and to a heading of it`(
    specimen: Specimen
  ) throws {
    let documented = try specimen.documented
    let paths = documented.paths
    var count = 0
    for (path, text) in documented.markdown {
      for link in MarkdownText(text).links where !link.hasPrefix("https://") {
        let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let target = parts[0].isEmpty ? path : resolve(String(parts[0]), from: path)
        #expect(paths.contains(target), "\(path) links to \(link)")
        if parts.count == 2 {
          let headings = MarkdownText(documented.pages[target] ?? "").headings
          let anchors = headings.map { anchor(of: $0.title) }
          #expect(anchors.contains(String(parts[1])), "\(path) links to \(link)")
        }
        count += 1
      }
    }
    #expect(count > 50)
  }

  @Test(arguments: Specimen.allCases)
  func `every row has as many cells as its table has columns`(specimen: Specimen) throws {
    for (path, text) in try specimen.documented.markdown {
      let page = MarkdownText(text)
      for table in page.tables {
        #expect(table.count > 1, "\(path): a table without rows")
        for row in table { #expect(row.count == table.first?.count, "\(path): \(row)") }
      }
    }
  }

  @Test(arguments: Specimen.allCases)
  func `a page has one title, and no heading skips a level`(specimen: Specimen) throws {
    for (path, text) in try specimen.documented.markdown {
      let levels = MarkdownText(text).headings.map(\.level)
      #expect(levels.first == 1, "\(path)")
      #expect(levels.filter { $0 == 1 }.count == 1, "\(path)")
      for (above, below) in zip(levels, levels.dropFirst()) {
        #expect(below <= above + 1, "\(path)")
      }
    }
  }

  @Test(arguments: Specimen.allCases)
  func `headings of a page differ, so that each has an address`(specimen: Specimen) throws {
    for (path, text) in try specimen.documented.markdown {
      let anchors = MarkdownText(text).headings.map { anchor(of: $0.title) }
      #expect(Set(anchors).count == anchors.count, "\(path): \(anchors)")
    }
  }

  @Test(arguments: Specimen.allCases)
  func `nothing of this machine and no blank at a line's end is in a page`(
    specimen: Specimen
  ) throws {
    for (path, text) in try specimen.documented.pages {
      #expect(!text.contains(packageRoot), "\(path)")
      for line in text.split(separator: "\n") { #expect(line.last != " ", "\(path): \(line)") }
      #expect(!text.contains("{{"), "\(path)")
    }
  }

  @Test(arguments: Specimen.allCases)
  func `the same environments give the same bytes`(specimen: Specimen) throws {
    let environments = specimen == .shop ? try Specimen.shop() : try Specimen.own()
    let again = try Documented(environments, try Specimen.inputs())
    #expect(try specimen.documented.pages == again.pages)
  }

  @Test func `lines of a page know which line of the specification made them`() throws {
    let documented = try Specimen.own.documented
    let artefact = try #require(
      documented.artefacts.first { $0.path == "generated/prod/README.md" })
    guard case .text(let document) = artefact.document else {
      Issue.record("the page is no text")
      return
    }
    let row = try #require(document.lines.first { $0.text.hasPrefix("| `backend` |") })
    #expect(row.origins.contains { $0.argument == "replicas" })
    let known = document.lines.filter { $0.text.hasPrefix("|") && !$0.origins.isEmpty }
    #expect(known.count > 100)
  }

  /// `../prod/README.md` as seen from a page.
  private func resolve(_ link: String, from path: String) -> String {
    var parts = path.split(separator: "/").dropLast().map(String.init)
    for step in link.split(separator: "/") {
      if step == ".." { parts.removeLast() } else { parts.append(String(step)) }
    }
    return parts.joined(separator: "/")
  }

  private func anchor(of title: String) -> String {
    String(
      title.lowercased().compactMap { character in
        if character == " " { return "-" }
        return character.isLetter || character.isNumber || "-_".contains(character)
          ? character : nil
      })
  }
}
