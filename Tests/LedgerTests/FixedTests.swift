import Ledger
import Testing

/// Numbers are exact, and where they cannot be they say so. (S04-TRD-09)
struct FixedTests {
  @Test(arguments: [
    ("0", "0"), ("-0", "0"), ("1", "1"), ("-12.50", "-12.5"), ("0.1", "0.1"),
    ("0.00000001", "0.00000001"), ("-0.00000001", "-0.00000001"), ("007", "7"),
    ("92233720368.54775807", "92233720368.54775807"),
    ("-92233720368.54775807", "-92233720368.54775807"),
  ])
  func `a text is read and written exactly`(text: String, written: String) throws {
    let number = try Amount(text: text)
    #expect(number.description == written)
    #expect(try Amount(text: number.description) == number)
  }

  @Test(arguments: [
    "", "-", ".", "1.", ".5", "+1", " 1", "1 ", "1e3", "1,5", "--1", "1.2.3", "٣", "0x1", "nan",
  ])
  func `a text that is no number is refused`(text: String) {
    #expect(throws: NumberFault.notANumber(kind: "amount", text: text)) {
      try Amount(text: text)
    }
  }

  @Test func `the faults of a text say what is wrong`() {
    #expect(
      NumberFault.notANumber(kind: "price", text: "1e3").description
        == "'1e3' is no price: write it like -12.50")
    #expect(
      sentence { _ = try Price(text: "1.123456789") }
        == "the price '1.123456789' has 9 digits behind the point; 8 are kept")
    #expect(
      sentence { _ = try Quantity(text: "92233720368.54775808") }
        == "the quantity '92233720368.54775808' is beyond 92233720368.54775807")
    #expect(
      sentence { _ = try Proportion(text: "100000000000000000000000") }
        == "the proportion '100000000000000000000000' is beyond 92233720368.54775807")
  }

  @Test func `text keeps the digits that are asked for, and all that there are`() {
    #expect(Amount(5).text(behindPoint: 2) == "5.00")
    #expect(Amount(-1, .eight).text(behindPoint: 2) == "-0.00000001")
    #expect(Amount(250_000).text(in: .usd) == "250000.00 USD")
    #expect(Amount(3).text(in: .jpy) == "3 JPY")
  }

  @Test func `a sum beyond the range is an error and no other number`() throws {
    #expect(throws: ArithmeticFault.overflow) { try Amount.largest.adding(.smallestStep) }
    #expect(throws: ArithmeticFault.overflow) { try (-Amount.largest).subtracting(.smallestStep) }
    #expect(throws: ArithmeticFault.overflow) { try Amount.largest.times(2) }
    #expect(throws: ArithmeticFault.overflow) { try Amount.largest.times(Price(2), .down) }
    #expect(throws: ArithmeticFault.overflow) {
      try Amount.largest.divided(by: Price(1, .eight), .down)
    }
    #expect(throws: ArithmeticFault.overflow) { try Amount(units: .min) }
    #expect(try Amount.largest.adding(-.largest) == .zero)
    #expect(
      ArithmeticFault.overflow.description == "the result is beyond 92233720368.54775807")
  }

  @Test func `nothing is divided by zero`() {
    #expect(throws: ArithmeticFault.divisionByZero) { try Amount(1).divided(by: Price(0), .down) }
    #expect(ArithmeticFault.divisionByZero.description == "nothing can be divided by zero")
  }

  /// 7 and -7 quarters, 6 and 10 quarters (halves with an odd and an even neighbour).
  @Test(arguments: [
    (Rounding.down, [1, -2, 1, -2, 2, -3]), (.up, [2, -1, 2, -1, 3, -2]),
    (.towardsZero, [1, -1, 1, -1, 2, -2]), (.awayFromZero, [2, -2, 2, -2, 3, -3]),
    (.halfEven, [2, -2, 2, -2, 2, -2]), (.halfAwayFromZero, [2, -2, 2, -2, 3, -3]),
  ])
  func `a rounding does what its name says`(rounding: Rounding, expected: [Int]) throws {
    let quarters: [Int128] = [7, -7, 6, -6, 10, -10]
    for (dividend, result) in zip(quarters, expected) {
      #expect(try divide(dividend, by: 4, rounding) == Int128(result))
      #expect(try divide(-dividend, by: -4, rounding) == Int128(result))
      // The same with numbers of more than 64 bits.
      let large = Int128(1) << 90
      #expect(try divide(dividend * large, by: 4 * large, rounding) == Int128(result))
      #expect(try divide(dividend * large, by: -4 * large, rounding) == -rounding.mirrored(result))
    }
  }

  @Test func `refused rounding lets exact quotients through`() throws {
    #expect(try divide(12, by: 4, .refused) == 3)
    #expect(throws: ArithmeticFault.inexact) { try divide(13, by: 4, .refused) }
    #expect(
      ArithmeticFault.inexact.description
        == "the result has more than 8 digits behind the point")
  }

  @Test func `a tenth and two tenths are three tenths`() throws {
    #expect(try Amount(1, .one).adding(Amount(2, .one)) == Amount(3, .one))
    #expect(try Amount(1).divided(by: Price(3), .halfEven).description == "0.33333333")
    #expect(try Amount(2).divided(by: Price(3), .halfEven).description == "0.66666667")
    #expect(try Amount(100).share(Quantity(1), of: Quantity(3), .up).description == "33.33333334")
    #expect(try Amount(12_345, .four).rounded(to: Amount(1, .two), .halfEven) == Amount(123, .two))
  }
}

extension Rounding {
  /// What the opposite number is rounded to, from what the number itself is rounded to: quarters
  /// of the table, where down and up change places.
  fileprivate func mirrored(_ result: Int) -> Int128 {
    switch self {
    case .down: Int128(result + 1)
    case .up: Int128(result - 1)
    default: Int128(result)
    }
  }
}
