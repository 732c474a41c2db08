private func configuration(_ stage: String, _ arguments: String) -> String {
  "let c: Configuration<\(stage)> = .flowrex(\(arguments))"
}

extension Snippet {
  package static let contract = [
    Snippet(
      name: "a token key as a setting",
      wrong: configuration(
        "Production", "trading: .paper, overriding: [.jwtSecretKey(\"0123456789\")]"),
      right: configuration("Production", "trading: .paper, overriding: [.poolSize(5)]"),
      says: "has no member 'jwtSecretKey'"),
    Snippet(
      name: "the value of a secret",
      wrong: "let s: String = SecretKey.jwtSecretKey.value",
      right: "let s: String = SecretKey.jwtSecretKey.name",
      says: "has no member 'value'"),
    Snippet(
      name: "a hard cap that is raised",
      wrong: "func raise() { RiskCaps.orderValue = .usd(1_000_000) }",
      right: "let least: Money = RiskCaps.orderValue",
      says: "'orderValue' is a 'let' constant"),
    Snippet(
      name: "a key that nobody reads",
      wrong: configuration("Production", "trading: .paper, overriding: [.poolSise(5)]"),
      right: configuration("Production", "trading: .paper, overriding: [.poolSize(5)]"),
      says: "has no member 'poolSise'"),
    Snippet(
      name: "a key without its value",
      wrong: configuration("Production", ""), right: configuration("Production", "trading: .paper"),
      says: "say what an order may reach"),
    Snippet(
      name: "a value of another type",
      wrong: configuration("Production", "trading: .paper, overriding: [.poolSize(\"five\")]"),
      right: configuration("Production", "trading: .paper, overriding: [.poolSize(5)]"),
      says: "cannot convert value of type 'String'"),
    Snippet(
      name: "live trading in staging",
      wrong: configuration("Staging", "trading: .live"),
      right: configuration("Staging", "trading: .paper"),
      says: "money moves in production only"),
    Snippet(
      name: "a live broker that no adapter reaches",
      wrong: configuration("Production", "trading: .live"),
      right: configuration("Production", "trading: .paper"),
      says: "no adapter reaches a live broker"),
    Snippet(
      name: "debug in production",
      wrong: configuration("Production", "debug: true, trading: .paper"),
      right: configuration("Development", "debug: true"),
      says: "details of faults and debug lines are for development"),
    Snippet(
      name: "a cache that is older than ten seconds",
      wrong: configuration("Production", "trading: .paper, overriding: [.cacheTTL(.threeHundred)]"),
      right: configuration("Production", "trading: .paper, overriding: [.cacheTTL(.ten)]"),
      says: "cannot convert value of type '[Any]' to expected argument type '[Setting]'"),
    Snippet(
      name: "the debug level in production",
      wrong: configuration("Production", "trading: .paper, overriding: [.logLevel(.debug)]"),
      right: configuration("Production", "trading: .paper, overriding: [.logLevel(.warning)]"),
      says: "debug lines are for development"),
  ]
}
