package import PromQL
public import ServiceContract

/// A number that a condition compares with: written, or following from the environment.
public struct Bound<U: Unit>: Sendable {
  package let value: BoundValue

  /// The number itself.
  public static func exactly(_ number: U) -> Self { .init(value: .number(number.number)) }
}

package indirect enum BoundValue: Sendable, Hashable {
  case number(ExactDecimal)
  case memoryLimit(component: String, share: ExactDecimal)
  case cpuLimit(component: String, share: ExactDecimal)
  case replicas(component: String)
  /// A whole number that a key holds, times a share.
  case setting(key: String, share: ExactDecimal)
}

extension Bound<ByteCount> {
  /// A share of what one replica of a component may use. (C-59)
  public static func memoryLimit(of component: Component, times share: Ratio) -> Self {
    .init(value: .memoryLimit(component: component.name, share: share.number))
  }
}

extension Bound<Cores> {
  /// A share of what one replica of a component may use. (C-59)
  public static func cpuLimit(of component: Component, times share: Ratio) -> Self {
    .init(value: .cpuLimit(component: component.name, share: share.number))
  }
}

extension Bound<Count> {
  /// How many replicas the environment declares.
  public static func replicas(of component: Component) -> Self {
    .init(value: .replicas(component: component.name))
  }

  /// A share of the number that a key holds. (C-27, C-28)
  public static func setting(_ key: Key<Int>, times share: Ratio = .percent(100)) -> Self {
    .init(value: .setting(key: key.name, share: share.number))
  }
}

/// What must hold for an alert to fire.
public struct Condition: Sendable {
  package indirect enum Node: Sendable {
    case comparison(PromQL.Expression, BinaryOperator, BoundValue)
    case both(Node, Node, VectorMatching)
    case either(Node, Node)
    case absent(VectorSelector)
    case always
  }
  package let node: Node

  /// Both hold, for the same labels.
  public static func && (left: Self, right: Self) -> Self {
    .init(node: .both(left.node, right.node, .allLabels))
  }

  /// Both hold; labels do not matter.
  public func and(atTheSameTime other: Self) -> Self {
    .init(node: .both(node, other.node, .on([])))
  }

  /// One of them holds.
  public static func || (left: Self, right: Self) -> Self {
    .init(node: .either(left.node, right.node))
  }

  /// Always: the heartbeat of the alerting chain itself. (C-69)
  public static let always = Condition(node: .always)

  /// Nothing exports the series.
  public static func absent<L, S>(_ selection: Selection<L, S>) -> Self {
    .init(node: .absent(selection.selector()))
  }
}

extension Query {
  public static func > (left: Self, right: U) -> Condition {
    left.compared(.greater, .number(right.number))
  }
  public static func >= (left: Self, right: U) -> Condition {
    left.compared(.greaterOrEqual, .number(right.number))
  }
  public static func < (left: Self, right: U) -> Condition {
    left.compared(.less, .number(right.number))
  }
  public static func <= (left: Self, right: U) -> Condition {
    left.compared(.lessOrEqual, .number(right.number))
  }
  public static func == (left: Self, right: U) -> Condition {
    left.compared(.equal, .number(right.number))
  }

  /// Above a bound that follows from the environment.
  public func isAbove(_ bound: Bound<U>) -> Condition { compared(.greater, bound.value) }

  /// Below a bound that follows from the environment.
  public func isBelow(_ bound: Bound<U>) -> Condition { compared(.less, bound.value) }

  private func compared(_ operation: BinaryOperator, _ bound: BoundValue) -> Condition {
    Condition(node: .comparison(expression, operation, bound))
  }
}
