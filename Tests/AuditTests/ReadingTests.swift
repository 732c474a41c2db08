import Foundation
import SlipwayAudit
import SlipwayDiagnostics
import TestSupport
import Testing

/// The list of rules, and how files are put together.
struct ReadingTests {
  @Test func `every rule in the folder stands in the list`() throws {
    let folder = packageRoot + "/Sources/SlipwayAudit/Rules"
    let root = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    var rules: Set<String> = []
    for name in names where name.hasSuffix(".swift") {
      let text = try String(contentsOfFile: root + "/" + name, encoding: .utf8)
      if text.contains(": AuditRule {") {
        rules.insert(URL(fileURLWithPath: name).deletingPathExtension().lastPathComponent)
      }
    }
    #expect(rules == Set(AuditRules.all.map { String(describing: $0) }))
    #expect(rules.count > 100)
  }

  @Test func `the same files have the same report whatever their order`() {
    let fixtures: [Fixture] = AuditRules.all.prefix(40).flatMap { $0.wrong }
    var files: [AuditedFile] = []
    for (number, fixture) in fixtures.enumerated() {
      for file in fixture.files {
        let path = "\(number)/\(file.path)"
        files.append(AuditedFile(path: path, shown: path, bytes: Array(file.text.utf8)))
      }
    }
    let one = Audit.run(files)
    let other = Audit.run(files.reversed())
    #expect(one.findings == other.findings)
    #expect(one.notes == other.notes)
    #expect(one.findings.count > 40)
  }

  @Test func `a configuration belongs to the Compose file of its own folder`() {
    func file(_ path: String, _ text: String) -> AuditedFile {
      AuditedFile(path: path, shown: path, bytes: Array(text.utf8))
    }
    let asked = "scrape_configs: [{job_name: j, static_configs: [{targets: ['api:80']}]}]"
    let report = Audit.run([
      file("one/compose.yml", "services: {api: {image: 'a/b:1.2.3'}}"),
      file("two/compose.yml", "services: {web: {image: 'a/b:1.2.3'}}"),
      file("one/prometheus.yml", asked), file("two/prometheus.yml", asked),
    ])
    let places = report.findings.filter { $0.rule == "references/targets-are-services" }
      .compactMap(\.lands?.path)
    #expect(places == ["two/prometheus.yml"])
  }

  @Test(arguments: [
    ("if true; then a; fi\nb | c && d\n", ["true", "a", "b", "c", "d"]),
    ("for i in $(seq 3); do run \"$i\"; done\n", ["seq", "for", "run"]),
    ("cat <<EOF\nnot a command\nEOF\nlast\n", ["cat", "last"]),
    ("f() {\n  inner \\\n    --flag\n}\nf\n", ["inner", "f"]),
    ("case $1 in\n  a) one ;;\n  *) two ;;\nesac\n", ["case", "one", "two"]),
    ("X=1 env Y=2 sudo tool --a\n", ["tool"]),
  ])
  func `shell is read into its commands`(text: String, names: [String]) {
    #expect(ShellCommands.names(in: text) == names)
  }
}
