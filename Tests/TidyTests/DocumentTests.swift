import Testing

/// What the pages for people promise is there.
struct DocumentTests {
  @Test func `every path that the recipes name exists`() throws {
    let readme = try #require(Repository.file("README.md"))
    var count = 0
    for line in readme.lines where line.hasPrefix("| ") {
      for code in codes(in: line) where isPath(code) {
        let known = Repository.written.contains { $0.path.hasSuffix("/" + code) }
        #expect(Repository.exists(code) || known, "README.md names '\(code)'")
        count += 1
      }
    }
    #expect(count >= 10)
  }

  @Test func `the recipes are those that were promised`() throws {
    let readme = try #require(Repository.file("README.md")).text.lowercased()
    for recipe in [
      "replicas", "add an alert", "add a secret", "add an environment", "add a rule",
      "add an emitter",
    ] {
      #expect(readme.contains(recipe), "\(recipe)")
    }
    for command in ["make generate", "make test"] { #expect(readme.contains(command)) }
  }

  @Test func `every link of a page leads to a file`() {
    let pages = Repository.written.filter { file in
      file.name.hasSuffix(".md") && !file.path.hasPrefix("templates/")
    }
    #expect(pages.count >= 8)
    for page in pages {
      for link in links(in: page.text) where !link.contains("://") && !link.hasPrefix("#") {
        let folder = page.path.split(separator: "/").dropLast().joined(separator: "/")
        let path = String(link.prefix { $0 != "#" })
        let target = folder.isEmpty ? path : "\(folder)/\(path)"
        #expect(Repository.exists(target), "\(page) links to '\(link)'")
      }
    }
  }

  @Test func `every decision says problem, choice, refusal and proof, in this order`() {
    let pages = Repository.written.filter { $0.path.hasPrefix("docs/decisions/") }
    #expect(pages.count >= 8)
    for page in pages {
      let parts = ["Problem", "Choice", "What it refuses", "How we will know"]
      var rest = Substring(page.text)
      for part in parts {
        let place = rest.firstRange(of: "## \(part)\n") ?? rest.firstRange(of: "**\(part).**")
        #expect(place != nil, "\(page) does not say: \(part)")
        if let place { rest = rest[place.upperBound...] }
      }
      #expect(Int(page.name.prefix(4)) != nil, "\(page)")
      #expect(page.lines.count <= 80, "\(page) is longer than a page")
    }
  }

  @Test func `no two decisions have one number`() {
    let numbers = Repository.written.filter { $0.path.hasPrefix("docs/decisions/") }
      .map { String($0.name.prefix(4)) }
    #expect(Set(numbers).count == numbers.count)
  }

  @Test func `the exit statuses of the page are those of the command`() throws {
    let readme = try #require(Repository.file("README.md")).text
    let terminal = try #require(Repository.file("Sources/SlipwayCommand/Terminal.swift")).text
    for (name, code, words) in [
      ("clean", 0, "clean"), ("refused", 1, "refused"), ("usage", 2, "usage"),
      ("drift", 3, "drift"), ("disk", 4, "could not read or write"),
    ] {
      #expect(terminal.contains("case \(name) = \(code)"))
      #expect(readme.contains("\(code) \(words)"))
    }
  }

  private func isPath(_ code: String) -> Bool {
    let isPlain = code.allSatisfy { $0.isLetter || $0.isNumber || "./-_".contains($0) }
    return isPlain && (code.hasSuffix("/") || code.hasSuffix(".swift") || code.hasSuffix(".json"))
  }

  private func codes(in line: Substring) -> [String] {
    line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }

  private func links(in text: String) -> [String] {
    text.split(separator: "](").dropFirst().compactMap { rest in
      rest.firstIndex(of: ")").map { String(rest[..<$0]) }
    }
  }
}
