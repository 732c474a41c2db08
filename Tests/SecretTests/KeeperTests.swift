import SlipwayEvidence
import SlipwayModel
import TestSupport
import Testing

/// `sync` and `rotate` over an engine in memory that may refuse at any moment.
struct KeeperTests {
  private static func reasons(
    _ body: () async throws(SecretRefusal) -> Void
  ) async -> [String] {
    do throws(SecretRefusal) {
      try await body()
      return []
    } catch {
      return error.reasons
    }
  }

  private static func text(_ world: FakeEngine.World, _ name: String) -> String? {
    world.secrets[name].map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func `a new engine is given every secret in the form its reader takes`() async throws {
    let engine = FakeEngine(FakeEngine.World())
    let made = try await Shop.keeper(engine, try Shop.plan()).sync()
    #expect(made == 4)
    let world = engine.world
    #expect(Self.text(world, "shop-prod_cookie-key_v1") == Shop.cookie)
    #expect(
      Self.text(world, "shop-prod_redis-password-redis-include_v1")
        == "requirepass \(Shop.redis)\n")
    let map = try #require(Self.text(world, "shop-prod_redis-password-redis-exporter-map_v1"))
    #expect(map.contains(#""rediss://redis-cache:6379": "\#(Shop.redis)""#), "\(map)")
    #expect(map.contains(#""rediss://redis-state:6379": "\#(Shop.redis)""#), "\(map)")
    for labels in world.labels.values {
      #expect(labels["slipway.fingerprint"]?.count == 8)
      #expect(!labels.values.contains { Shop.cookie.contains($0) && $0.count > 8 })
    }
    #expect(try await Shop.keeper(engine, try Shop.plan()).sync() == 0)
  }

  @Test(
    .covers("S17-HS-03", "S17-HS-07", "C-16", "C-47"),
    arguments: [
      (["COOKIE_KEY": Shop.cookie], ["REDIS_PASSWORD is missing in the shop's safe"]),
      (
        ["COOKIE_KEY": "short", "REDIS_PASSWORD": ""],
        ["COOKIE_KEY has at most 23 of 256 bits", "REDIS_PASSWORD is empty"]
      ),
      (
        [
          "COOKIE_KEY": "published-sample-value-of-a-page-0123456789",
          "REDIS_PASSWORD": Shop.redis,
        ], ["COOKIE_KEY is a value that is published"]
      ),
      (
        ["COOKIE_KEY": Shop.cookie, "REDIS_PASSWORD": Shop.cookie],
        ["COOKIE_KEY and REDIS_PASSWORD have one value and must differ"]
      ),
    ])
  func `one bad value, and nothing is created`(values: [String: String], wanted: [String])
    async throws
  {
    let engine = FakeEngine(FakeEngine.World())
    let plan = try Shop.plan()
    let reasons = await Self.reasons { () throws(SecretRefusal) in
      _ = try await Shop.keeper(engine, plan, values).sync()
    }
    #expect(reasons == wanted)
    #expect(engine.world.secrets.isEmpty)
  }

  @Test func `cut off anywhere, the next sync brings the rest`() async throws {
    for refused in 1...4 {
      let engine = FakeEngine(FakeEngine.World(), refuses: refused, dies: true)
      let plan = try Shop.plan()
      let reasons = await Self.reasons { () throws(SecretRefusal) in
        _ = try await Shop.keeper(engine, plan).sync()
      }
      #expect(reasons.count == 1 && reasons[0].hasSuffix("of 4: no"), "\(reasons)")
      let again = FakeEngine(engine.world)
      #expect(try await Shop.keeper(again, plan).sync() == 4 - (refused - 1))
      #expect(again.world.secrets.count == 4)
    }
  }

