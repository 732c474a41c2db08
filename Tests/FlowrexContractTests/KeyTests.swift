import FlowrexContract
import Foundation
import ServiceContract
import TestSupport
import Testing

/// Configuration keys, secrets and what makes an environment's configuration.
@Suite struct KeyTests {
  private let contract = Contract.flowrex

  @Test func `every key is a variable and cites where it comes from`() {
    for key in contract.keys {
      #expect(key.name.wholeMatch(of: /[A-Z][A-Z0-9]*(_[A-Z0-9]+)*/) != nil, "\(key.name)")
      #expect(key.help.citesSource, "\(key.name): \(key.help)")
    }
  }

  @Test func `a span's key ends in its unit`() {
    for key in contract.keys where key.type == Duration.typeName {
      #expect(key.name.hasSuffix("_SECONDS"), "\(key.name)")
    }
    for key in contract.keys where key.type == ByteCount.typeName {
      #expect(key.name.hasSuffix("_BYTES"), "\(key.name)")
    }
    for key in contract.keys where key.type == Money.typeName {
      #expect(key.name.hasSuffix("_USD"), "\(key.name)")
    }
  }

  @Test(.covers("S17-VAR-70"))
  func `every secret cites where it comes from, and no key has its name`() {
    let keys = Set(contract.keys.map(\.name))
    for secret in contract.secrets {
      #expect(secret.help.citesSource, "\(secret.name): \(secret.help)")
      #expect(!keys.contains(secret.name), "\(secret.name) would be in the environment")
      #expect(!secret.name.hasPrefix("NEXT_PUBLIC_"))
    }
  }

  @Test(.covers("S17-HS-03")) func `every secret that is written down is in a list`() throws {
    let folder = packageRoot + "/Sources/FlowrexContract/Secrets"
    var written: [String] = []
    for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
      let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
      written += text.matches(of: /static let \w+ = SecretKey\(\s*"(\w+)"/).map {
        String($0.output.1)
      }
    }
    #expect(written.count > 20)
    let listed = contract.secrets.map(\.name)
    for name in written {
      #expect(listed.contains(name), "\(name) is in no list below it, so nobody is given it")
    }
    #expect(Set(listed) == Set(written))
  }

  @Test(.covers("S17-HS-07", "S17-VAR-20")) func `a token's key has at least 32 bytes`() {
    #expect(SecretKey.jwtSecretKey.bits >= 256)
    #expect(SecretKey.securitySecretKey.bits >= 256)
    #expect(SecretKey.jwtPreviousKey.rotateAfter > SecretKey.jwtSecretKey.rotateAfter)
  }

  @Test func `every fact is told under a declared key, each once`() {
    let facts = contract.bindings.facts
    #expect(Set(facts.map(\.fact)) == Set(Fact.allCases))
    // The environment's name is told in three of them, each time otherwise.
    #expect(facts.count == Fact.allCases.count + 2)
    #expect(Set(facts.map { [$0.fact.rawValue, $0.before] }).count == facts.count)
    #expect(Set(facts.map(\.key)).count == facts.count)
    #expect(Set(facts.map(\.key)).isSubset(of: contract.keys.map(\.name)))
    for binding in facts {
      #expect(
        contract.keys.first { $0.name == binding.key }?.defaultText == nil,
        "\(binding.key) follows from the specification and has no default")
    }
  }

  @Test func `an environment states every key without a default that no fact tells`() {
    let told = Set(contract.bindings.facts.map(\.key))
    let stamped = Set(["APP_VERSION", "APP_COMMIT", "APP_BUILD_ID"])
    let adapters = Set(KeyDeclaration.adapterKeys.map(\.name))
    let needed = Set(contract.keys.filter { $0.defaultText == nil }.map(\.name))
      .subtracting(told).subtracting(stamped).subtracting(adapters)
    let production = Configuration<Production>.flowrex(trading: .paper)
    let development = Configuration<Development>.flowrex()
    #expect(Set(production.settings.map(\.key)) == needed)
    #expect(Set(development.settings.map(\.key)) == needed.union(["LOG_LEVEL"]))
  }

  @Test(
    .covers(
      "S17-HS-06", "S17-ENV-12", "S17-ENV-14", "S17-ENV-20", "S17-VAR-34", "S17-VAR-48",
      "S03-VAR-15", "S03-CL-ENV-06", "S04-ENV-02", "S18-CL-SEC-03"))
  func `production and staging are strict whatever is overridden`() {
    let production = Configuration<Production>.flowrex(
      trading: .paper, overriding: [.poolSize(8)])
    let staging = Configuration<Staging>.flowrex(trading: .paper)
    for settings in [production.settings, staging.settings] {
      let values = Dictionary(uniqueKeysWithValues: settings.map { ($0.key, $0.text) })
      #expect(values["DEBUG"] == "false")
      #expect(values["RATE_LIMIT_ENABLED"] == "true")
      #expect(values["LOG_FORMAT"] == "json")
      #expect(values["TRADING_MODE"] == "paper")
      #expect(values["DATABASE_ENGINE"] == "postgresql")
      #expect(values["REDIS_ENGINE"] == "redis")
    }
  }

  @Test(.covers("S03-VAR-11"))
  func `who signs, for whom, and where is cached follow the environment, not its stage`() {
    let names = ["JWT_ISSUER", "JWT_AUDIENCE", "CACHE_PREFIX"]
    let bound = contract.bindings.facts.filter { names.contains($0.key) }
    #expect(bound.map(\.fact) == [.environment, .environment, .environment])
    let values = bound.map { $0.before + "qa" + $0.after }
    #expect(values == ["flowrex-qa", "flowrex-api-qa", "flowrex:qa:"])
    let stated = Configuration<Staging>.flowrex(trading: .paper).settings.map(\.key)
    #expect(Set(stated).isDisjoint(with: names))
  }

  @Test func `a setting knows the line that states it`() {
    let line = #line + 1
    let configuration = Configuration<Production>.flowrex(trading: .paper)
    for setting in configuration.settings {
      #expect(setting.line == line && setting.file == #filePath)
    }
    #expect(configuration.settings.first { $0.key == "TRADING_MODE" }?.argument == "trading")
  }

  @Test func `a tightened cap starts at the cap`() {
    for cap in RiskCap.flowrex {
      let key = contract.keys.first { $0.name == cap.tightenedBy }
      #expect(key != nil, "\(cap.name)")
      #expect(cap.limit.split(separator: " ").first.map(String.init) == key?.defaultText)
      #expect(cap.help.citesSource)
    }
  }

  @Test func `denied secrets are digests, sorted, each once`() {
    for digest in deniedSecretDigests {
      #expect(digest.wholeMatch(of: /[0-9a-f]{64}/) != nil)
    }
    #expect(deniedSecretDigests == deniedSecretDigests.sorted())
    #expect(Set(deniedSecretDigests).count == deniedSecretDigests.count)
    // printf %s password | sha256sum
    #expect(
      deniedSecretDigests.contains(
        "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8"))
  }
}
