@testable import PromQL

/// Random numbers that are the same in every run: SplitMix64.
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func roll(_ sides: Int) -> Int { Int.random(in: 0..<sides, using: &self) }

  mutating func pick<Item>(_ items: [Item]) -> Item { items[roll(items.count)] }
}

/// Random trees of every kind that Prometheus 3 would run.
struct ExpressionGenerator {
  private var dice: Dice

  init(seed: UInt64) {
    dice = Dice(seed: seed)
  }

  mutating func expression(depth: Int) -> Expression {
    switch dice.roll(12) {
    case 0: expression(.string, depth: depth)
    case 1: expression(.matrix, depth: depth)
    case 2, 3: expression(.scalar, depth: depth)
    default: expression(.vector, depth: depth)
    }
  }

  private mutating func expression(_ type: ValueType, depth: Int) -> Expression {
    switch type {
    case .string: Expression(.string(StringValue(bytes: dice.pick(Words.strings))))
    case .scalar: scalar(depth)
    case .vector: vector(depth)
    case .matrix: matrix(depth)
    }
  }

  private mutating func scalar(_ depth: Int) -> Expression {
    guard depth > 0 else { return .number(literal(Words.numbers)) }
    switch dice.roll(5) {
    case 0: return Expression(.unary(dice.pick(UnaryOperator.allCases), scalar(depth - 1)))
    case 1:
      let operation = dice.pick(BinaryOperator.allCases.filter { !$0.isSet })
      let matching: VectorMatching = dice.roll(8) == 0 ? .on([]) : .allLabels
      return .binary(
        scalar(depth - 1), operation, scalar(depth - 1), bool: operation.isComparison,
        matching: matching)
    case 2: return call(returning: .scalar, depth)
    default: return .number(literal(Words.numbers))
    }
  }

  private mutating func vector(_ depth: Int) -> Expression {
    guard depth > 0 else { return .selector(selector()) }
    switch dice.roll(10) {
    case 0: return Expression(.unary(dice.pick(UnaryOperator.allCases), vector(depth - 1)))
    case 1, 2, 3: return binary(depth)
    case 4, 5: return aggregation(depth)
    case 6, 7: return call(returning: .vector, depth)
    default: return .selector(selector())
    }
  }

  private mutating func matrix(_ depth: Int) -> Expression {
    if depth == 0 || dice.roll(2) == 0 {
      return .matrix(selector(), over: range())
    }
    var range = range()
    while !range.hasLiteral { range = self.range() }
    return .subquery(
      vector(depth - 1), over: range, every: dice.roll(2) == 0 ? nil : self.range(),
      modifiers: modifiers())
  }

  private mutating func call(returning type: ValueType, _ depth: Int) -> Expression {
    let function = dice.pick(Function.allCases.filter { $0.signature.result == type })
    let signature = function.signature
    let count = Int.random(
      in: signature.minimum...(signature.maximum ?? signature.minimum + 3), using: &dice)
    let arguments = (0..<count).map { index in
      if function == .info && index == 1 {
        return Expression.selector(VectorSelector(metric: nil, matchers: matchers(dice.roll(3))))
      }
      return expression(signature.parameter(at: index) ?? .scalar, depth: depth - 1)
    }
    return Expression(.call(Call(function, arguments)))
  }

  private mutating func aggregation(_ depth: Int) -> Expression {
    let aggregator = dice.pick(Aggregator.allCases)
    let grouping: Grouping? =
      switch dice.roll(4) {
      case 0: .by(labels())
      case 1: .without(labels())
      default: nil
      }
    let parameter = aggregator.parameter.map { expression($0, depth: depth / 2) }
    return .aggregate(aggregator, vector(depth - 1), grouping, parameter: parameter)
  }

  private mutating func binary(_ depth: Int) -> Expression {
    let operation = dice.pick(BinaryOperator.allCases)
    if !operation.isSet && dice.roll(3) == 0 {
      let sides = [vector(depth - 1), scalar(depth - 1)].shuffled(using: &dice)
      return .binary(
        sides[0], operation, sides[1], bool: operation.isComparison && dice.roll(2) == 0)
    }
    return .binary(
      vector(depth - 1), operation, vector(depth - 1),
      bool: operation.isComparison && dice.roll(2) == 0, matching: matching(for: operation))
  }

  private mutating func matching(for operation: BinaryOperator) -> VectorMatching {
    var matching = VectorMatching()
    let names = labels()
    switch dice.roll(3) {
    case 0: matching.labels = .on(names)
    case 1: matching.labels = .ignoring(names)
    default: break
    }
    guard !operation.isSet else { return matching }
    if matching.labels != nil, dice.roll(2) == 0 {
      let included = labels().filter { !names.contains($0) }
      matching.group = dice.roll(2) == 0 ? .left(included) : .right(included)
    }
    if dice.roll(6) == 0 { matching.fillLeft = signedNumber() }
    if dice.roll(6) == 0 { matching.fillRight = signedNumber() }
    return matching
  }

