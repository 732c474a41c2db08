public import ServiceContract
public import SlipwayDiagnostics

/// A promise about a share of events over a long window. (C-03)
public struct Objective: Sendable {
  public let name: String
  public let target: Ratio
  public let window: Duration
  package let good: Bool
  package let share: Share
  public let origin: Origin

  /// - Parameter bad: The events that break the promise, among all.
  public init(
    _ name: String, _ target: Ratio, over window: Duration, bad share: Share,
    file: String = #filePath, line: Int = #line
  ) {
    self.name = name
    self.target = target
    self.window = window
    self.share = share
    good = false
    origin = Origin(file: file, line: line)
  }

  /// - Parameter good: The events that keep the promise, among all.
  public init(
    _ name: String, _ target: Ratio, over window: Duration, good share: Share,
    file: String = #filePath, line: Int = #line
  ) {
    self.name = name
    self.target = target
    self.window = window
    self.share = share
    good = true
    origin = Origin(file: file, line: line)
  }

  /// The share of events that broke the promise in a window.
  public func failing(over window: Duration) -> Query<Ratio> {
    good ? share.over(window).rest : share.over(window)
  }

  /// The budget burns `factor` times too fast, over a long and a short window: the long one says
  /// that it matters, the short one that it still goes on.
  public func burns(
    _ factor: ExactDecimal, over long: Duration, and short: Duration
  ) -> Condition {
    let limit = Ratio(factor * (1 - target.number))
    return (failing(over: long) > limit) && (failing(over: short) > limit)
  }
}
