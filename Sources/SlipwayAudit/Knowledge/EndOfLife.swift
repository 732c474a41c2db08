/// Releases that were without repairs in November 2026, when this table was written. The audit
/// knows no clock: the same files have the same findings tomorrow.
///
/// Source: the release calendars of the projects, as collected on endoflife.date.
enum EndOfLife {
  private static let ends: [String: [(version: String, end: String)]] = [
    "node": [
      ("10", "2021-04"), ("12", "2022-04"), ("14", "2023-04"), ("16", "2023-09"),
      ("17", "2022-06"), ("18", "2025-04"), ("19", "2023-06"), ("20", "2026-04"),
      ("21", "2024-06"), ("23", "2025-06"), ("25", "2026-06"),
    ],
    "python": [
      ("2", "2020-01"), ("2.7", "2020-01"), ("3.6", "2021-12"), ("3.7", "2023-06"),
      ("3.8", "2024-10"), ("3.9", "2025-10"), ("3.10", "2026-10"),
    ],
    "postgres": [
      ("9.6", "2021-11"), ("10", "2022-11"), ("11", "2023-11"), ("12", "2024-11"),
      ("13", "2025-11"), ("14", "2026-11"),
    ],
    "debian": [("8", "2020-06"), ("9", "2022-06"), ("10", "2024-06"), ("11", "2026-08")],
    "ubuntu": [("16.04", "2021-04"), ("18.04", "2023-05"), ("20.04", "2025-05")],
    "golang": [("1.21", "2024-08"), ("1.22", "2025-02"), ("1.23", "2025-08"), ("1.24", "2026-02")],
    "alpine": [
      ("3.16", "2024-05"), ("3.17", "2024-11"), ("3.18", "2025-05"), ("3.19", "2025-11"),
      ("3.20", "2026-04"), ("3.21", "2026-11"),
    ],
    "redis": [("5", "2022-04"), ("6.0", "2023-01")],
    "mysql": [("5.6", "2021-02"), ("5.7", "2023-10"), ("8.0", "2026-04")],
  ]

  /// The month in which repairs ended; `nil` for what is not known to have ended.
  static func end(of image: ImageName) -> String? {
    guard let known = ends[image.repository], let tag = image.tag else { return nil }
    let version = tag.prefix { $0.isNumber || $0 == "." }
    return known.first { version == $0.version || version.hasPrefix($0.version + ".") }?.end
  }
}
