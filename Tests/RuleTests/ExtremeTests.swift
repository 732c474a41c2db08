import Fixtures
import RuleSupport
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayModel
import SlipwayPipeline
import TestSupport
import Testing

/// A slip of the finger is a finding with its place, however large the number is, and never a crash
/// or a run without an end.
struct ExtremeTests {
  private static let templates = Result { try Clean.templates() }

  /// All that `slipway check` does but look at the disk.
  private func check(_ extremes: Extremes) throws -> [Finding] {
    let generation = Generator(
      project: extremes.project, lock: ImageLock(),
      inputs: EmitterInputs(templates: try Self.templates.get())
    ).generate([AnyEnvironment(extremes.environment())])
    let source = NoSourceText()
    #expect(
      TextPrinter(source: source).print(generation.findings).isEmpty
        == generation.findings.isEmpty)
    #expect(!JSONPrinter(source: source).print(generation.findings).isEmpty)
    return generation.findings.filter { $0.severity == .error }
  }

  /// An edit, and the finding that it must be.
  struct Slip: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let argument: String
    let rule: String
    let edit: @Sendable (inout Extremes) -> Void

    init(
      _ words: String, at argument: String, _ rule: String = "spec/values-are-possible",
      _ edit: @escaping @Sendable (inout Extremes) -> Void
    ) {
      testDescription = words
      self.argument = argument
      self.rule = rule
      self.edit = edit
    }
  }

  @Test func `the environment that is edited has no range that is left`() throws {
    #expect(try check(Extremes()).filter { $0.rule.hasPrefix("spec/") } == [])
  }

  @Test(arguments: [
    Slip("replicas: .max", at: "replicas") { $0.replicas = .max },
    Slip("replicas: .min", at: "replicas") { $0.replicas = .min },
    Slip("gibibytes of Int.max", at: "limit") {
      $0.limit = .cpus(1, memory: .gibibytes(.max))
    },
    Slip("processors without end", at: "limit") { $0.limit = .cpus(1e300, memory: .gibibytes(1)) },
    Slip("less than no processors", at: "reserve") {
      $0.reserve = .cpus(-1e18, memory: .gibibytes(1))
    },
    Slip("less than no memory", at: "reserve") {
      $0.reserve = .cpus(0.1, memory: .mebibytes(.min))
    },
    Slip("an edge of Int.max", at: "limit") { $0.edge = .cpus(1, memory: .kibibytes(.max)) },
    Slip("bodies without end", at: "bodyMax") { $0.bodyMax = .gibibytes(.max) },
    Slip("a server of Int.max", at: "limit") { $0.database = .cpus(1, memory: .gibibytes(.max)) },
    Slip("connections of Int.max", at: "maxConnections") { $0.maxConnections = .max },
    Slip("no connections", at: "maxConnections") { $0.maxConnections = 0 },
    Slip("a job that has no time", at: "jobs") { $0.jobTime = .zero },
    Slip("a job of less than no time", at: "jobs") { $0.jobTime = .seconds(Int.min) },
    Slip("a job without end", at: "jobs") { $0.jobTime = .days(.max) },
    Slip("a job of all memory", at: "jobs") { $0.jobLimit = .cpus(1, memory: .gibibytes(.max)) },
    Slip("a job of less than no processors", at: "jobs") {
      $0.jobLimit = .cpus(-1e18, memory: .gibibytes(1))
    },
    Slip("a job that cannot start", at: "jobs", "spec/limits-are-real") {
      $0.jobLimit = .cpus(0, memory: .gibibytes(1))
    },
    Slip("a job without memory", at: "jobs", "spec/limits-are-real") {
      $0.jobLimit = .cpus(1, memory: .mebibytes(5))
    },
    Slip("an edge that cannot start", at: "limit", "spec/limits-are-real") {
      $0.edge = .cpus(0, memory: .mebibytes(256))
    },
    Slip("a server that cannot start", at: "limit", "spec/limits-are-real") {
      $0.database = .cpus(2, memory: .mebibytes(1))
    },
    Slip("an edge that keeps more than it may use", at: "reserve", "spec/reserve-fits-the-limit") {
      $0.edge = .cpus(0.05, memory: .mebibytes(256))
    },
    Slip("a store that cannot start", at: "limit", "spec/limits-are-real") {
      $0.store = .cpus(0, memory: .mebibytes(384))
    },
    Slip("monitoring that cannot start", at: "prometheus", "spec/limits-are-real") {
      $0.monitoring = .cpus(1, memory: .mebibytes(1))
    },
    Slip(
      "monitoring that keeps more than it may use", at: "prometheus",
      "spec/reserve-fits-the-limit"
    ) { $0.monitoring = .cpus(0.1, memory: .gibibytes(1)) },
    Slip("a store without end", at: "memoryMax") { $0.memoryMax = .gibibytes(.max) },
    Slip("samples for ever", at: "keeps") { $0.keeps = .days(.max) },
    Slip("samples that are not kept", at: "keeps") { $0.keeps = .seconds(Int.min) },
    Slip("a disk without end", at: "storage") { $0.storage = .gibibytes(.max) },
    Slip("a scrape that never comes", at: "scrapesEvery") { $0.scrapesEvery = .hours(.max) },
    Slip("a scrape all the time", at: "scrapesEvery") { $0.scrapesEvery = .zero },
    Slip("an alert that waits for ever", at: "for") { $0.hold = .days(.max) },
    Slip("backups kept for ever", at: "keep") { $0.keep = .days(.max) },
    Slip("a machine without end", at: "size") { $0.node = .cpus(1, memory: .gibibytes(.max)) },
    Slip("a port above all", at: "reachedBy") { $0.sshPort = .max },
    Slip("a stop that never comes", at: "stopsWithin") { $0.stopsWithin = .hours(.max) },
    Slip("a probe that never comes", at: "health") { $0.every = .days(.max) },
    Slip("a probe that never ends", at: "health") { $0.within = .minutes(.max) },
    Slip("a start that never ends", at: "health") { $0.startingWithin = .minutes(.max) },
    Slip("a probe that is tried for ever", at: "health") { $0.retries = .max },
    Slip("a port above the last", at: "ports", "spec/ports-exist") { $0.port = .max },
    Slip("a copy at no hour", at: "at", "spec/backups-can-run") { $0.hour = .max },
    Slip("a promise without end", at: "loseAtMost", "spec/backups-can-run") {
      $0.loseAtMost = .days(.max)
    },
    Slip("a secret's version 0", at: "", "spec/secret-versions-are-in-force") {
      $0.secretVersion = .min
    },
    Slip("pools of Int.max", at: "maxConnections", "database/connections-fit-the-server") {
      $0.poolSize = .max
    },
    Slip("answers that take for ever", at: "") { $0.answersWithin = .days(.max) },
    Slip("limits without end", at: "") { $0.perMinute = .max },
    Slip("bursts without end", at: "") { $0.burst = .max },
    Slip("a waiver of no day", at: "until", "waivers/are-complete") {
      $0.until = .day(.max, .min, .max)
    },
  ])
  func `each is a finding with its place`(slip: Slip) throws {
    var extremes = Extremes()
    slip.edit(&extremes)
    let found = try check(extremes).filter { $0.rule == slip.rule }
    let finding = try #require(found.first, "\(slip)")
    #expect(finding.written.first?.file.isEmpty == false, "\(finding)")
    #expect((finding.written.first?.argument ?? "") == slip.argument, "\(finding)")
  }

  @Test func `what is refused names the value and the range`() throws {
    var extremes = Extremes()
    extremes.limit = .cpus(1, memory: .gibibytes(.max))
    let found = try check(extremes)
    #expect(
      found.map(\.message) == ["`limit` of 'backend' would be 9223372036854775807 bytes"])
    #expect(found.first?.fix == "write a value from 0 to 1 PiB")
  }
}

