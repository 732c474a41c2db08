/// What is remembered of sessions that the store confirmed a moment ago. (S03-MET-02, decision 41)
///
/// A value that decides; who asks the store, and hears what others change, is
/// ``RememberedSessions``. Nothing is remembered unless somebody would tell of a session's end.
package struct SessionBook {
  /// So long a session is believed without being looked at, should nobody tell of its end. The
  /// shortest of what a view may be old. (S03-ARCH-02, C-36)
  package static let life = Duration.seconds(5)
  /// Whoever was here so lately is looked at together with others, in one question.
  package static let recent = Duration.seconds(60)
  /// In one question.
  package static let batch = 256
  /// Beyond so many none is remembered before those are gone that were not here lately.
  package static let most = 10_000

  /// What to do about a session.
  package enum Verdict: Equatable {
    case known(SessionHolder)
    /// Ask the store for these, of which it is the first.
    case ask([String])
  }

  private struct Entry {
    let holder: SessionHolder
    /// Nanoseconds of a clock that never goes back, when the store was asked.
    let askedAt: Int64
    var usedAt: Int64
  }

  private var entries: [String: Entry] = [:]
  /// Whether somebody tells of ends.
  package private(set) var isTold = false
  /// Grows with whatever is told: what was asked before may be older than that.
  package private(set) var version = 0

  package init() {}

  package var count: Int { entries.count }

  /// - Parameters:
  ///   - instant: nanoseconds of a clock that never goes back.
  ///   - now: seconds since 1970.
  package mutating func look(_ session: String, at instant: Int64, now: Int64) -> Verdict {
    guard isTold, let entry = entries[session] else { return .ask([session]) }
    entries[session]?.usedAt = instant
    guard entry.askedAt > instant - Self.life.inNanoseconds, entry.holder.expiresAt > now else {
      return .ask([session] + others(than: session, at: instant))
    }
    return .known(entry.holder)
  }

  /// Those who would be asked for soon.
  private func others(than session: String, at instant: Int64) -> [String] {
    let old = instant - Self.life.inNanoseconds / 2
    let recent = instant - Self.recent.inNanoseconds
    let due = entries.filter { name, entry in
      name != session && entry.askedAt <= old && entry.usedAt > recent
    }
    return due.sorted { ($0.value.askedAt, $0.key) < ($1.value.askedAt, $1.key) }
      .prefix(Self.batch - 1).map(\.key)
  }

  /// Remembers what the store said.
  ///
  /// - Parameters:
  ///   - version: the book's when it was asked.
  ///   - instant: when it was asked.
  package mutating func keep(
    _ holders: [String: SessionHolder], of asked: [String], version: Int, at instant: Int64
  ) {
    for (place, session) in asked.enumerated() {
      guard let holder = holders[session], !holder.isDisabled else {
        entries[session] = nil
        continue
      }
      // What was told meanwhile may be of one of these.
      guard isTold, version == self.version else { continue }
      let used = place == 0 ? instant : entries[session]?.usedAt
      guard let used, makesRoom(for: session, at: instant) else { continue }
      entries[session] = Entry(holder: holder, askedAt: instant, usedAt: used)
    }
  }

  private mutating func makesRoom(for session: String, at instant: Int64) -> Bool {
    guard entries.count >= Self.most, entries[session] == nil else { return true }
    let recent = instant - Self.recent.inNanoseconds
    entries = entries.filter { $0.value.usedAt > recent }
    return entries.count < Self.most
  }

  /// A session has ended, or may have.
  package mutating func forget(_ sessions: [String]) {
    version += 1
    for session in sessions { entries[session] = nil }
  }

  /// Anything may have ended.
  ///
  /// - Parameter isTold: whether ends are told from now on.
  package mutating func forgetAll(isTold: Bool) {
    version += 1
    entries = [:]
    self.isTold = isTold
  }
}

extension Duration {
  var inNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}
