package import FlowrexAuth
import FlowrexContract
package import Testing

/// What every store of failed sign-ins keeps. (S04-AUTH-08, C-45)
package enum SignInStoreSuite {
  package static func check(
    _ make: () async throws -> any SignInStore, _ place: SourceLocation = #_sourceLocation
  ) async throws {
    for check in checks { try await check(try await make(), place) }
  }

  package typealias Check = @Sendable (any SignInStore, SourceLocation) async throws -> Void

  /// Each wants an empty store.
  package static let checks: [Check] = [pair, account, atOnce, unjudged]

  @Sendable private static func pair(_ store: any SignInStore, _ place: SourceLocation) async throws
  {
    for number in 1...LockOut.pairFailures {
      let attempt = try await store.attempt(account: "a", address: "1", now: 0)
      let began: [LockOutScope] = number == LockOut.pairFailures ? [.pair] : []
      #expect(attempt == .counted(began: began), sourceLocation: place)
    }
    #expect(
      try await store.attempt(account: "a", address: "1", now: 299) == .locked,
      sourceLocation: place)
    // Nobody else is kept out, of this account or of another.
    #expect(
      try await store.attempt(account: "a", address: "2", now: 1) == .counted(began: []),
      sourceLocation: place)
    #expect(
      try await store.attempt(account: "b", address: "1", now: 1) == .counted(began: []),
      sourceLocation: place)
    #expect(
      try await store.attempt(account: "a", address: "1", now: 300) == .counted(began: []),
      sourceLocation: place)
  }

  @Sendable private static func account(_ store: any SignInStore, _ place: SourceLocation)
    async throws
  {
    for number in 1...LockOut.accountFailures {
      let attempt = try await store.attempt(account: "a", address: "\(number)", now: 0)
      let began: [LockOutScope] = number == LockOut.accountFailures ? [.account] : []
      #expect(attempt == .counted(began: began), sourceLocation: place)
    }
    #expect(
      try await store.attempt(account: "a", address: "new", now: 1) == .locked,
      sourceLocation: place)
    #expect(
      try await store.attempt(account: "b", address: "new", now: 1) == .counted(began: []),
      sourceLocation: place)
  }

  /// A right password takes its own attempt back, and the address's failures, but no one else's.
  @Sendable private static func atOnce(_ store: any SignInStore, _ place: SourceLocation)
    async throws
  {
    for _ in 1..<LockOut.pairFailures {
      _ = try await store.attempt(account: "a", address: "1", now: 0)
    }
    _ = try await store.attempt(account: "a", address: "1", now: 0)
    try await store.succeeded(account: "a", address: "1")
    #expect(
      try await store.attempt(account: "a", address: "1", now: 0) == .counted(began: []),
      sourceLocation: place)
    let looked = try await withThrowingTaskGroup(of: SignInAttempt.self) { group in
      for _ in 0..<100 {
        group.addTask { try await store.attempt(account: "c", address: "9", now: 0) }
      }
      return try await group.reduce(0) { $0 + ($1 == .locked ? 0 : 1) }
    }
    #expect(looked == LockOut.pairFailures, sourceLocation: place)
  }

  /// An attempt that nobody judged is none, and leaves those that were judged.
  @Sendable private static func unjudged(_ store: any SignInStore, _ place: SourceLocation)
    async throws
  {
    for number in 1..<(3 * LockOut.accountFailures) {
      let attempt = try await store.attempt(account: "a", address: "\(number % 3)", now: 0)
      #expect(attempt == .counted(began: []), sourceLocation: place)
      try await store.takeBack(account: "a", address: "\(number % 3)")
    }
    for number in 1...LockOut.pairFailures {
      let attempt = try await store.attempt(account: "a", address: "1", now: 0)
      let began: [LockOutScope] = number == LockOut.pairFailures ? [.pair] : []
      #expect(attempt == .counted(began: began), sourceLocation: place)
    }
    // The last of them was none after all: no lock-out began.
    try await store.takeBack(account: "a", address: "1")
    #expect(
      try await store.attempt(account: "a", address: "1", now: 0) == .counted(began: [.pair]),
      sourceLocation: place)
    #expect(
      try await store.attempt(account: "a", address: "1", now: 0) == .locked,
      sourceLocation: place)
  }
}
