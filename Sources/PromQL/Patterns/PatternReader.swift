/// Reads one pattern with a stack of its own, so that nesting costs no machine stack.
struct PatternReader {
  /// Levels that Go allows, and the most that a count, or nested counts multiplied, may reach.
  private static let heightMax = 1000
  private static let repeatMax = 1000

  /// What is known of a part of the pattern.
  private struct Piece {
    var matchesEmpty: Bool
    /// The greatest product of nested counts.
    var repeats = 1
    var height = 1
  }

  /// An open group, up to where it was read.
  private struct Group {
    var anyBranchIsEmpty = false
    var branchIsEmpty = true
    var repeats = 1
    var height = 1
    /// The item that a following `*` would repeat; not yet counted in the others.
    var last: Piece?

    mutating func push(_ piece: Piece) {
      settle()
      last = piece
    }

    mutating func settle() {
      guard let piece = last else { return }
      branchIsEmpty = branchIsEmpty && piece.matchesEmpty
      repeats = max(repeats, piece.repeats)
      height = max(height, piece.height + 1)
      last = nil
    }

    mutating func endBranch() {
      settle()
      anyBranchIsEmpty = anyBranchIsEmpty || branchIsEmpty
      branchIsEmpty = true
    }
  }

  var scanner: PatternScanner
  private var groups = [Group()]
  /// True right after `*`, `+`, `?` or a count: Go does not stack them.
  private var isAfterRepeat = false

  init(_ text: String) {
    scanner = PatternScanner(text)
  }

  /// Whether the empty string matches.
  mutating func read() throws(PatternProblem) -> Bool {
    while let next = scanner.next() {
      let wasAfterRepeat = isAfterRepeat
      isAfterRepeat = false
      try read(next, wasAfterRepeat: wasAfterRepeat)
    }
    guard groups.count == 1 else { throw PatternProblem("missing closing )") }
    withGroup { $0.endBranch() }
    return groups[0].anyBranchIsEmpty
  }

  private mutating func read(
    _ next: Unicode.Scalar, wasAfterRepeat: Bool
  ) throws(PatternProblem) {
    switch next {
    case "(":
      if scanner.accept("?") { try openSpecial() } else { groups.append(Group()) }
      guard groups.count <= PatternReader.heightMax else { throw .tooDeep }
    case ")": try closeGroup()
    case "|": withGroup { $0.endBranch() }
    case "^", "$": push(matchesEmpty: true)
    case "[":
      try scanner.readClass()
      push(matchesEmpty: false)
    case "\\": try readEscape()
    case "*", "?": try repeatLast(wasAfterRepeat, matchesEmpty: true, factor: 1)
    case "+": try repeatLast(wasAfterRepeat, matchesEmpty: nil, factor: 1)
    case "{":
      guard let count = scanner.readCount() else { return push(matchesEmpty: false) }
      guard count.isValid(max: PatternReader.repeatMax) else {
        throw PatternProblem("invalid repeat count")
      }
      try repeatLast(
        wasAfterRepeat, matchesEmpty: count.minimum == 0 ? true : nil, factor: count.factor)
    default: push(matchesEmpty: false)
    }
  }

  private mutating func withGroup(_ change: (inout Group) -> Void) {
    change(&groups[groups.count - 1])
  }

  private mutating func push(matchesEmpty: Bool) {
    withGroup { $0.push(Piece(matchesEmpty: matchesEmpty)) }
  }

  private mutating func closeGroup() throws(PatternProblem) {
    guard groups.count > 1, var group = groups.popLast() else {
      throw PatternProblem("unexpected )")
    }
    group.endBranch()
    let piece = Piece(
      matchesEmpty: group.anyBranchIsEmpty, repeats: group.repeats, height: group.height + 1)
    guard piece.height <= PatternReader.heightMax else { throw .tooDeep }
    withGroup { $0.push(piece) }
  }

  /// - Parameters:
  ///   - matchesEmpty: `nil` keeps what the repeated item does.
  ///   - factor: The count; `nil` when the item cannot occur.
  private mutating func repeatLast(
    _ wasAfterRepeat: Bool, matchesEmpty: Bool?, factor: Int?
  ) throws(PatternProblem) {
    guard var piece = groups[groups.count - 1].last else {
      throw PatternProblem("missing argument to repetition operator")
    }
    _ = scanner.accept("?")
    if wasAfterRepeat { throw PatternProblem("invalid nested repetition operator") }
    piece.matchesEmpty = matchesEmpty ?? piece.matchesEmpty
    piece.repeats = factor.map { piece.repeats * $0 } ?? 1
    piece.height += 1
    guard piece.repeats <= PatternReader.repeatMax else {
      throw PatternProblem("invalid repeat count")
    }
    guard piece.height <= PatternReader.heightMax else { throw .tooDeep }
    withGroup { $0.last = piece }
    isAfterRepeat = true
  }

  /// What follows `(?`: flags, a name, or flags for a group.
  private mutating func openSpecial() throws(PatternProblem) {
    var isGroup = try scanner.readGroupName()
    if !isGroup { isGroup = try scanner.readFlags() }
    if isGroup { groups.append(Group()) }
  }

  private mutating func readEscape() throws(PatternProblem) {
    switch scanner.peek() {
    case "A", "z", "B":
      scanner.skip()
      push(matchesEmpty: true)
    case "b":
      scanner.skip()
      push(matchesEmpty: false)
    case "Q":
      scanner.skip()
      for _ in 0..<scanner.readQuoted() { push(matchesEmpty: false) }
    default:
      if try !scanner.readClassEscape() { _ = try scanner.readEscapedScalar() }
      push(matchesEmpty: false)
    }
  }
}

extension PatternProblem {
  static let tooDeep = PatternProblem("expression nests too deeply")
}
