import FlowrexAuth
import TestSupport
import Testing

/// What a guesser with many names can do to the memory of failures. (S04-AUTH-08, C-45)
@Suite(.covers("S04-AUTH-08", "C-45"))
struct SignInMemoryTests {
  @Test func `the oldest are forgotten first, and who is locked out last`() {
    var book = SignInGuard(most: 100)
    for _ in 1...5 { _ = book.attempt(account: "ann", address: "1", now: 0) }
    #expect(book.attempt(account: "ann", address: "1", now: 1) == .locked)
    for number in 0..<5_000 {
      _ = book.attempt(account: "name\(number)", address: "2", now: 2)
      #expect(book.remembered.pairs <= 100 && book.remembered.accounts <= 100)
    }
    #expect(book.attempt(account: "ann", address: "1", now: 3) == .locked)
  }
}