/// Whatever numbers stand together, the run ends with findings or files.
struct ExtremeMixTests {
  @Test func `a hundred environments of extreme numbers end, each`() throws {
    let inputs = EmitterInputs(templates: try Clean.templates())
    var random = Draws(seed: 20_261_121)
    var refused = 0
    for _ in 0..<100 {
      var extremes = Extremes()
      for _ in 0..<(1 + random.below(3)) { random.edit(&extremes) }
      let generation = Generator(project: extremes.project, lock: ImageLock(), inputs: inputs)
        .generate([AnyEnvironment(extremes.environment())])
      if generation.isRefused { refused += 1 }
      for finding in generation.findings { #expect(!finding.message.isEmpty) }
    }
    #expect(refused > 40, "most extremes are refused")
  }
}

/// Numbers that computers trip over, drawn in a fixed order.
private struct Draws {
  private var numbers: SplitMix64

  init(seed: UInt64) { numbers = SplitMix64(seed: seed) }

  mutating func below(_ count: Int) -> Int { numbers.below(count) }

  private static let integers: [Int] = [
    .min, .min + 1, -1_000_001, -1, 0, 1, 2, 3, 59, 61, 100, 101, 1_000, 65_535, 65_536, 262_143,
    1 << 20, 1 << 31, 1 << 40, 1 << 50, 1 << 50 + 1, 1 << 62, .max / 60, .max - 1, .max,
  ]
  private static let decimals: [ExactDecimal] = [
    0, 1, -1, 0.001, 1e-18, 1e-30, 1e300, -1e300, 123_456_789.123_456_789, 9_999, 10_000,
    ExactDecimal(.max), ExactDecimal(.min), ExactDecimal(.max, scale: 18),
    ExactDecimal(.max, scale: 36),
  ]

