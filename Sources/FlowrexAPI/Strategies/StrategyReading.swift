import FlowrexAuth
import FlowrexContract
import FlowrexMetrics
import FlowrexStore
import FlowrexTrading
import Ledger
import ServiceContract

/// What requests about strategies, signals and journals say, read strictly.
extension Call {
  func personID() throws -> PersonID { PersonID(subject: try caller().subject) }

  /// A field that is one of a contract's words.
  static func word<Word: RawRepresentable<String>>(_ text: String, _ field: String) throws -> Word {
    guard let word = Word(rawValue: text) else { throw Problem(.invalidField, field: field) }
    return word
  }
}

extension ClientKey {
  static func read(_ text: String, _ field: String) throws -> ClientKey {
    guard let key = ClientKey(text) else { throw Problem(.invalidField, field: field) }
    return key
  }
}

extension MetricRegistry {
  /// Counts keys that were used again for something else, and names their field.
  func countingConflicts<Value>(
    _ field: String, _ body: () async throws -> Value
  ) async throws -> Value {
    do {
      return try await body()
    } catch StrategyFault.keyUsedForAnother {
      add(to: Flowrex.idempotencyConflicts)
      throw Problem(.keyUsedForAnother, field: field)
    }
  }
}

extension Problem {
  /// What a fault about strategies is to a client. Another person's is no other than one that does
  /// not exist. (S04-ERR-03)
  init(_ fault: StrategyFault) {
    switch fault {
    case .strategyUnknown, .signalUnknown, .entryUnknown: self.init(.notFound)
    case .keyUsedForAnother: self.init(.keyUsedForAnother)
    case .strategyIsOff: self.init(.strategyIsOff)
    case .lifeOutOfRange: self.init(.invalidField, field: "life_seconds")
    case .signal(.expired): self.init(.signalExpired)
    case .signal(.notApproved): self.init(.signalNotApproved)
    case .signal(.asksForNothing): self.init(.signalAsksForNothing)
    // Who executes it again gets its order: only what two do at once comes here.
    case .signal(.isOver): self.init(.signalNotApproved)
    case .nothingToExit: self.init(.nothingToExit)
    }
  }
}
