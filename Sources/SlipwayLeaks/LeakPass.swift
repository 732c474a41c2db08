import SlipwayModel

/// One pass over one text, and over what is wrapped in it.
struct LeakPass {
  let text: Text
  let isProgram: Bool
  let denied: Set<String>
  let known: KnownValues
  /// How often text was unwrapped already.
  var depth = 0
  /// The line of the wrapping, which counts for all that is wrapped.
  var outerLine: Int?

  private(set) var leaks: [Leak] = []
  private var seen: Set<Leak> = []
  /// Where something was found, in order: a token is told once, not again as a random value.
  private var taken: [Range<Int>] = []
  private var starts: [Int] = []
  /// Where lines begin; made when the first leak asks.
  private var lines: [Int]?

  init(
    text: Text, isProgram: Bool, denied: Set<String>, known: KnownValues, depth: Int = 0,
    outerLine: Int? = nil
  ) {
    self.text = text
    self.isProgram = isProgram
    self.denied = denied
    self.known = known
    self.depth = depth
    self.outerLine = outerLine
  }

  mutating func run() {
    var found: [(Range<Int>, LeakRule, [UInt8])] = []
    known.each(in: text) { range, value in found.append((range, LeakScanner.knownValue, value)) }
    var assignments: [Int: Assignment] = [:]
    // What stands in a value gives nothing to anybody.
    var valueEnd = 0
    Self.anchors.each(in: text) { anchor, offset in
      guard anchor < Self.owners.count else {
        let mark = Assignment.marks[anchor - Self.owners.count].count
        guard offset >= valueEnd, let one = Assignment.find(text, offset, mark: mark) else {
          return
        }
        assignments[one.value.lowerBound] = one
        valueEnd = one.value.upperBound
        return
      }
      let rule = Self.owners[anchor]
      guard let range = rule.find(text, offset) else { return }
      found.append((range, rule, text.slice(range)))
    }
    for (range, rule, value) in found where !isPublished(value, range) { add(range, rule, value) }
    taken.sort { $0.lowerBound < $1.lowerBound }
    starts = taken.map(\.lowerBound)
    for (_, assignment) in assignments.sorted(by: { $0.key < $1.key }) { judge(assignment) }
    runs()
    leaks.sort { ($0.line, $0.rule, $0.fingerprint) < ($1.line, $1.rule, $1.fingerprint) }
  }

  private mutating func add(_ range: Range<Int>, _ rule: LeakRule, _ value: [UInt8]) {
    if starts.isEmpty { taken.append(range) }
    let leak = Leak(
      rule: rule.id, what: rule.what, line: line(of: range.lowerBound),
      fingerprint: String(SHA256.hex(value).prefix(8)))
    if seen.insert(leak).inserted { leaks.append(leak) }
  }

  private mutating func line(of offset: Int) -> Int {
    if let outerLine { return outerLine }
    let begins = lines ?? text.lineStarts()
    lines = begins
    return begins.lastIndex(atMost: offset) + 1
  }

  private func isTaken(_ range: Range<Int>) -> Bool {
    guard !starts.isEmpty else { return false }
    let place = starts.lastIndex(atMost: range.upperBound - 1)
    return (max(0, place - 1)...max(0, place)).contains { taken[$0].overlaps(range) }
  }

  /// A published value is told as such, whatever it looks like.
  private mutating func isPublished(_ value: [UInt8], _ range: Range<Int>) -> Bool {
    guard denied.contains(SHA256.hex(value)) else { return false }
    add(range, LeakScanner.published, value)
    return true
  }

  // MARK: Assigned values

  private mutating func judge(_ assignment: Assignment) {
    guard assignment.isLiteral || !isProgram else { return }
    let range = assignment.value
    let value = text.slice(range)
    let words = String(decoding: value, as: UTF8.self)
    guard !Assignment.isReference(words), !isTaken(range) else {
      return
    }
    if isPublished(value, range) { return }
    if Randomness.isSecret(value) || Randomness.isSecret(inBase64: value) {
      add(range, LeakScanner.assigned, value)
    }
  }

  // MARK: Long runs

  /// Published values that nobody assigns, and text that is wrapped.
  private mutating func runs() {
    guard let base = text.bytes.baseAddress, text.count >= Encoded.least else { return }
    var candidates: [Range<Int>] = []
    Self.inRun.withUnsafeBufferPointer { inRun in
      var start = 0
      var index = 0
      while index < text.count {
        if !inRun[Int(base[index])] {
          if index &- start >= Encoded.least { candidates.append(start..<index) }
          start = index &+ 1
        }
        index &+= 1
      }
      if text.count - start >= Encoded.least { candidates.append(start..<text.count) }
    }
    var done = 0
    for range in candidates where range.lowerBound >= done {
      let (end, bytes) = joined(range)
      done = end
      if bytes.filter({ $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }).count >= 3,
        isPublished(bytes, range)
      {
        continue
      }
      if depth < 2, let inner = Encoded.text(bytes) { look(into: inner, at: range) }
    }
  }

  /// `base64` breaks lines after 76 characters, and PEM after 64: what goes on is one run.
  private func joined(_ first: Range<Int>) -> (end: Int, bytes: [UInt8]) {
    var bytes = text.slice(first)
    var end = first.upperBound
    var length = first.count
    while length == 76 || length == 64, end < text.count, text[end] == 0x0A {
      let start = text.end(of: .blank, from: end + 1, atMost: 40)
      let next = text.end(of: .base64Any, from: start, atMost: 77)
      guard next > start, next - start <= first.count else { break }
      bytes += text.slice(start..<next)
      length = next - start
      end = next
    }
    return (end, bytes)
  }

  private mutating func look(into inner: [UInt8], at range: Range<Int>) {
    let line = line(of: range.lowerBound)
    let found = inner.withUnsafeBufferPointer { buffer in
      var pass = LeakPass(
        text: Text(buffer), isProgram: isProgram, denied: denied, known: known, depth: depth + 1,
        outerLine: line)
      pass.run()
      return pass.leaks
    }
    for leak in found where seen.insert(leak).inserted { leaks.append(leak) }
  }

  private static let rules = TokenRules.all + [LeakScanner.header]
  /// Whose each anchor is; the marks of names come behind them.
  private static let owners = rules.flatMap { rule in rule.anchors.map { _ in rule } }
  private static let anchors = Anchors(rules.flatMap(\.anchors) + Assignment.marks)

  private static let inRun: [Bool] = (0..<256).map { byte in
    ByteSet.base64Any.contains(UInt8(byte))
  }
}
