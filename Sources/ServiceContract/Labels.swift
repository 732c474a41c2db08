import Synchronization

/// A closed set of values that one label may take.
public protocol LabelValue: Sendable, CaseIterable, RawRepresentable
where RawValue == String {}

/// The labels of a metric: a struct with one ``Label`` (or ``OpenLabel``) per label.
///
/// A query names a label by key path (`\.status`), so that a label the metric does not have does
/// not compile.
public protocol LabelSet: Sendable {
  init()
}

/// A label and, through `Value`, all the values it may have.
public struct Label<Value: LabelValue>: Sendable, ExpressibleByStringLiteral, LabelDeclaring {
  public let name: String
  public init(stringLiteral name: String) { self.name = name }
  public var declaration: LabelDeclaration {
    LabelDeclaration(name: name, values: Value.allCases.map(\.rawValue))
  }
}

/// A label whose values nobody can list beforehand: a device, a database, a mount point.
///
/// Only exporters that are not ours have such labels; a contract's own metrics are bounded.
public struct OpenLabel: Sendable, ExpressibleByStringLiteral, LabelDeclaring {
  public let name: String
  public init(stringLiteral name: String) { self.name = name }
  public var declaration: LabelDeclaration { LabelDeclaration(name: name, values: nil) }
}

/// What a checker needs to know of a label.
public struct LabelDeclaration: Hashable, Sendable {
  public let name: String
  /// All values it may have, or `nil` when the set is open.
  public let values: [String]?

  public init(name: String, values: [String]?) {
    self.name = name
    self.values = values
  }
}

/// A label of any kind.
public protocol LabelDeclaring {
  var declaration: LabelDeclaration { get }
}

/// A metric with one series.
public struct Unlabelled: LabelSet {
  public init() {}
}

extension LabelSet {
  /// The labels in the order in which the struct declares them.
  public static var declarations: [LabelDeclaration] {
    // Most metrics of exporters have no labels, and reflection is slow.
    guard MemoryLayout<Self>.size > 0 else { return [] }
    return ReflectedLabels.of(Self.self) {
      // Reflection, so that the struct itself is the only list of labels there is.
      Mirror(reflecting: Self()).children.compactMap {
        ($0.value as? any LabelDeclaring)?.declaration
      }
    }
  }
}

/// The labels of a family: stated, or those of a set.
enum DeclaredLabels: Hashable, Sendable {
  case stated([LabelDeclaration])
  case set(any LabelSet.Type)

  var labels: [LabelDeclaration] {
    switch self {
    case .stated(let labels): labels
    case .set(let set): set.declarations
    }
  }

  static func == (left: Self, right: Self) -> Bool { left.labels == right.labels }

  func hash(into hasher: inout Hasher) { hasher.combine(labels) }
}

/// What reflection said about each set, once in a process.
private enum ReflectedLabels {
  private static let known = Mutex<[ObjectIdentifier: [LabelDeclaration]]>([:])

  static func of(
    _ set: any LabelSet.Type, _ reflect: () -> [LabelDeclaration]
  ) -> [LabelDeclaration] {
    let key = ObjectIdentifier(set)
    if let found = known.withLock({ $0[key] }) { return found }
    // Not under the lock: two threads that meet here find the same.
    let labels = reflect()
    known.withLock { $0[key] = labels }
    return labels
  }
}
