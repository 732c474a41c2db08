import Testing

/// The direction of flow, as the package has it and as the page says it. (design §3)
struct ArchitectureTests {
  private static let package = PackageText(Repository.file("Package.swift")?.text ?? "")

  @Test func `the package is read as it is`() throws {
    let names = Self.package.targets.map(\.name)
    #expect(names.count > 20)
    #expect(Set(names).count == names.count)
    let documents = try #require(Self.package.target("SlipwayDocuments"))
    #expect(documents.modules == ["CLibYAML", "PromQL", "SlipwayDiagnostics"])
    let model = try #require(Self.package.target("SlipwayModel"))
    #expect(model.products == [])
    #expect(Self.package.target("Environments")?.path == "environments")
  }

  @Test func `the page of the architecture has every room with what it may import`() throws {
    let page = try #require(Repository.file("docs/architecture.md"))
    var rooms: [String: Set<String>] = [:]
    for line in page.lines where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map(String.init)
      guard cells.count >= 3 else { continue }
      rooms[codes(in: cells[0]).first ?? ""] = Set(codes(in: cells[cells.count - 1]))
    }
    let targets = Self.package.targets.filter { !$0.isTest && !$0.path.hasPrefix("Tests/") }
    #expect(rooms.keys.sorted() == targets.map(\.name).sorted())
    for target in targets {
      #expect(rooms[target.name] == Set(target.modules), "\(target.name)")
    }
  }

  @Test func `the generator is built of no server`() {
    let rooms = Self.package.closure(of: "slipway")
    #expect(rooms.contains("SlipwayEmitters"))
    let products = rooms.flatMap { Self.package.target($0)?.products ?? [] }
    #expect(Set(products).isSubset(of: ["ArgumentParser"]))
    let servers = ["NIO", "Hummingbird", "AsyncHTTP", "Postgres", "Redi", "Vapor"]
    for room in rooms {
      for (file, module) in imports(of: room) {
        #expect(!servers.contains { module.hasPrefix($0) }, "\(file) imports \(module)")
      }
    }
  }

  @Test func `one room starts other programs, and it knows nothing of keys or certificates`() {
    let starting = Repository.sources.filter { $0.text.contains("posix_spawn") }
    #expect(!starting.isEmpty)
    for file in starting where file.path.hasPrefix("Sources/") {
      #expect(file.path.hasPrefix("Sources/SlipwayPrograms/"), "\(file.path)")
    }
    #expect(Self.package.target("SlipwayPrograms")?.products == [])
    #expect(Self.package.closure(of: "slipway").contains("SlipwayPrograms"))
    #expect(Self.package.closure(of: "slipway-gate").contains("SlipwayPrograms"))
  }

  @Test(arguments: ["ServiceContract", "FlowrexContract", "ExporterCatalogues", "PromQL"])
  func `a contract imports nothing but its vocabulary`(room: String) throws {
    let target = try #require(Self.package.target(room))
    #expect(Set(target.modules).isSubset(of: ["ServiceContract"]))
    #expect(target.products == [])
    for (file, module) in imports(of: room) {
      #expect(target.modules.contains(module), "\(file) imports \(module)")
    }
  }

  @Test func `nobody but the generator is built of the generator`() {
    let generator = Set(
      Self.package.targets.map(\.name).filter { $0.hasPrefix("Slipway") })
    let others = Self.package.targets.filter { target in
      !target.isTest && !target.path.hasPrefix("Tests/")
        && !target.name.lowercased().hasPrefix("slipway")
        && !["Environments", "traceability"].contains(target.name)
    }
    #expect(others.contains { $0.name == "FlowrexContract" })
    for target in others {
      let used = Self.package.closure(of: target.name).intersection(generator)
      #expect(used == [], "\(target.name)")
    }
  }

  @Test func `every rule stands in the list of rules`() throws {
    let list = try #require(Repository.file("Sources/SlipwayRules/Mechanism/Rules.swift")).text
    let rules = Repository.sources.filter { file in
      file.path.hasPrefix("Sources/SlipwayRules/") && !file.path.contains("/Mechanism/")
        && file.text.contains(": Rule {")
    }
    #expect(rules.count >= 7)
    for rule in rules {
      let name = rule.name.replacing(".swift", with: "")
      #expect(list.contains("    \(name).self,"), "\(rule)")
      #expect(
        rule.text.contains("enum \(name): Rule {") || rule.text.contains("struct \(name): Rule {"))
    }
  }

  /// The modules that the files of a target import, without those of the system.
  private func imports(of room: String) -> [(String, String)] {
    guard let target = Self.package.target(room) else { return [] }
    let system: Set<String> = ["Foundation", "Glibc", "Musl", "Synchronization", "Darwin"]
    return Repository.swift.filter { $0.path.hasPrefix(target.path + "/") }.flatMap { file in
      let tokens = file.tokens.tokens
      return tokens.indices.dropLast().filter { tokens[$0].text == "import" }
        .map { (file.path, tokens[$0 + 1].text) }
        .filter { !system.contains($0.1) }
    }
  }

  private func codes(in cell: String) -> [String] {
    cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }
}
