/// `+` and `-` in front of an expression. They bind like `*`: `-a ^ b` is `-(a ^ b)`.
package enum UnaryOperator: String, Hashable, Sendable, CaseIterable {
  /// `+`
  case plus = "+"
  /// `-`
  case minus = "-"
}

/// An operator between two expressions.
package enum BinaryOperator: String, Hashable, Sendable, CaseIterable {
  /// `+`
  case add = "+"
  /// `-`
  case subtract = "-"
  /// `*`
  case multiply = "*"
  /// `/`
  case divide = "/"
  /// `%`
  case modulo = "%"
  /// `^`, right associative
  case power = "^"
  /// `atan2`
  case atan2
  /// `==`
  case equal = "=="
  /// `!=`
  case notEqual = "!="
  /// `<`
  case less = "<"
  /// `<=`
  case lessOrEqual = "<="
  /// `>`
  case greater = ">"
  /// `>=`
  case greaterOrEqual = ">="
  /// `</`: drops the part of a native histogram above a bound
  case trimUpper = "</"
  /// `>/`: drops the part of a native histogram below a bound
  case trimLower = ">/"
  /// `and`
  case and
  /// `or`
  case or
  /// `unless`
  case unless

  /// How tightly it binds, from 1 (`or`) to 6 (`^`).
  package var precedence: Int {
    switch self {
    case .or: 1
    case .and, .unless: 2
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .trimUpper,
      .trimLower:
      3
    case .add, .subtract: 4
    case .multiply, .divide, .modulo, .atan2: 5
    case .power: 6
    }
  }

  /// True for `^`: `a ^ b ^ c` is `a ^ (b ^ c)`.
  package var isRightAssociative: Bool { self == .power }

  /// True for `==`, `!=`, `<`, `<=`, `>`, `>=`: the only ones that take `bool`.
  package var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
    default: false
    }
  }

  /// True for `and`, `or`, `unless`: between instant vectors only.
  package var isSet: Bool {
    switch self {
    case .and, .or, .unless: true
    default: false
    }
  }
}

/// A label's name with the place where it was written.
package struct LabelName: Hashable, Sendable {
  /// The name, without quotes.
  package var text: String
  /// Where it was written.
  package var place: Place

  /// A label's name.
  package init(_ text: String, place: Place = .none) {
    self.text = text
    self.place = place
  }
}

extension LabelName: ExpressibleByStringLiteral {
  /// A name from a Swift literal.
  package init(stringLiteral value: String) {
    self.init(value)
  }
}

/// Which labels decide whether two series belong together.
package enum MatchLabels: Hashable, Sendable {
  /// `on (…)`: these only.
  case on([LabelName])
  /// `ignoring (…)`: all but these.
  case ignoring([LabelName])

  /// The names in parentheses.
  package var names: [LabelName] {
    switch self {
    case .on(let names), .ignoring(let names): names
    }
  }
}

/// Which side may have many series for one of the other.
package enum MatchGroup: Hashable, Sendable {
  /// `group_left (…)`: many on the left; these labels are copied from the right.
  case left([LabelName])
  /// `group_right (…)`: many on the right; these labels are copied from the left.
  case right([LabelName])

  /// The labels copied from the side that has one.
  package var included: [LabelName] {
    switch self {
    case .left(let names), .right(let names): names
    }
  }
}

/// How the series of two instant vectors are paired.
package struct VectorMatching: Hashable, Sendable {
  /// `on` or `ignoring`; `nil` pairs by all labels.
  package var labels: MatchLabels?
  /// `group_left` or `group_right`; needs `labels`.
  package var group: MatchGroup?
  /// The value of a missing left side (`fill_left`, `fill`); experimental.
  package var fillLeft: SignedNumber?
  /// The value of a missing right side (`fill_right`, `fill`); experimental.
  package var fillRight: SignedNumber?

  /// One to one by all labels, unless said otherwise.
  package init(
    _ labels: MatchLabels? = nil, group: MatchGroup? = nil, fillLeft: SignedNumber? = nil,
    fillRight: SignedNumber? = nil
  ) {
    self.labels = labels
    self.group = group
    self.fillLeft = fillLeft
    self.fillRight = fillRight
  }

  /// Pairs by these labels only.
  package static func on(_ names: [LabelName], group: MatchGroup? = nil) -> VectorMatching {
    VectorMatching(.on(names), group: group)
  }

  /// Pairs by all labels but these.
  package static func ignoring(_ names: [LabelName], group: MatchGroup? = nil) -> VectorMatching {
    VectorMatching(.ignoring(names), group: group)
  }

  /// Pairs by all labels.
  package static let allLabels = VectorMatching()
}

/// `left op right`.
package struct BinaryExpression: Hashable, Sendable {
  /// The operator.
  package var operation: BinaryOperator
  /// The left side.
  package var left: Expression
  /// The right side.
  package var right: Expression
  /// `bool`: a comparison answers 0 or 1 and drops nothing.
  package var returnsBool: Bool
  /// How series are paired.
  package var matching: VectorMatching
  /// Where the operator itself was written.
  package var operatorPlace: Place

  /// `left op right`, all labels paired unless `matching` says otherwise.
  package init(
    _ left: Expression, _ operation: BinaryOperator, _ right: Expression,
    returnsBool: Bool = false, matching: VectorMatching = .allLabels,
    operatorPlace: Place = .none
  ) {
    self.left = left
    self.operation = operation
    self.right = right
    self.returnsBool = returnsBool
    self.matching = matching
    self.operatorPlace = operatorPlace
  }
}