  private mutating func labels() -> [LabelName] {
    (0..<dice.roll(3)).map { _ in LabelName(dice.pick(Words.labels)) }
  }

  private mutating func selector() -> VectorSelector {
    let hasName = dice.roll(4) > 0
    var selector = VectorSelector(
      metric: hasName ? dice.pick(Words.metrics) : nil, matchers: matchers(dice.roll(3)),
      modifiers: modifiers(), edges: dice.roll(10) == 0 ? dice.pick(RangeExtension.allCases) : nil)
    if !hasName { selector.matchers.append(.equal("always", "set")) }
    return selector
  }

  private mutating func matchers(_ count: Int) -> [Matcher] {
    (0..<count).map { _ in
      let operation = dice.pick(MatchOperation.allCases)
      let isPattern = operation == .matches || operation == .doesNotMatch
      let value =
        isPattern
        ? StringValue(dice.pick(Words.patterns)) : StringValue(bytes: dice.pick(Words.strings))
      return Matcher(dice.pick(Words.labels), operation, value)
    }
  }

  private mutating func modifiers() -> TimeModifiers {
    var modifiers = TimeModifiers()
    if dice.roll(4) == 0 { modifiers.offset = duration(depth: 2) }
    switch dice.roll(10) {
    case 0: modifiers.instant = .timestamp(SignedNumber(literal(Words.finite), isNegative: true))
    case 1: modifiers.instant = .timestamp(SignedNumber(literal(Words.finite)))
    case 2: modifiers.instant = .start
    case 3: modifiers.instant = .end
    default: break
    }
    return modifiers
  }

  private mutating func range() -> DurationExpression {
    let range = dice.roll(3) == 0 ? duration(depth: 3) : .literal(literal(Words.finite))
    return (range.signedLiteral ?? 1) > 0 ? range : .seconds(300)
  }

  private mutating func duration(depth: Int) -> DurationExpression {
    guard depth > 0 else { return .literal(literal(Words.finite)) }
    switch dice.roll(10) {
    case 0: return DurationExpression(.step)
    case 1: return DurationExpression(.range)
    case 2: return DurationExpression(.negated(duration(depth: depth - 1)))
    case 3, 4, 5:
      let operation = dice.pick(DurationOperator.allCases)
      return DurationExpression(
        .arithmetic(duration(depth: depth - 1), operation, duration(depth: depth - 1)))
    case 6:
      return DurationExpression(.smaller(duration(depth: depth - 1), duration(depth: depth - 1)))
    case 7:
      return DurationExpression(.larger(duration(depth: depth - 1), duration(depth: depth - 1)))
    default: return .literal(literal(Words.finite))
    }
  }

  private mutating func signedNumber() -> SignedNumber {
    SignedNumber(literal(Words.numbers), isNegative: dice.roll(2) == 0)
  }

  private mutating func literal(_ texts: [String]) -> NumberLiteral {
    NumberLiteral(dice.pick(texts)) ?? NumberLiteral(1)
  }
}

/// The words that random trees are made of.
enum Words {
  static let finite = [
    "5m", "1h30m", "30s", "300", "0.5", "1e2", "1y2w", "7ms", "0x1F", "010", "1_000",
  ]
  static let numbers = finite + ["Inf", "NaN", "0", "0.950", "1e308", "5.", "0s"]
  static let metrics = [
    "foo", "http_requests_total", "job:rate:5m", ":a", "sum", "by", "offset", "on", "bool", "inf",
    "fill", "start", "max_of", "http.requests", "été", "a b", "step", "group_left", "atan2",
  ]
  static let labels = [
    "a", "job", "le", "__name", "on", "by", "without", "inf", "nan", "fill", "service.name", "é",
    "a:b", "x y", "sum", "start", "and", "\"",
  ]
  static let strings: [[UInt8]] = [
    [], Array("a".utf8), Array("it's \"x\" \\ `y`".utf8), Array("é☺😀\u{FFFD}\u{200B}".utf8),
    Array("line\nline\r\t\u{0}\u{7}\u{7f}".utf8), [0xFF, 0xC3, 0x28, 0x41], [0xED, 0xA0, 0x80],
  ]
  static let patterns = ["", ".*", ".+", "a|b", "5..", "(?i:x)y*", "[^a-z]\\d{2,3}", "\\Qa.b\\E"]
}

extension DurationExpression {
  /// True when a number stands anywhere in it: a colon may only follow one.
  var hasLiteral: Bool {
    switch node {
    case .literal: true
    case .step, .range: false
    case .negated(let inner): inner.hasLiteral
    case .arithmetic(let left, _, let right), .smaller(let left, let right),
      .larger(let left, let right):
      left.hasLiteral || right.hasLiteral
    }
  }
}
