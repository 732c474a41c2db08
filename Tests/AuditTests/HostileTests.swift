import SlipwayAudit
import SlipwayDiagnostics
import TestSupport
import Testing

/// Files from anywhere: no crash, no hang, one clear finding, and the rest is still checked.
struct HostileTests {
  private static func run(_ files: KeyValuePairs<String, String>) -> AuditReport {
    run(files.map { Named($0.key, $0.value) })
  }

  private static func run(
    _ files: [Named], rules: [any AuditRule.Type] = AuditRules.all
  ) -> AuditReport {
    Audit.run(
      files.map { AuditedFile(path: $0.path, shown: $0.path, bytes: Array($0.text.utf8)) },
      rules: rules)
  }

  struct Named: Sendable {
    let path: String
    let text: String

    init(_ path: String, _ text: String) {
      self.path = path
      self.text = text
    }
  }

  /// Files that are long: a report of tests names the first and does not print them.
  struct Long: Sendable, CustomTestStringConvertible {
    let files: [Named]
    var testDescription: String { files[0].path }
  }

  private static let loose = "services:\n  web:\n    image: a/b:latest\n"

  @Test func `a file of a known kind that cannot be read is one finding, and the rest is checked`()
  {
    let report = Self.run([
      "compose.yml": "services:\n  web: {image: 'a/b:latest'}\n",
      "nginx/nginx.conf": "http {\n  server {\n",
      "other.yml": "a: [1\nb: 2\n",
    ])
    let broken = report.findings.filter { $0.rule == "files/can-be-read" }
    #expect(broken.map { $0.lands?.path } == ["nginx/nginx.conf", "other.yml"])
    #expect(
      broken.first?.message == "the file cannot be read: expected '}', found the end")
    #expect(report.findings.contains { $0.rule == "images/images-are-pinned" })
  }

  @Test(arguments: [
    "services:\r\n  web:\r\n    image: a/b:latest\r\n",
    "\u{FEFF}services:\n  web:\n    image: a/b:latest\n",
    "x-base: &base\n  image: a/b:latest\nservices:\n  web:\n    <<: *base\n",
    "services: {web: {image: 'a/b:latest', networks: null, ports: 7, environment: [[]]}}",
  ])
  func `line ends, marks, anchors and wrong types do not hide a finding`(text: String) {
    let report = Self.run(["compose.yml": text])
    #expect(report.findings.contains { $0.rule == "images/images-are-pinned" })
  }

  @Test func `a key that stands twice and a bomb of aliases are findings`() {
    var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let below = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      bomb += "a\(level): &a\(level) [\(below)]\n"
    }
    let report = Self.run(["twice.yml": "a: 1\na: 2\n", "bomb.yml": bomb])
    #expect(report.findings.map(\.rule) == ["files/can-be-read", "files/can-be-read"])
  }

  @Test func `bytes that are no text are findings or notes`() {
    let bytes: [UInt8] = [0xFF, 0xFE, 0x00, 0x80, 0x0A, 0xC3]
    for path in ["compose.yml", "nginx/nginx.conf", "Dockerfile", ".env", "a.sh", "x.bin"] {
      let report = Audit.run([AuditedFile(path: path, shown: path, bytes: bytes)])
      #expect(report.findings.count + report.notes.count + report.understood > 0, "\(path)")
    }
  }

  @Test func `what is not understood is told with its place`() {
    let report = Self.run([
      "compose.yml": "services:\n  web:\n    image: a/b:1.2.3\n    frobnicate: 1\n",
      "letter.txt": "hello\n",
    ])
    #expect(
      report.notes.map { "\($0.spot.path):\($0.spot.line): \($0.message)" } == [
        "compose.yml:4: 'frobnicate' of service 'web'",
        "letter.txt:1: this file (.txt): nothing here reads this kind",
      ])
  }

  @Test(arguments: [
    "a.yml", "x.json", "nginx/nginx.conf", "Dockerfile", ".env", "a.sh", "rules.yml",
  ])
  func `nothing that nests without end brings the reading down`(path: String) {
    let count = 10_000
    for (open, close) in [
      ("[", "]"), ("{", "}"), ("(", ")"), ("$(", ")"), ("`", "`"), ("{a: ", "}"),
    ] {
      let nest = String(repeating: open, count: count)
      for text in [nest, nest + String(repeating: close, count: count), "a: " + nest] {
        let report = Self.run(
          [Named(path, text), Named("compose.yml", Self.loose)],
          rules: AuditRules.all.filter { $0.id == "images/images-are-pinned" })
        #expect(report.findings.contains { $0.rule == "images/images-are-pinned" }, "\(path)")
      }
    }
    for step in ["( a\n", "if a; then\n"] {
      let text = String(repeating: step, count: count)
      #expect(Self.run([Named(path, text)], rules: []).findings.count < 2)
    }
  }

  @Test func `an include that leads back to itself is one finding, and the rest is checked`() {
    let report = Self.run([
      "nginx/nginx.conf": "events {}\nhttp {\n  include conf.d/*.conf;\n}\n",
      "nginx/conf.d/shop.conf": "server { listen 80; }\ninclude nginx.conf;\n",
      "compose.yml": Self.loose,
    ])
    let found = report.findings.filter { $0.rule == "edge/includes-end" }
    #expect(found.map { $0.lands?.path } == ["nginx/conf.d/shop.conf"])
    #expect(
      found.first?.message == "the file includes itself by way of nginx/nginx.conf")
    #expect(report.findings.contains { $0.rule == "images/images-are-pinned" })
  }

  @Test func `what the system keeps back is one finding, and the rest is checked`() {
    let report = Audit.run([
      AuditedFile(
        path: "locked/", shown: "x/locked", bytes: nil,
        problem: .unreadable("'x/locked' cannot be read: Permission denied")),
      AuditedFile(
        path: "big.yml", shown: "x/big.yml", bytes: nil,
        problem: .tooLarge(bytes: 1_073_741_824, most: 16_777_216)),
      AuditedFile(
        path: "dump.sql", shown: "x/dump.sql", bytes: nil,
        problem: .tooLarge(bytes: 1_073_741_824, most: 16_777_216)),
      AuditedFile(path: "compose.yml", shown: "x/compose.yml", bytes: Array(Self.loose.utf8)),
    ])
    let broken = report.findings.filter { $0.rule == "files/can-be-read" }
    #expect(
      broken.map(\.message) == [
        "the file is too large: 1073741824 bytes are more than the 16777216 that are read",
        "'x/locked' cannot be read: Permission denied",
      ])
    #expect(
      report.notes.map { "\($0.spot.path): \($0.message)" } == [
        "x/dump.sql: 1073741824 bytes are more than the 16777216 that are read"
      ])
    #expect(report.findings.contains { $0.rule == "images/images-are-pinned" })
  }

  /// What takes the square of a file's length takes many minutes for these, and days for the
  /// largest that is read.
  @Test(
    .timeLimit(.minutes(5)),
    arguments: [
      Long(files: [
        Named(
          "app.py",
          "TrustedHostMiddleware\n" + String(repeating: "allowed_hosts=[", count: 20_000)),
        Named("compose.yml", loose),
      ]),
      Long(files: [
        Named(
          "compose.yml",
          loose.replacing(":latest", with: ":1") + "    command: '"
            + String(repeating: "address=", count: 40_000) + "'\n"),
        Named("prometheus.yml", "scrape_configs: [{static_configs: [{targets: ['web:80']}]}]\n"),
      ]),
      Long(files: [
        Named(
          "Dockerfile",
          "FROM alpine\n" + String(repeating: "RUN apt-get install -y curl\n", count: 20_000))
      ]),
    ])
  func `a long file takes as long as it has lines, not the square of it`(long: Long) {
    #expect(Self.run(long.files).findings.count > 1)
  }

  @Test(arguments: [
    ("compose.yml", "services:\n\tweb:\n\t\timage: a/b\n", 2),
    ("compose.yml", "services:\n  web: &w {image: 'a/b:1.2.3'}\n  api: *x\n", 3),
    ("prometheus.yml", "scrape_configs: []\nscrape_configs: []\n", 2),
  ])
  func `what YAML does not allow is told with its line`(path: String, text: String, line: Int) {
    let broken = Self.run([Named(path, text)]).findings.filter { $0.rule == "files/can-be-read" }
    #expect(broken.map { $0.lands?.line } == [line])
  }
}
