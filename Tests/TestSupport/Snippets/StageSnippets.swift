private func production(_ argument: String) -> String {
  "let r: Run<Production> = .run(part, limit: small, reserve: small\(argument))"
}

extension Snippet {
  package static let stages = [
    Snippet(
      name: "made-up secrets in production",
      wrong: "let s: Secrets<Production> = .madeUp",
      right: "let s: Secrets<Production> = .vault(\"secret/x\")",
      says: "sample secrets are public"),
    Snippet(
      name: "backups that are kept nowhere",
      wrong:
        "let b: Backups<Production> = .daily(at: .utc(2, 0), keep: .days(30), loseAtMost: .seconds(60), backWithin: .minutes(15), region: \"r\", endpoint: \"e\", on: \"n\")",
      right:
        "let b: Backups<Production> = .daily(at: .utc(2, 0), keep: .days(30), loseAtMost: .seconds(60), backWithin: .minutes(15), bucket: \"b\", region: \"r\", endpoint: \"e\", on: \"n\")",
      says: "missing argument for parameter 'bucket'"),
    Snippet(
      name: "an environment without backups",
      wrong: "func f(_ b: Backups<Development>) -> Backups<Production> { b }",
      right: "func f(_ b: Backups<Production>) -> Backups<Production> { b }",
      says: "cannot convert return expression of type 'Backups<Development>'"),
    Snippet(
      name: "a component without a limit",
      wrong: "let r: Run<Production> = .run(part, reserve: small)",
      right: production(""), says: "missing argument for parameter 'limit'"),
    Snippet(
      name: "a component without a health check",
      wrong:
        "let x = Component(\"c\", image: image, runs: [], ports: [], keys: [], reads: [], needs: [], stopsWithin: .seconds(1))",
      right: "let x = part", says: "missing argument for parameter 'health'"),
    Snippet(
      name: "a published port in production",
      wrong: production(", publishes: [.loopback(8000)]"), right: production(""),
      says: "only the edge answers from outside; delete `publishes:`"),
    Snippet(
      name: "a published database in production",
      wrong:
        "let d = Database<Production>(primary: \"a\", replicas: [], maxConnections: 9, limit: small, reserve: small, publishes: [.loopback(5432)])",
      right:
        "let d = Database<Development>(primary: \"a\", replicas: [], maxConnections: 9, limit: small, reserve: small, publishes: [.loopback(5432)])",
      says: "only the edge answers from outside; delete `publishes:`"),
    Snippet(
      name: "a floating image in production",
      wrong: production(", source: .tag(\"latest\")"), right: production(", source: .release"),
      says: "a tag can be moved; delete `source:`"),
    Snippet(
      name: "an image from the working tree in production",
      wrong: production(", source: .checkout"), right: production(""),
      says: "what runs outside development comes from a release record"),
    Snippet(
      name: "code that reloads in production",
      wrong: production(", source: .checkout(reload: .onChange)"), right: production(""),
      says: "what runs outside development never changes by itself"),
    Snippet(
      name: "no backups in production",
      wrong: "let b: Backups<Production> = .none", right: "let b: Backups<Development> = .none",
      says: "what people trade on is backed up"),
    Snippet(
      name: "made-up secrets in staging",
      wrong: "let s: Secrets<Staging> = .madeUp",
      right: "let s: Secrets<Staging> = .vault(\"secret/x\")",
      says: "sample secrets are public"),
    Snippet(
      name: "a self-signed certificate in production",
      wrong: "let c: Certificate<Production> = .selfSigned",
      right: "let c: Certificate<Development> = .selfSigned",
      says: "browsers refuse it and people learn to click past warnings"),
    Snippet(
      name: "nobody is woken",
      wrong:
        "let r = Receivers<Production>(warning: [.slack(.slackWebhook, channel: \"#a\")], heartbeat: .webhook(.heartbeatURL))",
      right:
        "let r = Receivers<Production>(critical: [.pagerDuty(.pagerDutyKey)], warning: [], heartbeat: .webhook(.heartbeatURL))",
      says: "missing argument for parameter 'critical'"),
    Snippet(
      name: "a receiver with a literal secret",
      wrong: "let r = Receiver.slack(\"https://hooks.example.com/x\", channel: \"#a\")",
      right: "let r = Receiver.slack(.slackWebhook, channel: \"#a\")",
      says: "cannot convert value of type 'String'"),
    Snippet(
      name: "the cluster of a laptop in production",
      wrong: "let c: Cluster<Production> = .thisMachine(small)",
      right: "let c: Cluster<Development> = .thisMachine(small)",
      says: "requires the types 'Production' and 'Development' be equivalent"),
    Snippet(
      name: "a part of development in production",
      wrong:
        "let d: Run<Development> = .run(part, limit: small, reserve: small)\nlet r: [Run<Production>] = [d]",
      right:
        "let d: Run<Production> = .run(part, limit: small, reserve: small)\nlet r: [Run<Production>] = [d]",
      says: "cannot convert value of type 'Run<Development>'"),
    Snippet(
      name: "a coverage floor below 80 percent",
      wrong:
        "let p = Project(\"p\", contract: .flowrex, registry: \"r\", home: \"h\", coverage: .seventy)",
      right:
        "let p = Project(\"p\", contract: .flowrex, registry: \"r\", home: \"h\", coverage: .eighty)",
      says: "type 'CoverageFloor' has no member 'seventy'"),
  ]
}
