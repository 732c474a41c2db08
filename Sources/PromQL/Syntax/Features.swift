/// Parts of the language that a Prometheus 3 server refuses unless it was started with a flag.
///
/// Source: https://prometheus.io/docs/prometheus/latest/feature_flags/
package struct Features: OptionSet, Hashable, Sendable {
  /// One bit for each flag.
  package let rawValue: UInt8

  /// A set from its bits.
  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// Experimental functions and aggregations.
  package static let experimentalFunctions = Features(rawValue: 1 << 0)
  /// Arithmetic in ranges, steps and offsets.
  package static let durationArithmetic = Features(rawValue: 1 << 1)
  /// `anchored` and `smoothed`.
  package static let extendedRanges = Features(rawValue: 1 << 2)
  /// `fill`, `fill_left` and `fill_right`.
  package static let fillModifiers = Features(rawValue: 1 << 3)

  /// What a server without any flag knows.
  package static let stable: Features = []
  /// The whole language.
  package static let all: Features = [
    .experimentalFunctions, .durationArithmetic, .extendedRanges, .fillModifiers,
  ]

  /// The names for `--enable-feature`, in a fixed order.
  package var flags: [String] {
    let names: [(Features, String)] = [
      (.experimentalFunctions, "promql-experimental-functions"),
      (.durationArithmetic, "promql-duration-expr"),
      (.extendedRanges, "promql-extended-range-selectors"),
      (.fillModifiers, "promql-binop-fill-modifiers"),
    ]
    return names.filter { contains($0.0) }.map(\.1)
  }
}
