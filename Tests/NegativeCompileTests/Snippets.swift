import Testing

/// Something that must not compile, the words with which the compiler says why, and the nearest
/// thing that must.
struct Snippet: Sendable, CustomTestStringConvertible {
  let name: String
  let wrong: String
  let right: String
  let says: String
  var testDescription: String { name }
}

/// The surroundings of every snippet.
let prelude = """
  import FlowrexContract
  import Slipway
  let image = Image("a", build: .swift(product: "a"))
  let part = Component("c", image: image, runs: [], ports: [.backend],
    health: .command("x", every: .seconds(1), within: .seconds(1), startingWithin: .seconds(1)),
    keys: [], reads: [], needs: [], stopsWithin: .seconds(1))
  let small = Resources.cpus(1, memory: .gibibytes(1))
  let book = Runbook("r", meaning: "m", firstSteps: ["s"])
  let up = Flowrex.killSwitch.stays(at: 1)

  """

private func production(_ argument: String) -> String {
  "let r: Run<Production> = .run(part, limit: small, reserve: small\(argument))"
}

private func configuration(_ stage: String, _ arguments: String) -> String {
  "let c: Configuration<\(stage)> = .flowrex(\(arguments))"
}

private func alert(_ arguments: String) -> String {
  "let a = Alert(\"A\", severity: .warning, when: Flowrex.killSwitch.max == 1, for: .minutes(1), "
    + "summary: \"s\", \(arguments))"
}

let metricSnippets = [
  Snippet(
    name: "an unknown metric",
    wrong: "let q = Flowrex.httpRequsts.rate(over: .minutes(5))",
    right: "let q = Flowrex.httpRequests.rate(over: .minutes(5))",
    says: "type 'Flowrex' has no member 'httpRequsts'"),
  Snippet(
    name: "the rate of a gauge",
    wrong: "let q = Flowrex.killSwitch.rate(over: .minutes(5))",
    right: "let q = Flowrex.tokensRevoked.rate(over: .minutes(5))",
    says: "has no member 'rate'"),
  Snippet(
    name: "the quantile of a counter",
    wrong: "let q = Flowrex.httpRequests.quantile(.percent(95), over: .minutes(5))",
    right: "let q = Flowrex.httpRequestDuration.quantile(.percent(95), over: .minutes(5))",
    says: "has no member 'quantile'"),
  Snippet(
    name: "an unknown label",
    wrong: "let q = Flowrex.httpRequests.where(\\.staus, is: .serverError)",
    right: "let q = Flowrex.httpRequests.where(\\.status, is: .serverError)",
    says: "has no member 'staus'"),
  Snippet(
    name: "a label of another metric",
    wrong: "let q = Flowrex.httpRequests.where(\\.symbol, is: .eurUSD)",
    right: "let q = Flowrex.tradesFailed.where(\\.symbol, is: .eurUSD)",
    says: "has no member 'symbol'"),
  Snippet(
    name: "a value of another label",
    wrong: "let q = Flowrex.httpRequests.where(\\.status, is: .buy)",
    right: "let q = Flowrex.tradesFailed.where(\\.side, is: .buy)",
    says: "has no member 'buy'"),
  Snippet(
    name: "a threshold in another unit",
    wrong:
      "let a = Flowrex.httpRequestDuration.quantile(.percent(95), over: .minutes(5)) > .percent(5)",
    right:
      "let a = Flowrex.httpRequestDuration.quantile(.percent(95), over: .minutes(5)) > .seconds(5)",
    says: "has no member 'percent'"),
  Snippet(
    name: "a gauge against a rate",
    wrong: "let a = Flowrex.openDescriptors.now > .perSecond(5)",
    right: "let a = Flowrex.openDescriptors.now > 5",
    says: "has no member 'perSecond'"),
  Snippet(
    name: "a ratio without a window",
    wrong: "let a = Flowrex.tradesFailed.share(of: Flowrex.tradesAttempted) > .percent(5)",
    right:
      "let a = Flowrex.tradesFailed.share(of: Flowrex.tradesAttempted).over(.minutes(5)) > .percent(5)",
    says: "cannot be applied to operands of type 'Share' and 'Other'"),
  Snippet(
    name: "a query from text outside the parser",
    wrong: "let q = Query<Ratio>(\"anything\")",
    right: "let q = Query<Ratio>.raw(\"sum(up)\")",
    says: "initializer is inaccessible due to 'package' protection level"),
  Snippet(
    name: "an alert without a case in which it stays quiet",
    wrong: alert("runbook: book, firesOn: .when(up)"),
    right: alert(
      "runbook: book, firesOn: .when(up), quietOn: .when(Flowrex.killSwitch.stays(at: 0))"),
    says: "missing argument for parameter 'quietOn'"),
  Snippet(
    name: "an alert with an empty case",
    wrong: alert("runbook: book, firesOn: .when(up), quietOn: .when()"),
    right: alert(
      "runbook: book, firesOn: .when(up), quietOn: .when(Flowrex.killSwitch.stays(at: 0))"),
    says: "missing argument"),
  Snippet(
    name: "an alert without a runbook",
    wrong: alert("firesOn: .when(up), quietOn: .when(up)"),
    right: alert("runbook: book, firesOn: .when(up), quietOn: .when(up)"),
    says: "missing argument for parameter 'runbook'"),
]

let stageSnippets = [
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

let contractSnippets = [
  Snippet(
    name: "a key that nobody reads",
    wrong: configuration("Production", "trading: .live, overriding: [.poolSise(5)]"),
    right: configuration("Production", "trading: .live, overriding: [.poolSize(5)]"),
    says: "has no member 'poolSise'"),
  Snippet(
    name: "a key without its value",
    wrong: configuration("Production", ""), right: configuration("Production", "trading: .paper"),
    says: "say what an order may reach"),
  Snippet(
    name: "a value of another type",
    wrong: configuration("Production", "trading: .live, overriding: [.poolSize(\"five\")]"),
    right: configuration("Production", "trading: .live, overriding: [.poolSize(5)]"),
    says: "cannot convert value of type 'String'"),
  Snippet(
    name: "live trading in staging",
    wrong: configuration("Staging", "trading: .live"),
    right: configuration("Staging", "trading: .paper"),
    says: "money moves in production only"),
  Snippet(
    name: "debug in production",
    wrong: configuration("Production", "debug: true, trading: .live"),
    right: configuration("Development", "debug: true"),
    says: "details of faults and debug lines are for development"),
  Snippet(
    name: "a cache that is older than ten seconds",
    wrong: configuration("Production", "trading: .live, overriding: [.cacheTTL(.threeHundred)]"),
    right: configuration("Production", "trading: .live, overriding: [.cacheTTL(.ten)]"),
    says: "cannot convert value of type '[Any]' to expected argument type '[Setting]'"),
  Snippet(
    name: "the debug level in production",
    wrong: configuration("Production", "trading: .live, overriding: [.logLevel(.debug)]"),
    right: configuration("Production", "trading: .live, overriding: [.logLevel(.warning)]"),
    says: "debug lines are for development"),
]
