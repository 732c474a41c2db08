/// The functions of Prometheus 3.
///
/// Source: promql/parser/functions.go of github.com/prometheus/prometheus at commit
/// d15adb9ad7e5d9fbde3a9a8f30200593a5a14d86 (3.14), and
/// https://prometheus.io/docs/prometheus/latest/querying/functions/
package enum Function: String, Hashable, Sendable, CaseIterable {
  /// Absolute value.
  case abs
  /// 1 when the operand has no series.
  case absent
  /// 1 when the range has no samples.
  case absentOverTime = "absent_over_time"
  /// Arc cosine, radians.
  case acos
  /// Inverse hyperbolic cosine.
  case acosh
  /// Arc sine, radians.
  case asin
  /// Inverse hyperbolic sine.
  case asinh
  /// Arc tangent, radians.
  case atan
  /// Inverse hyperbolic tangent.
  case atanh
  /// Mean of each range.
  case avgOverTime = "avg_over_time"
  /// Rounded up.
  case ceil
  /// How often the value changed.
  case changes
  /// Held between two bounds.
  case clamp
  /// Held below a bound.
  case clampMax = "clamp_max"
  /// Held above a bound.
  case clampMin = "clamp_min"
  /// Cosine of radians.
  case cos
  /// Hyperbolic cosine.
  case cosh
  /// Samples in each range.
  case countOverTime = "count_over_time"
  /// 1 to 31, UTC.
  case dayOfMonth = "day_of_month"
  /// 0 (Sunday) to 6, UTC.
  case dayOfWeek = "day_of_week"
  /// 1 to 366, UTC.
  case dayOfYear = "day_of_year"
  /// 28 to 31, UTC.
  case daysInMonth = "days_in_month"
  /// Radians to degrees.
  case deg
  /// Last minus first of a gauge, extrapolated.
  case delta
  /// Slope per second of a gauge.
  case deriv
  /// Smoothed gauge, with trend; experimental.
  case doubleExponentialSmoothing = "double_exponential_smoothing"
  /// End of the query, seconds since 1970; experimental.
  case end
  /// E to the operand.
  case exp
  /// Oldest sample of each range.
  case firstOverTime = "first_over_time"
  /// Rounded down.
  case floor
  /// Mean of a native histogram.
  case histogramAvg = "histogram_avg"
  /// Observations of a native histogram.
  case histogramCount = "histogram_count"
  /// Share of observations between two bounds.
  case histogramFraction = "histogram_fraction"
  /// Quantile of a histogram.
  case histogramQuantile = "histogram_quantile"
  /// Several quantiles, told apart by a label; experimental.
  case histogramQuantiles = "histogram_quantiles"
  /// Standard deviation of a native histogram.
  case histogramStddev = "histogram_stddev"
  /// Variance of a native histogram.
  case histogramStdvar = "histogram_stdvar"
  /// Sum of observations of a native histogram.
  case histogramSum = "histogram_sum"
  /// 0 to 23, UTC.
  case hour
  /// Difference of the last two samples of a gauge.
  case idelta
  /// Growth of a counter, extrapolated.
  case increase
  /// Adds labels of info metrics; experimental.
  case info
  /// Growth per second of a counter between its last two samples.
  case irate
  /// Joins labels into one.
  case labelJoin = "label_join"
  /// Writes a label from a pattern over another.
  case labelReplace = "label_replace"
  /// Newest sample of each range.
  case lastOverTime = "last_over_time"
  /// Natural logarithm.
  case ln
  /// Decimal logarithm.
  case log10
  /// Binary logarithm.
  case log2
  /// Median absolute deviation of each range; experimental.
  case madOverTime = "mad_over_time"
  /// Greater of two scalars; experimental.
  case maxOf = "max_of"
  /// Greatest of each range.
  case maxOverTime = "max_over_time"
  /// Smaller of two scalars; experimental.
  case minOf = "min_of"
  /// Smallest of each range.
  case minOverTime = "min_over_time"
  /// 0 to 59, UTC.
  case minute
  /// 1 to 12, UTC.
  case month
  /// π.
  case pi
  /// Value of a gauge some seconds from now.
  case predictLinear = "predict_linear"
  /// 1 for each series with samples in the range.
  case presentOverTime = "present_over_time"
  /// Quantile of each range.
  case quantileOverTime = "quantile_over_time"
  /// Degrees to radians.
  case rad
  /// Length of the query, seconds; experimental.
  case range
  /// Growth per second of a counter.
  case rate
  /// How often a counter restarted.
  case resets
  /// To the nearest multiple.
  case round
  /// The value of a vector with one series.
  case scalar
  /// -1, 0 or 1.
  case sgn
  /// Sine of radians.
  case sin
  /// Hyperbolic sine.
  case sinh
  /// Ascending by value.
  case sort
  /// Ascending by labels; experimental.
  case sortByLabel = "sort_by_label"
  /// Descending by labels; experimental.
  case sortByLabelDesc = "sort_by_label_desc"
  /// Descending by value.
  case sortDesc = "sort_desc"
  /// Square root.
  case sqrt
  /// Start of the query, seconds since 1970; experimental.
  case start
  /// When a counter began, seconds since 1970; experimental.
  case startTimestamp = "start_timestamp"
  /// Standard deviation of each range.
  case stddevOverTime = "stddev_over_time"
  /// Variance of each range.
  case stdvarOverTime = "stdvar_over_time"
  /// Resolution of the query, seconds; experimental.
  case step
  /// Sum of each range.
  case sumOverTime = "sum_over_time"
  /// Tangent of radians.
  case tan
  /// Hyperbolic tangent.
  case tanh
  /// Now, seconds since 1970.
  case time
  /// Time of each sample, seconds since 1970.
  case timestamp
  /// Time of the oldest sample of each range; experimental.
  case tsOfFirstOverTime = "ts_of_first_over_time"
  /// Time of the newest sample of each range; experimental.
  case tsOfLastOverTime = "ts_of_last_over_time"
  /// Time of the greatest sample of each range; experimental.
  case tsOfMaxOverTime = "ts_of_max_over_time"
  /// Time of the smallest sample of each range; experimental.
  case tsOfMinOverTime = "ts_of_min_over_time"
  /// A scalar as a vector without labels.
  case vector
  /// The year, UTC.
  case year
}
