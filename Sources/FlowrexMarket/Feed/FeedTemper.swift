/// How often the simulated feed says what real ones sometimes say, in a thousand quotes.
/// (S04-TRD-02)
package struct FeedTemper: Hashable, Sendable {
  /// Quotes that come ten seconds late.
  package var stale = 0
  /// Quotes whose sides are exchanged.
  package var crossed = 0
  /// Quotes without a price.
  package var zeros = 0
  /// Quotes a tenth away from the price.
  package var outliers = 0
  /// Quotes that are followed by an older one.
  package var outOfOrder = 0
  /// Quotes that are said twice.
  package var duplicates = 0

  package init(
    stale: Int = 0, crossed: Int = 0, zeros: Int = 0, outliers: Int = 0, outOfOrder: Int = 0,
    duplicates: Int = 0
  ) {
    self.stale = stale
    self.crossed = crossed
    self.zeros = zeros
    self.outliers = outliers
    self.outOfOrder = outOfOrder
    self.duplicates = duplicates
  }

  package static let calm = FeedTemper()
}
