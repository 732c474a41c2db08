import FlowrexAuth
import FlowrexConformance
import TestSupport
import Testing

@Suite struct StoreTests {
  @Test(.covers("S04-AUTH-10", "S04-AUTH-12"))
  func `sessions in memory keep what sessions keep`() async throws {
    try await SessionStoreSuite.check { MemoryPeople() }
  }

  @Test func `people in memory keep what people keep`() async throws {
    try await UserStoreSuite.check(MemoryPeople())
  }

  @Test(.covers("S04-AUTH-08", "C-45"))
  func `failures in memory keep what failures keep`() async throws {
    try await SignInStoreSuite.check { MemorySignInStore() }
  }

  @Test(arguments: [
    ("Ann@Example.com", "ann@example.com"), ("  ann@example.com ", "ann@example.com"),
    ("ANN@EXAMPLE.COM", "ann@example.com"),
  ])
  func `variants of an address are one address`(text: String, same: String) {
    #expect(EmailAddress(text)?.text == same)
  }

  @Test(arguments: [
    "", "@", "a@", "@b", "a@b@c", "a b@c", "a@b\n", "ａ@b.c", "a\u{0}@b",
    String(repeating: "a", count: 255) + "@b",
  ])
  func `what is no address is none`(text: String) {
    #expect(EmailAddress(text) == nil)
  }
}
