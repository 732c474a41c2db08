/// Somebody who measures decisions about orders: the desk itself knows no clock that does.
/// (S04-TRD-07)
package protocol DecisionWatch: Sendable {
  /// Runs one decision of risk: a first look at an order, or a second one.
  func timing<Value, Fault: Error>(
    _ decision: () throws(Fault) -> Value
  ) throws(Fault) -> Value
}

/// Nobody measures.
package struct Unwatched: DecisionWatch {
  package init() {}

  package func timing<Value, Fault: Error>(
    _ decision: () throws(Fault) -> Value
  ) throws(Fault) -> Value {
    try decision()
  }
}
