import TestSupport
import Testing

/// `docs/service/attacks.md` names every attack that a test makes, and no other. What others than
/// these tests make, their own compare.
@Suite struct AttackPageTests {
  @Test func `the page names what strangers try over HTTP`() throws {
    let page = try AttackPage()
    #expect(page["Signing in"] == AttackTests.bodies.map(\.name))
    #expect(page["Access tokens over HTTP"] == AttackTests.credentials.map(\.name))
    #expect(page["Refresh tokens"] == AttackTests.cookies.map(\.name))
    #expect(page["Paths, methods, hosts, origins"] == AttackTests.requests.map(\.name))
    #expect(page["Messages that are no HTTP"] == AttackTests.smuggling.map(\.name))
  }

  @Test func `the page names what people try who are signed in`() throws {
    let page = try AttackPage()
    #expect(page["Orders"] == TradingAttackTests.orders.map(\.name))
    #expect(page["Names and lists"] == TradingAttackTests.paths.map(\.name))
    #expect(page["Powers of administrators"] == TradingAttackTests.powers.map(\.name))
    #expect(page["What is another person's"] == AccessTests.others.map(\.name))
  }

  @Test func `the page names what is tried on streams`() throws {
    let page = try AttackPage()
    let origins = StreamServiceTests.origins.map { $0.isEmpty ? "an empty one" : $0 }
    #expect(page["Origins of streams"] == origins)
    #expect(page["Handshakes of streams"] == StreamServiceTests.handshakes.map(\.0))
    #expect(page["Frames"] == StreamServiceTests.attacks.map(\.0))
  }

  /// Fewer would be a list that is lost, and one that is named twice is one.
  @Test func `there are more than a hundred, each once`() throws {
    let page = try AttackPage()
    #expect(page.count >= 250)
    #expect(page.sections.count == 13)
    for (title, names) in page.sections {
      #expect(Set(names).count == names.count && !names.isEmpty, "\(title)")
    }
  }
}
