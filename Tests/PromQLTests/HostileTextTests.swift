import Foundation
import Testing

@testable import PromQL

@Suite struct HostileTextTests {
  /// Everything that may be asked of a text: none of it may trap.
  private func exercise(_ text: String) {
    guard let tree = try? Parser.parse(text) else { return }
    let canonical = Printer.text(tree)
    #expect((try? Parser.parse(canonical)) == tree, "\(text)")
    _ = Printer.pretty(tree, columns: 10)
    _ = Inventory(tree)
  }

  @Test func `random bytes are refused or read, and never trap`() {
    var dice = Dice(seed: 7)
    for _ in 0..<15_000 {
      let bytes = (0..<dice.roll(40)).map { _ in UInt8.random(in: 0...255, using: &dice) }
      exercise(String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test func `random words of the language are refused or read, and never trap`() {
    let words = [
      "foo", "sum", "rate", "by", "on", "(", ")", "[", "]", "{", "}", ",", ":", "5m", "1", "-", "+",
      "*", "^", "/", "and", "or", "bool", "offset", "@", "start", "step", "max_of", "\"a\"", "=",
      "=~", "!~", "!=", "==", "<", "</", "#", "\n", " ", "fill", "group_left", "anchored", "0x",
      "1e", ".", "\\", "'", "`", "Inf", "info", "a:b",
    ]
    var dice = Dice(seed: 8)
    for _ in 0..<15_000 {
      let count = dice.roll(14)
      let space = dice.roll(2) == 0 ? " " : ""
      exercise((0..<count).map { _ in dice.pick(words) }.joined(separator: space))
    }
  }

  @Test func `damaged expressions are refused or read, and never trap`() {
    var dice = Dice(seed: 9)
    let texts = Accepted.byBoth + Accepted.byThree + Refused.byBoth + Refused.byThree
    for _ in 0..<15_000 {
      var bytes = Array(dice.pick(texts).utf8)
      for _ in 0...dice.roll(3) where !bytes.isEmpty {
        let index = dice.roll(bytes.count)
        switch dice.roll(4) {
        case 0: bytes.remove(at: index)
        case 1: bytes.insert(bytes[dice.roll(bytes.count)], at: index)
        case 2: bytes[index] = UInt8.random(in: 32...126, using: &dice)
        default: bytes.swapAt(index, dice.roll(bytes.count))
        }
      }
      exercise(String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test func `random patterns are refused or read, and never trap`() {
    let words = [
      "a", "(", ")", "[", "]", "{", "}", "2", ",", "|", "*", "+", "?", "\\", "^", "$", "-", ":",
      "P", "<", ">", "p", "Q", "E", "x", "0", "7", ".", "é", "[:alpha:]", "i", "Greek", "d", "b",
    ]
    var dice = Dice(seed: 10)
    for _ in 0..<15_000 {
      let pattern = (0..<dice.roll(16)).map { _ in dice.pick(words) }.joined()
      let value = StringValue(pattern)
      #expect((Pattern.problem(value) == nil) == (Pattern.matchesEmpty(value) != nil))
    }
  }

  @Test(arguments: [
    "(", "-", "foo[", "sum(", "rate(", "{", "\"", "a + ", "a ^ ", "foo[5m:", "foo offset -",
    "foo[(", "foo[-", "foo[1+", "foo[2^", "foo{a=~\"(", "[", "+(", "abs(-(",
  ])
  func `a text that never stops nesting is refused on a small stack`(_ piece: String) {
    let finished = runOnSmallStack {
      for count in [1, 100, 120, 126, 127, 128, 129, 300, 5_000, 40_000] {
        let text = String(repeating: piece, count: count)
        _ = try? Parser.parse(text)
        _ = try? Parser.parse("foo" + text)
      }
    }
    #expect(finished)
  }

  @Test func `a tree as deep as allowed is walked on a small stack`() {
    let deepest = [
      String(repeating: "(", count: 126) + "a" + String(repeating: ")", count: 126),
      String(repeating: "abs(", count: 124) + "a" + String(repeating: ")", count: 124),
      String(repeating: "-", count: 124) + "a",
      Array(repeating: "a", count: 124).joined(separator: " + "),
      Array(repeating: "a", count: 124).joined(separator: " ^ "),
      Array(repeating: "sum by (x) (-(a + ", count: 30).joined() + "a"
        + String(repeating: "))", count: 30),
      "foo[" + Array(repeating: "5m", count: 124).joined(separator: " + ") + "]",
      "foo[" + String(repeating: "-", count: 124) + "5m]",
    ]
    for text in deepest {
      let finished = runOnSmallStack {
        guard let tree = try? Parser.parse(text) else {
          Issue.record("refused: \(text.prefix(40))")
          return
        }
        let canonical = Printer.text(tree)
        #expect((try? Parser.parse(canonical)) == tree)
        _ = Printer.pretty(tree, columns: 40)
        _ = Inventory(tree)
        #expect(tree.hashValue == tree.hashValue)
      }
      #expect(finished)
    }
  }

  @Test func `a chain longer than the limit says so`() {
    let text = Array(repeating: "a", count: 300).joined(separator: " + ")
    #expect(throws: PromQLError.self) { try Parser.parse(text) }
    do {
      _ = try Parser.parse(text)
    } catch {
      #expect(error.message == "the expression is nested too deeply")
      #expect(error.expected == "at most 128 levels")
    }
  }

  @Test func `a text longer than the limit says so`() {
    let text = "foo" + String(repeating: " ", count: Limits.textBytesMax)
    do {
      _ = try Parser.parse(text)
      Issue.record("accepted")
    } catch {
      #expect(error.description == "1:1: the expression has 262147 bytes, expected at most 262144")
    }
  }

  /// Runs `body` with 1 MiB of stack, half of the least that Linux gives a thread.
  ///
  /// - Returns: Whether it came to its end.
  private func runOnSmallStack(_ body: @escaping @Sendable () -> Void) -> Bool {
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      body()
      done.signal()
    }
    thread.stackSize = 1_024 * 1_024
    thread.start()
    return done.wait(timeout: .now() + 60) == .success
  }
}
