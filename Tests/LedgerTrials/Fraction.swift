/// A fraction of whole numbers of any size: nothing is ever rounded but where ``decimal(_:)`` says.
struct Fraction {
  let top: Whole
  /// Above zero.
  let bottom: Whole

  init(_ top: Whole, _ bottom: Whole = Whole(1)) {
    self.top = bottom.isNegative ? -top : top
    self.bottom = bottom.magnitude
  }

  init(_ value: Int) { self.init(Whole(value)) }

  /// Reads `-12.5`, digit by digit.
  init(_ text: String) {
    var top = Whole(0)
    var places: Int?
    for character in text {
      switch character {
      case "-": break
      case ".": places = 0
      default:
        top = top * Whole(10) + Whole(character.wholeNumberValue ?? 0)
        places = places.map { $0 + 1 }
      }
    }
    self.init(text.hasPrefix("-") ? -top : top, Whole.power(ofTen: places ?? 0))
  }

  static func + (left: Fraction, right: Fraction) -> Fraction {
    left.bottom == right.bottom
      ? Fraction(left.top + right.top, left.bottom)
      : Fraction(left.top * right.bottom + right.top * left.bottom, left.bottom * right.bottom)
  }

  static prefix func - (value: Fraction) -> Fraction { Fraction(-value.top, value.bottom) }
  static func - (left: Fraction, right: Fraction) -> Fraction { left + -right }
  static func * (left: Fraction, right: Fraction) -> Fraction {
    Fraction(left.top * right.top, left.bottom * right.bottom)
  }
  static func / (left: Fraction, right: Fraction) -> Fraction {
    Fraction(left.top * right.bottom, left.bottom * right.top)
  }

  static func == (left: Fraction, right: Fraction) -> Bool {
    (left.top * right.bottom) == (right.top * left.bottom)
  }

  static func < (left: Fraction, right: Fraction) -> Bool {
    left.top * right.bottom < right.top * left.bottom
  }

  var isZero: Bool { top.isZero }
  var isNegative: Bool { top.isNegative }
  var magnitude: Fraction { Fraction(top.magnitude, bottom) }

  enum Direction { case nearestEven, down, up }

  /// Cut to hundred-millionths.
  func decimal(_ direction: Direction) -> Fraction {
    let (quotient, rest) = (top * Self.scale).divided(by: bottom)
    let twice = rest + rest
    let goesUp =
      switch direction {
      case .down: false
      case .up: !rest.isZero
      case .nearestEven: bottom < twice || twice == bottom && quotient.isOdd
      }
    return Fraction(goesUp ? quotient + Whole(1) : quotient, Self.scale)
  }

  private static let scale = Whole.power(ofTen: 8)
}
