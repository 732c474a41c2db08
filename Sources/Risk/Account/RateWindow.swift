package import Ledger

/// When the last orders were accepted: a ring of as many moments as the hard cap allows in a
/// minute, so that no window of a minute, wherever it starts, holds more than the limit.
package struct RateWindow: Hashable, Sendable {
  package static let length = Span.minute

  private var moments: [Timestamp] = []
  private var next = 0

  package init() { moments.reserveCapacity(Caps.hard.ordersPerMinute) }

  /// Whether `limit` orders were accepted within the minute that ends now.
  package func isFull(_ limit: Int, at now: Timestamp) -> Bool {
    guard limit > 0 else { return true }
    guard moments.count >= limit else { return false }
    let count = moments.count
    let place = (next + count - limit) % count
    return now.since(moments[place]) < Self.length
  }

  /// How many orders were accepted within the minute that ends now.
  package func count(at now: Timestamp) -> Int {
    moments.count { now.since($0) < Self.length }
  }

  /// Notes an accepted order. A clock that goes back does not make the window shorter.
  mutating func note(_ now: Timestamp) {
    let moment = max(now, latest ?? now)
    if moments.count < Caps.hard.ordersPerMinute {
      moments.append(moment)
      next = moments.count % Caps.hard.ordersPerMinute
    } else {
      moments[next] = moment
      next = (next + 1) % moments.count
    }
  }

  /// The noted moments, the oldest first.
  package var accepted: [Timestamp] {
    moments.count < Caps.hard.ordersPerMinute
      ? moments : Array(moments[next...] + moments[..<next])
  }

  private var latest: Timestamp? {
    moments.isEmpty ? nil : moments[(next + moments.count - 1) % moments.count]
  }
}
