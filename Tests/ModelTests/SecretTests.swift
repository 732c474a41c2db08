import Fixtures
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayModel
import TestSupport
import Testing

/// What is said of a secret is about one that is declared and read.
struct SecretTests {
  private func findings(_ versions: [SecretVersion], reads: [SecretKey] = []) -> [Finding] {
    let small = Resources.cpus(0.1, memory: .mebibytes(64))
    let component = Component(
      "thing", image: .shop, runs: [], ports: [],
      health: .command(
        "true", every: .seconds(1), within: .seconds(1), startingWithin: .seconds(1)),
      keys: [], reads: reads, needs: [], stopsWithin: .seconds(1))
    let environment = Environment<Production>.shop(
      runs: [.run(component, replicas: 1, limit: small, reserve: small)], versions: versions)
    return Resolver.resolve(AnyEnvironment(environment), of: .shop, lock: ImageLock()).findings
      .filter { $0.severity == .error }
  }

  @Test func `a version of a secret that is read is in force`() {
    #expect(findings([.version(2, of: .redisPassword)], reads: [.redisPassword]) == [])
  }

  @Test func `a version of a secret that nobody reads is refused`() {
    let found = findings([.version(2, of: .redisPassword)])
    #expect(found.map(\.rule) == ["spec/secret-versions-are-in-force"])
    #expect(
      found.first?.message
        == "version 2 of REDIS_PASSWORD would be in force, and no service here reads it")
    #expect(
      found.first?.fix == "delete it, or let a component of this environment read the secret")
  }

  @Test func `two versions of one secret, and version 0, are refused`() {
    let twice = findings(
      [
        .version(2, of: .redisPassword),
        .version(3, of: .redisPassword),
      ], reads: [.redisPassword])
    #expect(
      twice.map(\.message) == ["two versions of REDIS_PASSWORD would be in force: 2 and 3"])
    #expect(twice.first?.written.count == 2)
    let none = findings([.version(0, of: .redisPassword)], reads: [.redisPassword])
    #expect(
      none.map(\.message)
        == ["version 0 of REDIS_PASSWORD would be in force, which no secret has"])
  }

  @Test(.covers("S17-HS-03")) func `a secret that the contract does not declare is refused`() {
    let forgotten = SecretKey("FORGOTTEN_KEY", atLeast: 128, rotate: .days(90), "In no list.")
    let found = findings([], reads: [forgotten])
    #expect(found.map(\.rule) == ["spec/secrets-are-declared"])
    #expect(
      found.first?.message == "'thing' reads FORGOTTEN_KEY, which the contract does not declare")
    #expect(found.first?.written.first?.argument == "reads")
  }
}
