package import PromQL
public import ServiceContract

extension Selection where Shape == CounterShape {
  /// Events per second, all series together.
  public func rate(over window: Duration) -> Query<PerSecond> {
    Query(summed(.rate, window, by: []))
  }

  /// Events per second, one series for each value of a label.
  public func rate<V>(
    over window: Duration, by label: KeyPath<Labels, Label<V>>
  ) -> Query<PerSecond> {
    let name = Labels()[keyPath: label].name
    return Query(summed(.rate, window, by: [name]), labels: [name])
  }

  /// Events in the window, all series together.
  public func increase(over window: Duration) -> Query<Count> {
    Query(summed(.increase, window, by: []))
  }

  /// Events in the window, one series for each value of a label.
  public func increase<V>(
    over window: Duration, by label: KeyPath<Labels, Label<V>>
  ) -> Query<Count> {
    let name = Labels()[keyPath: label].name
    return Query(summed(.increase, window, by: [name]), labels: [name])
  }

  /// These events among others; a window makes it a number.
  public func share<Other>(of whole: Selection<Other, CounterShape>) -> Share {
    Share(part: selector(), whole: whole.selector())
  }

  func summed(_ function: Function, _ window: Duration, by labels: [String]) -> PromQL.Expression {
    .call(function, .over(selector(), window)).aggregated(.sum, by: labels)
  }
}

extension Counter {
  public func rate(over window: Duration) -> Query<PerSecond> { all.rate(over: window) }
  public func rate<V>(
    over window: Duration, by label: KeyPath<Labels, Label<V>>
  ) -> Query<PerSecond> {
    all.rate(over: window, by: label)
  }
  public func increase(over window: Duration) -> Query<Count> { all.increase(over: window) }
  public func increase<V>(
    over window: Duration, by label: KeyPath<Labels, Label<V>>
  ) -> Query<Count> {
    all.increase(over: window, by: label)
  }

  /// The part of these events that has this label value.
  public func share<V: LabelValue>(
    where label: KeyPath<Labels, Label<V>>, is value: V
  ) -> Share {
    all.where(label, is: value).share(of: all)
  }
  public func share<Other>(of whole: Counter<Other>) -> Share { all.share(of: whole.all) }
}

/// Some events among all events.
public struct Share: Sendable {
  package let part: VectorSelector
  package let whole: VectorSelector

  /// The ratio in a window.
  public func over(_ window: Duration) -> Query<Ratio> {
    let rate = { (selector: VectorSelector) in
      PromQL.Expression.call(.rate, .over(selector, window)).aggregated(.sum)
    }
    return Query(rate(part).combined(.divide, rate(whole)))
  }
}

extension Selection where Shape == CounterShape {
  /// These events among themselves and some others: hits among hits and misses.
  public func share<Other>(
    with rest: Selection<Other, CounterShape>, over window: Duration
  ) -> Query<Ratio> {
    let part = summed(.rate, window, by: [])
    let whole = part.combined(.add, rest.summed(.rate, window, by: []))
    return Query(part.combined(.divide, whole))
  }
}

extension Selection {
  /// Seconds of something in a second: processor cores kept busy.
  public func rate(over window: Duration) -> Query<Cores> where Shape == TotalShape<Duration> {
    Query(.call(.rate, .over(selector(), window)))
  }

  /// Traffic.
  public func rate(
    over window: Duration
  ) -> Query<BytesPerSecond> where Shape == TotalShape<ByteCount> {
    Query(.call(.rate, .over(selector(), window)))
  }

  /// Traffic, all series together.
  public func totalRate(
    over window: Duration
  ) -> Query<BytesPerSecond> where Shape == TotalShape<ByteCount> {
    Query(PromQL.Expression.call(.rate, .over(selector(), window)).aggregated(.sum))
  }
}

extension Total {
  public func rate(over window: Duration) -> Query<Cores> where U == Duration {
    all.rate(over: window)
  }
  public func rate(over window: Duration) -> Query<BytesPerSecond> where U == ByteCount {
    all.rate(over: window)
  }
}
