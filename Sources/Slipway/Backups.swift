public import ServiceContract
package import SlipwayDiagnostics

/// A moment of every day, in UTC.
public struct TimeOfDay: Sendable, Hashable {
  public let hour: Int
  public let minute: Int
  public static func utc(_ hour: Int, _ minute: Int) -> Self { .init(hour: hour, minute: minute) }
}

/// Where and how often data is copied, and how a copy is proved good. (C-18, C-19, S17-HS-08)
public struct Backups<S: Stage>: Sendable {
  package let value: BackupsValue?
}

extension Backups where S: Deployed {
  /// - Parameters:
  ///   - at: When the daily logical dump and the base backup are taken.
  ///   - keep: How long copies are kept; at least 30 days in production.
  ///   - loseAtMost: The recovery point objective: the write-ahead log is archived this often.
  ///   - backWithin: The recovery time objective, which a rehearsal is measured against.
  ///   - bucket: The object store's bucket.
  ///   - node: The node whose volume holds work files.
  public static func daily(
    at: TimeOfDay, keep: Duration, loseAtMost: Duration, backWithin: Duration, bucket: String,
    region: String, endpoint: String, on node: String,
    file: String = #filePath, line: Int = #line
  ) -> Self {
    Self(
      value: BackupsValue(
        at: at, keep: keep, loseAtMost: loseAtMost, backWithin: backWithin, bucket: bucket,
        region: region, endpoint: endpoint, node: node, origin: Origin(file: file, line: line)))
  }

  @available(
    *, unavailable,
    message:
      "what people trade on is backed up; write `.daily(at:keep:…)` [backups/are-taken, S17-HS-08]"
  )
  public static var none: Self { .init(value: nil) }
}

extension Backups<Development> {
  /// A developer's data can be made again.
  public static var none: Self { .init(value: nil) }
}

package struct BackupsValue: Sendable {
  package let at: TimeOfDay
  package let keep: Duration
  package let loseAtMost: Duration
  package let backWithin: Duration
  package let bucket: String
  package let region: String
  package let endpoint: String
  package let node: String
  package let origin: Origin
}
