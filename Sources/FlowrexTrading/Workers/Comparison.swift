package import FlowrexStore

/// What one comparison of our books with the venue's came to. One in which the venue was silent
/// says nothing of what was asked: nobody may take it for a proof that the books agree.
/// (S03-ARCH-05)
package struct Comparison: Hashable, Sendable {
  /// As it is kept; it counts what was compared.
  package let run: ReconciliationRun
  /// Orders that the venue was asked about and said nothing of.
  package let unanswered: Int
}

extension Comparison: Error, CustomStringConvertible {
  package var description: String {
    "the venue did not answer about \(unanswered) of \(run.checked + unanswered) orders"
  }
}
