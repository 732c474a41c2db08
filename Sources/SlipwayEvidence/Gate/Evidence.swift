/// Something that was seen: what, of which commit, when, and by whom it was made.
package struct Evidence<Value: Sendable>: Sendable {
  package let value: Value
  /// The commit that it says something about; `nil` where it is about no commit but about what
  /// stands there now, such as a machine.
  package let commit: String?
  package let made: PointInTime
  /// Who made it, or where it was read, as a person would look for it: `run 812, job test`.
  package let source: String

  package init(_ value: Value, commit: String?, made: PointInTime, source: String) {
    self.value = value
    self.commit = commit
    self.made = made
    self.source = source
  }

  package func map<Other>(_ change: (Value) -> Other) -> Evidence<Other> {
    Evidence<Other>(change(value), commit: commit, made: made, source: source)
  }
}

/// What was found where evidence was looked for.
package enum Sight<Value: Sendable>: Sendable {
  /// It is not there; a clause says what is missing where.
  case missing(String)
  /// It is there and says nothing: torn, of another kind, not allowed to be read. A clause.
  case unreadable(String)
  case seen(Evidence<Value>)
}

extension Sight {
  package func map<Other>(_ change: (Value) -> Other) -> Sight<Other> {
    switch self {
    case .missing(let clause): .missing(clause)
    case .unreadable(let clause): .unreadable(clause)
    case .seen(let evidence): .seen(evidence.map(change))
    }
  }
}
