/// Where failed sign-ins are counted, for all replicas together. (C-45)
package protocol SignInStore: Sendable {
  /// Counts an attempt before it is looked at: ``SignInGuard/attempt(account:address:now:)``.
  func attempt(account: String, address: String, now: Int64) async throws -> SignInAttempt
  /// Takes the attempt back, for it was right.
  func succeeded(account: String, address: String) async throws
  /// Takes the attempt back, for nobody has judged it: something of ours failed.
  func takeBack(account: String, address: String) async throws
}

/// Failures of one process, for a laptop and for tests.
package actor MemorySignInStore: SignInStore {
  private var attempts = SignInGuard()

  package init() {}

  package func attempt(account: String, address: String, now: Int64) -> SignInAttempt {
    attempts.attempt(account: account, address: address, now: now)
  }

  package func succeeded(account: String, address: String) {
    attempts.succeeded(account: account, address: address)
  }

  package func takeBack(account: String, address: String) {
    attempts.takeBack(account: account, address: address)
  }
}
