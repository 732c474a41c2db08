import FlowrexStore
import FlowrexTrading
import FlowrexVenue
import Ledger

/// A world with a clock of its own: time passes when nothing can run. One thread, one seed, one
/// history.
///
/// Safe to send: everything in it runs on its ``Turnstile``.
final class World: DeskClock, @unchecked Sendable {
  static let start = Timestamp(microseconds: 1_700_049_600_000_000)

  /// When the history begins; ``start`` in most.
  let beginning: Timestamp

  private struct Alarm {
    let at: Timestamp
    let number: Int
    let ring: () -> Void
  }

  let turnstile: Turnstile
  private var dice: SplitMix
  private var time: Timestamp
  private var alarms: [Alarm] = []
  private var count = 0
  private(set) var trace: [String] = []
  private(set) var violations: [String] = []
  /// Whether lines are cut, answers are lost and processes die.
  var isRough = true
  var isOver = false
  /// Until then the venue answers, and tells nothing by itself.
  private var silentUntil = World.start

  init(seed: UInt64, at beginning: Timestamp = World.start) {
    self.beginning = beginning
    time = beginning
    turnstile = Turnstile(seed: seed &* 31 &+ 7)
    dice = SplitMix(seed: seed)
  }

  func now() -> Timestamp { time }
  var elapsed: Span { time.since(beginning) }

  func below(_ bound: Int) -> Int { dice.below(bound) }
  /// True so often in a thousand.
  func happens(_ perMille: Int) -> Bool { dice.happens(perMille) }
  func milliseconds(_ range: ClosedRange<Int>) -> Span {
    .milliseconds(Int32(range.lowerBound + dice.below(range.count)))
  }

  /// Whether the venue tells of events at this moment; now and then it is silent for long.
  func isFeedSilent() -> Bool {
    if isRough, time >= silentUntil, happens(25) {
      silentUntil = time.adding(milliseconds(6_000...20_000))
      note("the feed is silent until \(silentUntil.since(beginning))")
    }
    return isRough && time < silentUntil
  }

  /// Until then the venue hears and works, and nobody hears of it.
  private var muteUntil = World.start
  var isMute: Bool { isRough && time < muteUntil }

  func mute(for span: Span) {
    muteUntil = time.adding(span)
    silentUntil = max(silentUntil, muteUntil)
    note("the venue is mute")
  }

  /// Until when the venue leaves out an event, though it tells of later ones.
  private var leftOut: [VenueCursor: Timestamp] = [:]

  func isLeftOut(_ sequence: Int64, of epoch: Int64) -> Bool {
    let place = VenueCursor(epoch: epoch, sequence: sequence)
    if let end = leftOut[place] { return time < end }
    guard isRough, happens(30) else {
      leftOut[place] = time
      return false
    }
    let span = milliseconds(1_000...18_000)
    leftOut[place] = time.adding(span)
    note("event \(sequence) is left out for \(span)")
    return true
  }

  /// Which process says an order to the venue at this moment, and since when.
  private var sending: [OrderID: (life: Life, since: Timestamp)] = [:]

  /// A message is leased to whoever takes it: while a process that never stood still says it, no
  /// other one does. One that stands still may have lost its lease when it goes on. (C-39)
  func begins(_ order: OrderID, _ life: Life) {
    if let (other, since) = sending[order], other !== life, !other.isDead,
      other.standsUntil.adding(.seconds(1)) < since
    {
      violate("order \(order) is sent by two processes at once")
    }
    sending[order] = (life, time)
  }

  func ends(_ order: OrderID, _ life: Life) {
    if sending[order]?.life === life { sending[order] = nil }
  }

  func note(_ line: String) { trace.append("\(elapsed) \(line)") }

  func violate(_ sentence: String) {
    guard !violations.contains(sentence) else { return }
    note("VIOLATION \(sentence)")
    violations.append(sentence)
  }

  func after(_ span: Span, _ ring: @escaping () -> Void) {
    count += 1
    let alarm = Alarm(at: time.adding(span), number: count, ring: ring)
    let place = alarms.firstIndex { $0.at > alarm.at } ?? alarms.endIndex
    alarms.insert(alarm, at: place)
  }

  func sleep(_ span: Span) async {
    await withCheckedContinuation { continuation in after(span) { continuation.resume() } }
  }

  func start(_ body: @escaping @Sendable () async -> Void) {
    Task(executorPreference: turnstile) { await body() }
  }

  /// Lets `span` pass.
  func run(_ span: Span) {
    let end = time.adding(span)
    turnstile.drain()
    // One violation is enough to know.
    while let alarm = alarms.first, alarm.at <= end, violations.isEmpty {
      alarms.removeFirst()
      time = max(time, alarm.at)
      alarm.ring()
      turnstile.drain()
    }
    time = end
  }
}

extension World {
  /// Rings every alarm that is left, and those that follow.
  func end() {
    turnstile.drain()
    while !alarms.isEmpty {
      alarms.removeFirst().ring()
      turnstile.drain()
    }
  }
}

/// A clock that is ahead of the world's, or behind it.
struct SkewedClock: DeskClock {
  let world: World
  let skew: Span

  func now() -> Timestamp { world.now().adding(skew) }
  func sleep(_ span: Span) async { await world.sleep(span) }
}