  @Test(.covers("S04-AUTH-06"))
  func `new stands beside old, stores roll first, old is retired last`() async throws {
    let engine = FakeEngine(try await Shop.running())
    let said = Said()
    let values = ["COOKIE_KEY": Shop.cookie, "REDIS_PASSWORD": Shop.next]
    try await Shop.keeper(engine, try Shop.plan(redis: 2), values, said: said)
      .rotate(["REDIS_PASSWORD"])
    let world = engine.world
    let kinds = world.log.map { $0.prefix { $0 != ":" && $0 != " " } }
    #expect(
      kinds == [
        "create", "create", "create", "redis-cache", "web", "exporter", "remove", "remove",
        "remove",
      ], "\(world.log)")
    #expect(world.mounts["web"]?["/run/redis"] == "shop-prod_redis-password_v2")
    #expect(world.mounts["web"]?["/run/cookie"] == "shop-prod_cookie-key_v1")
    #expect(Self.text(world, "shop-prod_redis-password_v2") == Shop.next)
    #expect(!world.secrets.keys.contains { $0.contains("redis") && $0.hasSuffix("_v1") })
    #expect(!said.lines.joined().contains(Shop.next))
  }

  /// What must be true at every moment, whatever was refused.
  private static func isWhole(_ world: FakeEngine.World) -> Bool {
    world.mounts.values.allSatisfy { $0.values.allSatisfy { world.secrets[$0] != nil } }
  }

  @Test(arguments: [true, false])
  func `refused or cut off at any change, nothing is lost and the next run ends it`(dies: Bool)
    async throws
  {
    let values = ["COOKIE_KEY": Shop.cookie, "REDIS_PASSWORD": Shop.next]
    let plan = try Shop.plan(redis: 2)
    var refusedSomewhere = 0
    for refused in 1...9 {
      let start = try await Shop.running()
      let engine = FakeEngine(start, refuses: refused, dies: dies)
      let reasons = await Self.reasons { () throws(SecretRefusal) in
        try await Shop.keeper(engine, plan, values).rotate(["REDIS_PASSWORD"])
      }
      refusedSomewhere += reasons.isEmpty ? 0 : 1
      #expect(Self.isWhole(engine.world), "\(refused)")
      if refused <= 6 {
        #expect(start.secrets.allSatisfy { engine.world.secrets[$0.key] == $0.value })
        #expect(dies || engine.world.mounts == start.mounts, "\(refused): \(engine.world.log)")
      }
      let again = FakeEngine(engine.world)
      try await Shop.keeper(again, plan, values).rotate(["REDIS_PASSWORD"])
      #expect(again.world.mounts["redis-cache"]?["/run/password"] == "shop-prod_redis-password_v2")
      #expect(!again.world.secrets.keys.contains("shop-prod_redis-password_v1"))
      #expect(Self.isWhole(again.world))
    }
    #expect(refusedSomewhere == 9)
  }

  @Test func `a reader that is taken back takes all others back`() async throws {
    var start = try await Shop.running()
    start.sick = ["web"]
    let engine = FakeEngine(start)
    let values = ["COOKIE_KEY": Shop.cookie, "REDIS_PASSWORD": Shop.next]
    let plan = try Shop.plan(redis: 2)
    let reasons = await Self.reasons { () throws(SecretRefusal) in
      try await Shop.keeper(engine, plan, values).rotate(["REDIS_PASSWORD"])
    }
    #expect(
      reasons == [
        "the engine took 'web' back: rollback_completed",
        "all readers have the version before it; nothing was removed; run this again",
      ])
    #expect(engine.world.mounts == start.mounts)
    #expect(engine.world.secrets["shop-prod_redis-password_v1"] != nil)
  }

  @Test func `an engine that never settles is not waited for without end`() async throws {
    let engine = FakeEngine(try await Shop.running())
    let values = ["COOKIE_KEY": Shop.next, "REDIS_PASSWORD": Shop.redis]
    let plan = try Shop.plan(cookie: 2)
    let reasons = await Self.reasons { () throws(SecretRefusal) in
      try await Shop.keeper(engine, plan, values, patience: 0).rotate(["COOKIE_KEY"])
    }
    #expect(reasons.first == "'web' did not settle in time")
    #expect(Self.isWhole(engine.world))
    #expect(engine.world.secrets["shop-prod_cookie-key_v1"] != nil)
  }

  @Test func `what makes no sense is refused, with what to do`() async throws {
    let world = try await Shop.running()
    func reasons(
      _ plan: SecretPlan, _ names: [String], _ values: [String: String], _ world: FakeEngine.World
    ) async -> [String] {
      let engine = FakeEngine(world)
      let found = await Self.reasons { () throws(SecretRefusal) in
        try await Shop.keeper(engine, plan, values).rotate(names)
      }
      #expect(engine.world.changes == 0)
      return found
    }
    let same = ["COOKIE_KEY": Shop.cookie, "REDIS_PASSWORD": Shop.redis]
    #expect(
      await reasons(try Shop.plan(), ["NO_KEY"], same, world) == ["'prod' has no secret 'NO_KEY'"])
    #expect(
      await reasons(try Shop.plan(), ["COOKIE_KEY"], same, world) == [
        "COOKIE_KEY is at version 1 in 'prod', and nothing older is there; write the next number "
          + "into `versions:` of its secrets, generate, run this again"
      ])
    #expect(
      await reasons(try Shop.plan(cookie: 2), ["COOKIE_KEY"], same, world) == [
        "the shop's safe still has the value of an older version of COOKIE_KEY; put a new one "
          + "there first"
      ])
    var later = world
    later.secrets["shop-prod_cookie-key_v3"] = [1]
    #expect(
      await reasons(try Shop.plan(cookie: 2), ["COOKIE_KEY"], same, later) == [
        "the engine has version 3 of cookie-key, the specification says 2; generate from the "
          + "newest commit"
      ])
    var begun = world
    begun.secrets["shop-prod_cookie-key_v2"] = [1]
    begun.labels["shop-prod_cookie-key_v2"] = ["slipway.fingerprint": "00000000"]
    #expect(
      await reasons(try Shop.plan(cookie: 2), ["COOKIE_KEY"], same, begun) == [
        "'shop-prod_cookie-key_v2' is there and of another value than the shop's safe has; write "
          + "the next number into `versions:`"
      ])
  }

  @Test func `what a recorded release goes back to is kept`() async throws {
    let engine = FakeEngine(try await Shop.running())
    let values = ["COOKIE_KEY": Shop.next, "REDIS_PASSWORD": Shop.redis]
    let said = Said()
    try await Shop.keeper(
      engine, try Shop.plan(cookie: 2), values, recorded: ["shop-prod_cookie-key_v1"], said: said
    ).rotate(["COOKIE_KEY"])
    #expect(engine.world.secrets["shop-prod_cookie-key_v1"] != nil)
    #expect(
      said.lines.last == "kept shop-prod_cookie-key_v1: a recorded release goes back to it")
  }

  @Test func `the status names what is to be done`() async throws {
    let engine = FakeEngine(try await Shop.running())
    let values = ["COOKIE_KEY": Shop.next, "REDIS_PASSWORD": Shop.redis]
    let now = PointInTime(seconds: 1_000)
    let fine = try await Shop.keeper(engine, try Shop.plan()).status(now: now)
    #expect(fine.allSatisfy(\.faults.isEmpty) && fine.count == 4)
    let found = try await Shop.keeper(engine, try Shop.plan(redis: 2), values).status(
      now: PointInTime(seconds: 91 * 86_400))
    #expect(
      found.first?.faults == [
        "the source has another value than version 1", "it is older than 90 days",
      ])
    #expect(
      found.last?.faults == ["the engine does not have it", "'exporter' still reads version 1"])
  }
}
