package import FlowrexContract

/// What the guard says of an attempt.
package enum SignInAttempt: Sendable, Equatable {
  /// It counts, until it turns out to be right; these lock-outs begin if it does not.
  case counted(began: [LockOutScope])
  /// It is not looked at.
  case locked
}

/// Counts failed sign-ins and decides who is kept out. (S04-AUTH-08, C-45)
///
/// An account locked for everybody after five guesses would let anybody lock anybody out: five
/// failures lock one address out of one account, and only twenty from anywhere lock the account.
package struct SignInGuard: Sendable {
  private struct Pair: Hashable {
    let account: String
    let address: String
  }

  /// A guesser with many names would otherwise fill the memory: then the oldest go.
  private let most: Int

  private var pairs: [Pair: SignInFailures] = [:]
  private var accounts: [String: SignInFailures] = [:]

  /// - Parameter most: how many names, and pairs of name and address, are remembered.
  package init(most: Int = 100_000) { self.most = most }

  /// How many pairs and names are remembered.
  package var remembered: (pairs: Int, accounts: Int) { (pairs.count, accounts.count) }

  /// Counts an attempt before its password is looked at: of a thousand guesses at one moment, no
  /// more are looked at than of a thousand one after the other.
  ///
  /// - Parameters:
  ///   - account: What somebody wants to sign in as, whether it exists or not.
  ///   - address: Where the request came from.
  ///   - now: Seconds since 1970.
  package mutating func attempt(
    account: String, address: String, now: Int64
  ) -> SignInAttempt {
    pairs = forgetting(pairs, at: now)
    accounts = forgetting(accounts, at: now)
    let pair = Pair(account: account, address: address)
    return SignInFailures.attempt(pair: &pairs[pair], account: &accounts[account], at: now)
  }

  /// A sign-in that succeeded forgets the address's own failures, and was none itself. Those of
  /// others still count: a guesser gets no new attempts whenever the owner signs in.
  package mutating func succeeded(account: String, address: String) {
    pairs[Pair(account: account, address: address)] = nil
    SignInFailures.takeBack(from: &accounts[account])
  }

  /// An attempt that nobody judged was none.
  package mutating func takeBack(account: String, address: String) {
    SignInFailures.takeBack(
      pair: &pairs[Pair(account: account, address: address)], account: &accounts[account])
  }

  /// Makes room: what is over goes first, then the oldest tenth, and lock-outs last.
  private func forgetting<Name: Hashable>(
    _ all: [Name: SignInFailures], at now: Int64
  ) -> [Name: SignInFailures] {
    guard all.count >= most else { return all }
    let left = all.filter { !$0.value.isOver(at: now) }
    guard left.count >= most else { return left }
    let order = left.sorted { one, other in
      let locked = (one.value.isLocked(at: now), other.value.isLocked(at: now))
      return locked.0 == locked.1 ? one.value.since > other.value.since : locked.0
    }
    return Dictionary(uniqueKeysWithValues: order.prefix(most - most / 10).map { ($0, $1) })
  }
}