  private mutating func integer() -> Int { Self.integers[below(Self.integers.count)] }
  private mutating func decimal() -> ExactDecimal { Self.decimals[below(Self.decimals.count)] }

  private mutating func span() -> Duration {
    let number = integer()
    return [
      .seconds(number), .milliseconds(number), .nanoseconds(number), .minutes(number),
      .hours(number), .days(number), .seconds(number / 2) + .nanoseconds(1),
    ][below(7)]
  }

  private mutating func bytes() -> ByteCount {
    let number = integer()
    return [
      ByteCount(bytes: number), .kibibytes(number), .mebibytes(number), .gibibytes(number),
    ][below(4)]
  }

  private mutating func resources() -> Resources { .cpus(decimal(), memory: bytes()) }

  mutating func edit(_ extremes: inout Extremes) {
    let spans: [WritableKeyPath<Extremes, Duration>] = [
      \.stopsWithin, \.every, \.within, \.startingWithin, \.statement, \.keep, \.loseAtMost,
      \.jobTime, \.backWithin, \.scrapesEvery, \.keeps, \.hold, \.window, \.answersWithin,
      \.rotate,
    ]
    let integers: [WritableKeyPath<Extremes, Int>] = [
      \.replicas, \.port, \.retries, \.maxConnections, \.poolSize, \.hour, \.minute, \.sshPort,
      \.secretVersion, \.perMinute, \.burst, \.strength,
    ]
    switch below(5) {
    case 0: extremes[keyPath: spans[below(spans.count)]] = span()
    case 1: extremes[keyPath: integers[below(integers.count)]] = integer()
    case 2:
      let all: [WritableKeyPath<Extremes, ByteCount>] = [\.bodyMax, \.memoryMax, \.storage]
      extremes[keyPath: all[below(3)]] = bytes()
    case 3:
      let all: [WritableKeyPath<Extremes, Resources>] = [
        \.limit, \.reserve, \.edge, \.database, \.node, \.jobLimit, \.store, \.monitoring,
      ]
      extremes[keyPath: all[below(all.count)]] = resources()
    default:
      switch below(3) {
      case 0: extremes.threshold = decimal()
      case 1: extremes.value = decimal()
      default: extremes.until = .day(integer(), integer(), integer())
      }
    }
  }
}
