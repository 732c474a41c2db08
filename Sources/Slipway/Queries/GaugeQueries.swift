import PromQL
public import ServiceContract

extension Selection {
  /// The value of each series.
  public func now<U>() -> Query<U> where Shape == GaugeShape<U> {
    Query(.selector(selector()))
  }

  /// The sum of all series.
  public func sum<U>() -> Query<U> where Shape == GaugeShape<U> {
    Query(PromQL.Expression.selector(selector()).aggregated(.sum))
  }

  /// The greatest of all series.
  public func max<U>() -> Query<U> where Shape == GaugeShape<U> {
    Query(PromQL.Expression.selector(selector()).aggregated(.max))
  }

  /// The smallest of all series.
  public func min<U>() -> Query<U> where Shape == GaugeShape<U> {
    Query(PromQL.Expression.selector(selector()).aggregated(.min))
  }

  /// The greatest of the series that share a value of a label.
  public func max<U, V>(by label: KeyPath<Labels, Label<V>>) -> Query<U>
  where Shape == GaugeShape<U> {
    let name = Labels()[keyPath: label].name
    return Query(
      PromQL.Expression.selector(selector()).aggregated(.max, by: [name]), labels: [name])
  }

  /// The sum of the series that share a value of a label.
  public func sum<U, V>(by label: KeyPath<Labels, Label<V>>) -> Query<U>
  where Shape == GaugeShape<U> {
    let name = Labels()[keyPath: label].name
    return Query(
      PromQL.Expression.selector(selector()).aggregated(.sum, by: [name]), labels: [name])
  }

  /// How many series there are with this value; 0 when there is none.
  public func count<U>(at value: U) -> Query<Count> where Shape == GaugeShape<U> {
    let equal = PromQL.Expression.selector(selector()).combined(.equal, .number(value.number))
    return Query(
      equal.aggregated(.count).combined(.or, .call(.vector, .number(0))))
  }

  /// The greatest value in the window.
  public func highest<U>(over window: Duration) -> Query<U> where Shape == GaugeShape<U> {
    Query(.call(.maxOverTime, .over(selector(), window)))
  }

  /// Where the value will be if it goes on as in the window.
  public func predicted<U>(in future: Duration, from window: Duration) -> Query<U>
  where Shape == GaugeShape<U> {
    Query(.call(.predictLinear, .over(selector(), window), .number(future.number)))
  }

  /// The slope per second in the window, times that window.
  public func growth<U>(over window: Duration) -> Query<U> where Shape == GaugeShape<U> {
    Query(.call(.delta, .over(selector(), window)))
  }

  /// How long ago the moment is.
  public func age() -> Query<Duration> where Shape == GaugeShape<Moment> {
    Query(
      PromQL.Expression.call(.time)
        .combined(.subtract, PromQL.Expression.selector(selector()).aggregated(.max)))
  }

  /// How long ago the newest moment is of those that share a value of a label.
  public func age<V>(by label: KeyPath<Labels, Label<V>>) -> Query<Duration>
  where Shape == GaugeShape<Moment> {
    let name = Labels()[keyPath: label].name
    let newest = PromQL.Expression.selector(selector()).aggregated(.max, by: [name])
    return Query(PromQL.Expression.call(.time).combined(.subtract, newest), labels: [name])
  }

  /// How far away the moment is.
  public func timeLeft() -> Query<Duration> where Shape == GaugeShape<Moment> {
    Query(
      PromQL.Expression.selector(selector()).combined(.subtract, .call(.time)))
  }
}

extension Gauge {
  /// The value of each series.
  public var now: Query<U> { all.now() }
  /// The sum of all series.
  public var sum: Query<U> { all.sum() }
  /// The greatest of all series.
  public var max: Query<U> { all.max() }
  /// The smallest of all series.
  public var min: Query<U> { all.min() }
  public func age() -> Query<Duration> where U == Moment { all.age() }
  public func timeLeft() -> Query<Duration> where U == Moment { all.timeLeft() }
}

extension Selection {
  /// The size below which this part of the observations lies.
  public func quantile<U>(_ quantile: Ratio, over window: Duration) -> Query<U>
  where Shape == HistogramShape<U> {
    Query(
      .call(.histogramQuantile, .number(quantile.number), buckets(window, by: ["le"])))
  }

  /// The same, for each value of a label.
  public func quantile<U, V>(
    _ quantile: Ratio, over window: Duration, by label: KeyPath<Labels, Label<V>>
  ) -> Query<U> where Shape == HistogramShape<U> {
    let name = Labels()[keyPath: label].name
    return Query(
      .call(.histogramQuantile, .number(quantile.number), buckets(window, by: ["le", name])),
      labels: [name])
  }

  /// The observations up to a bound, among all; the bound is one of the histogram's buckets.
  public func share<U>(within bound: U) -> Share where Shape == HistogramShape<U> {
    Share(part: selector(within: bound), whole: selector(suffix: "_count"))
  }

  private func buckets(_ window: Duration, by labels: [String]) -> PromQL.Expression {
    PromQL.Expression.call(.rate, .over(selector(suffix: "_bucket"), window))
      .aggregated(.sum, by: labels)
  }

  private func selector<U: Unit>(within bound: U) -> VectorSelector {
    let text = bound.number.description
    var selector = selector(suffix: "_bucket")
    // Prometheus 3 stores the bound `1` as `1.0`, Prometheus 2 as it was written.
    selector.matchers.append(
      text.contains(".") ? .equal("le", text) : .anyOf("le", [text, text + ".0"]))
    return selector
  }
}

extension Histogram {
  public func quantile(_ quantile: Ratio, over window: Duration) -> Query<U> {
    all.quantile(quantile, over: window)
  }
  public func quantile<V>(
    _ quantile: Ratio, over window: Duration, by label: KeyPath<Labels, Label<V>>
  ) -> Query<U> {
    all.quantile(quantile, over: window, by: label)
  }
}
