package import Ledger

/// Why the store did not do what was asked.
package enum StoreFault: Error, Hashable, Sendable {
  /// Nothing was done.
  case unreachable(String)
  /// The connection broke while the transaction was being committed: it may be done or not. Who
  /// asks again with the same key finds out.
  case outcomeUnknown(String)
  /// No connection became free; nothing was done.
  case poolExhausted(Span)
  /// The statement took longer than it may; nothing was done.
  case statementTimeout
  /// Two transactions stood in each other's way; nothing was done, and it may be tried again.
  case conflict(String)
  /// A row with that name is there already.
  case duplicate(String)
  /// The database refused what a row holds.
  case refused(state: String, message: String)
  /// The database cannot work as it is: its disk is full, its schema another, a right is missing.
  /// Nothing was done, and nothing is said about what it was given.
  case unable(state: String, message: String)
  /// A row holds what it must not.
  case unreadable(column: String, value: String)
}

extension StoreFault {
  /// Whether asking once more, unchanged, may help.
  package var isTransient: Bool {
    switch self {
    case .unreachable, .outcomeUnknown, .poolExhausted, .statementTimeout, .conflict, .unable:
      true
    case .duplicate, .refused, .unreadable: false
    }
  }
}

extension StoreFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreachable(let why): "the database cannot be reached: \(why)"
    case .outcomeUnknown(let why): "nobody knows whether the database has kept it: \(why)"
    case .poolExhausted(let span): "no connection to the database became free within \(span)"
    case .statementTimeout: "the database took longer than a statement may"
    case .conflict(let why): "two transactions stood in each other's way: \(why)"
    case .duplicate(let name): "the database has it already: \(name)"
    case .refused(let state, let message): "the database refused a statement (\(state)): \(message)"
    case .unable(let state, let message): "the database cannot work (\(state)): \(message)"
    case .unreadable(let column, let value): "the column '\(column)' holds '\(value)'"
    }
  }
}
