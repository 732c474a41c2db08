import FlowrexHost
import FlowrexTrading
import Foundation
import Ledger

/// The time of people, in microseconds since 1970.
struct WallClock: DeskClock {
  func now() -> Timestamp { World.moment() }
  func sleep(_ span: Span) async { try? await Task.sleep(for: span.duration) }
}

/// A clock that never goes back and that nobody sets: for how long things take.
struct SteadyClock: DeskClock {
  func now() -> Timestamp { Timestamp(microseconds: World.monotonic() / 1_000) }
  func sleep(_ span: Span) async { try? await Task.sleep(for: span.duration) }
}

/// Names of 128 bits that grow with time, so that rows of one time lie side by side: 48 bits of
/// milliseconds, the rest drawn. (RFC 9562, version 7)
struct DrawnIDs: IDSource {
  func next() -> UInt128 {
    let milliseconds = UInt128(UInt64(bitPattern: World.moment().microseconds / 1_000))
    let drawn = World.random(10).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
    let version: UInt128 = 0x7 << 76
    let variant: UInt128 = 0x2 << 62
    let free = ~(UInt128(0xF) << 76 | UInt128(0x3) << 62)
    return (milliseconds << 80 | drawn) & free | version | variant
  }
}

extension Span {
  var duration: Duration { .microseconds(microseconds) }
}
