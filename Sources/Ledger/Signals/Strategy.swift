package import FlowrexContract

package enum StrategyTag {}
package enum SignalTag {}
package enum JournalTag {}

package typealias StrategyID = Identifier<StrategyTag>
package typealias SignalID = Identifier<SignalTag>
package typealias JournalID = Identifier<JournalTag>

/// Where signals come from: a person's idea or a program of theirs. What it computes is not ours;
/// here it is known, and switched on or off. (S17-MET-05)
package struct Strategy: Hashable, Sendable {
  package let id: StrategyID
  package let name: StrategyName
  package let kind: StrategyKind
  /// How its orders are carried out; `nil` as the desk does it, the key `EXECUTION_MODE`. (C-65)
  package let mode: ExecutionMode?
  package let createdAt: Timestamp
  /// It is stored switched off.
  package private(set) var isActive = false
  /// When it was last switched.
  package private(set) var changedAt: Timestamp

  package init(
    _ id: StrategyID, _ name: StrategyName, _ kind: StrategyKind, mode: ExecutionMode?,
    createdAt: Timestamp
  ) {
    self.id = id
    self.name = name
    self.kind = kind
    self.mode = mode
    self.createdAt = createdAt
    changedAt = createdAt
  }

  /// A strategy as it was stored.
  package init(
    stored id: StrategyID, _ name: StrategyName, _ kind: StrategyKind, mode: ExecutionMode?,
    createdAt: Timestamp, isActive: Bool, changedAt: Timestamp
  ) {
    self.init(id, name, kind, mode: mode, createdAt: createdAt)
    self.isActive = isActive
    self.changedAt = changedAt
  }

  /// Switches it; what it is already, it stays.
  package mutating func set(isActive: Bool, at now: Timestamp) {
    guard isActive != self.isActive else { return }
    self.isActive = isActive
    changedAt = now
  }
}

/// What a person calls a strategy.
package struct StrategyName: Hashable, Sendable, CustomStringConvertible {
  /// In characters.
  package static let longest = 80

  package let text: String

  /// `nil` unless it is a line of 1 to ``longest`` characters, none of them a blank at an end.
  package init?(_ text: String) {
    guard (1...Self.longest).contains(text.count), text.first != " ", text.last != " ",
      // A character may be made of many: what is kept has an end too.
      text.utf8.count <= Self.longest * 4,
      text.unicodeScalars.allSatisfy({ $0.isWritten })
    else { return nil }
    self.text = text
  }

  package var description: String { text }
}

extension Unicode.Scalar {
  /// Something that a person writes in a line: no control character, and none that turns the
  /// direction of the text after it around.
  package var isWritten: Bool {
    switch properties.generalCategory {
    case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .unassigned: false
    default: true
    }
  }
}
