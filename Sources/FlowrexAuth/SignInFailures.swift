import FlowrexContract

/// Failed sign-ins that count together: within the length of a lock-out. (S04-AUTH-08, C-45)
///
/// The rule is here once: who keeps the numbers, a process or a database, only keeps them.
package struct SignInFailures: Sendable, Equatable {
  package private(set) var count: Int
  /// Seconds since 1970, as all moments here.
  package let since: Int64
  package private(set) var lockedUntil: Int64?

  package init(count: Int = 0, since: Int64, lockedUntil: Int64? = nil) {
    self.count = count
    self.since = since
    self.lockedUntil = lockedUntil
  }

  package static let window = LockOut.length.components.seconds

  package func isLocked(at now: Int64) -> Bool { (lockedUntil ?? now) > now }

  /// Whether nothing of it matters any more.
  package func isOver(at now: Int64) -> Bool { since <= now - Self.window && !isLocked(at: now) }

  /// Counts an attempt, of an address and of its account, unless one of them is locked.
  package static func attempt(
    pair: inout SignInFailures?, account: inout SignInFailures?, at now: Int64
  ) -> SignInAttempt {
    if pair?.isLocked(at: now) == true || account?.isLocked(at: now) == true { return .locked }
    var began: [LockOutScope] = []
    if add(to: &pair, most: LockOut.pairFailures, now) { began.append(.pair) }
    if add(to: &account, most: LockOut.accountFailures, now) { began.append(.account) }
    return .counted(began: began)
  }

  /// A sign-in that succeeded was no failure. Those of others still count: a guesser gets no new
  /// attempts whenever the owner signs in.
  package static func takeBack(from account: inout SignInFailures?) {
    takeBack(from: &account, most: LockOut.accountFailures)
  }

  /// An attempt that nobody judged, since something of ours failed, was none.
  package static func takeBack(pair: inout SignInFailures?, account: inout SignInFailures?) {
    takeBack(from: &pair, most: LockOut.pairFailures)
    takeBack(from: &account, most: LockOut.accountFailures)
  }

  private static func takeBack(from failures: inout SignInFailures?, most: Int) {
    failures?.count -= 1
    if let count = failures?.count, count < most { failures?.lockedUntil = nil }
    if let count = failures?.count, count <= 0 { failures = nil }
  }

  /// - Returns: whether a lock-out begins.
  private static func add(
    to failures: inout SignInFailures?, most: Int, _ now: Int64
  ) -> Bool {
    var counted = failures ?? SignInFailures(since: now)
    if now - counted.since >= window || counted.lockedUntil.map({ $0 <= now }) == true {
      counted = SignInFailures(since: now)
    }
    counted.count += 1
    defer { failures = counted }
    guard counted.count >= most, counted.lockedUntil == nil else { return false }
    counted.lockedUntil = now + window
    return true
  }
}
