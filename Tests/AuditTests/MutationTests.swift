import SlipwayAudit
import SlipwayDiagnostics
import Testing

/// A bounded part of what a fuzzer does: texts of every kind, cut and changed in the same way in
/// every run. No crash, no hang, and every finding has a line that the file has.
struct MutationTests {
  /// The kinds that readers exist for, with the names under which a reader takes a text.
  static let kinds = [
    "compose.yml", "nginx.conf", "prometheus.yml", "alerts.yml", "dashboards/", "workflows/",
    "Dockerfile", ".env", ".sh", ".py",
  ]

  private static func seeds(_ kind: String) -> [(path: String, text: String)] {
    AuditRules.all.flatMap { $0.wrong + $0.right }.flatMap(\.files).filter {
      $0.path.contains(kind)
    }
  }

  @Test(arguments: kinds)
  func `changed at random no text brings its reader down`(kind: String) {
    let seeds = Self.seeds(kind)
    #expect(!seeds.isEmpty)
    var random = Numbers(state: UInt64(kind.utf8.count) &* 20_260_731)
    for round in 0..<400 {
      let seed = seeds[round % seeds.count]
      let bytes = Self.changed(Array(seed.text.utf8), &random)
      Self.expectSound(seed.path, bytes, rules: [])
    }
  }

  @Test(arguments: kinds)
  func `changed at random no text brings a rule down`(kind: String) {
    let seeds = Self.seeds(kind)
    var random = Numbers(state: UInt64(kind.utf8.count) &* 73_120_260)
    for round in 0..<40 {
      let seed = seeds[(round * 7) % seeds.count]
      Self.expectSound(
        seed.path, Self.changed(Array(seed.text.utf8), &random), rules: AuditRules.all)
    }
  }

  @Test(arguments: kinds)
  func `cut at any place no text brings its reader down`(kind: String) {
    for seed in Self.seeds(kind).prefix(6) {
      let bytes = Array(seed.text.utf8)
      for end in stride(from: 0, to: bytes.count, by: 5) {
        Self.expectSound(seed.path, Array(bytes.prefix(end)), rules: [])
      }
    }
  }

  private static func expectSound(
    _ path: String, _ bytes: [UInt8], rules: [any AuditRule.Type]
  ) {
    let report = Audit.run([AuditedFile(path: path, shown: path, bytes: bytes)], rules: rules)
    let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + 2
    let places = report.findings.compactMap { $0.lands?.line } + report.notes.map(\.spot.line)
    #expect(places.allSatisfy { $0 > 0 && $0 <= lines }, "\(path): \(bytes)")
  }

  private static let marks = Array("{}[]()<>\"'$\\|&;:#-=*!%@`, \t\r\n".utf8)

  private static func changed(_ bytes: [UInt8], _ random: inout Numbers) -> [UInt8] {
    var bytes = bytes
    for _ in 0...(random.next() % 6) where !bytes.isEmpty {
      let place = Int(random.next() % UInt64(bytes.count))
      switch random.next() % 5 {
      case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
      case 1: bytes.insert(marks[Int(random.next() % UInt64(marks.count))], at: place)
      case 2: bytes.remove(at: place)
      case 3: bytes.removeSubrange(place..<min(bytes.count, place + Int(random.next() % 30)))
      default:
        let end = min(bytes.count, place + Int(random.next() % 40))
        bytes.insert(contentsOf: bytes[place..<end], at: Int(random.next() % UInt64(bytes.count)))
      }
    }
    return bytes
  }
}

/// Numbers that are the same in every run.
private struct Numbers {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state ^ (state >> 29)) >> 11
  }
}
