import Foundation
import Glibc
import Synchronization

/// What the service promises, and how its twin does in the same run. (issue 4)
struct Serving {
  let places: Places
  /// Of the soak, in seconds.
  let soak: Int
  static let status = "/api/v1/reconciliation/status"
  static let queries = "database_queries_total{"
  /// Seconds under load, each time.
  static let length = 10
  static let rounds = 3

  func rows() throws -> [Row] {
    try withFolder { folder in
      let house = try House(places: places, in: folder)
      defer { house.end() }
      let worker = try house.work()
      defer { worker.end() }
      return try starts(house) + saturated(house) + paced(house) + orders(house) + drained(house)
        + soaked(house)
    }
  }

  /// From the start of the process to the first answer that it is ready.
  private func starts(_ house: House) throws -> [Row] {
    let times = try (0..<5).map { _ in
      let start = ContinuousClock.now
      let server = try house.serve()
      defer { server.process.end(SIGKILL) }
      try server.awaits("/health/ready")
      return (ContinuousClock.now - start).seconds
    }
    return [
      Row(
        "ready after start", times.median, atMost: 1, .seconds, how: "median of 5, both stores up")
    ]
  }

  /// A hundred connections that ask again at once; ours and the twin by turns.
  private func saturated(_ house: House) throws -> [Row] {
    let (server, twin) = (try house.serve(), try house.twin())
    defer {
      server.process.end()
      twin.process.end()
    }
    try server.awaits("/health/ready")
    try twin.awaits("/health")
    let refill = try house.stores.refilling()
    defer { refill.end() }
    var (ours, theirs, statements, all) = ([Saturated](), [Saturated](), [Double](), 0.0)
    // The first round of each is for pools and caches.
    for round in 0...Self.rounds {
      let tokens = try house.tokens(100).map(\.token)
      func run(_ server: Server) throws -> Saturated {
        try Saturated.run(
          port: server.port, path: Self.status, tokens: tokens,
          seconds: round == 0 ? 3 : Self.length, in: house.folder)
      }
      let before = (server.metric(Self.queries), try house.stores.statements())
      let our = try run(server)
      let asked = server.metric(Self.queries) - before.0
      all += try house.stores.statements() - before.1
      let their = try run(twin)
      guard round > 0 else { continue }
      statements.append(asked / Double(Self.length))
      ours.append(our)
      theirs.append(their)
    }
    let failures = [ours, theirs].map { $0.map(\.failures).reduce(0, +) }
    let times = zip(ours, theirs).map { $0.rate / $1.rate }.median
    let tails = zip(ours, theirs).map { $0.p99 / $1.p99 }.median
    func text(_ all: [Saturated]) -> String {
      let (p50, p95, p99) = (
        all.map(\.p50).median, all.map(\.p95).median, all.map(\.p99).median
      )
      return "\(Int(all.map(\.rate).median))/s, p50 \(Unit.milliseconds.text(p50)), "
        + "p95 \(Unit.milliseconds.text(p95)), p99 \(Unit.milliseconds.text(p99))"
    }
    let how = "ours \(text(ours)); twin \(text(theirs)); \(Self.rounds) rounds by turns"
    return [
      Row(
        "status, 100 connections at full load: p95", ours.map(\.p95).median, atMost: 0.025,
        .milliseconds, how: "wrk, \(Self.length) s a round"),
      Row("… requests/s against the FastAPI twin", times, atLeast: 3, .times, how: how),
      Row("… p99 against the FastAPI twin", tails, atMost: 1 / 3, .times, how: how),
      Row(
        "… answers that were none", value: "\(Int(failures[0]))", holds: failures[0] == 0,
        how: "anything but 2xx; of the twin \(Int(failures[1]))"),
      Row(
        "… database queries/s", statements.median, atMost: 10, .perSecond,
        how: "database_queries_total; \(Int(all)) in all of these rounds by pg_stat_statements, "
          + "which has the worker's turns and our own looks too"),
    ]
  }

  /// A hundred people who ask once a second each, as the limit lets them.
  private func paced(_ house: House) throws -> [Row] {
    let server = try house.serve()
    defer { server.process.end() }
    try server.awaits("/health/ready")
    let tokens = try house.tokens(100).map(\.token)
    let load = Paced(rate: 95, length: .seconds(20), people: 100)
    let ask: @Sendable (Wire, Int, Int) -> Bool = { wire, person, _ in
      wire.ask("GET", Self.status, token: tokens[person])?.status == 200
    }
    _ = Paced(rate: 95, length: .seconds(5), people: 100).run(port: server.port, ask)
    let names = ["cache_hits_total{", "cache_misses_total{"]
    let before = (server.metric(Self.queries), names.map(server.metric))
    let outcome = load.run(port: server.port, ask)
    let after = (server.metric(Self.queries), names.map(server.metric))
    let (hits, misses) = (after.1[0] - before.1[0], after.1[1] - before.1[1])
    return [
      Row(
        "status, 100 people once a second: p95", outcome.percentile(0.95), atMost: 0.025,
        .milliseconds,
        how: "20 s; p99 \(Unit.milliseconds.text(outcome.percentile(0.99))), "
          + "\(outcome.failures) failures"),
      Row(
        "… found in the cache", 100 * hits / max(1, hits + misses), atLeast: 80, .percent,
        how: "\(Int(hits)) hits, \(Int(misses)) misses"),
      Row(
        "… database queries/s", (after.0 - before.0) / load.length.seconds, atMost: 10, .perSecond,
        how: "database_queries_total"),
    ]
  }

  /// Orders at a steady rate, each on the disk before it is answered.
  private func orders(_ house: House) throws -> [Row] {
    let server = try house.serve()
    defer { server.process.end() }
    try server.awaits("/health/ready")
    let refill = try house.stores.refilling()
    defer { refill.end() }
    let tokens = try house.tokens().map(\.token)
    // Everybody's account is opened before.
    _ = Paced(rate: 100, length: .seconds(4), people: tokens.count).run(port: server.port) {
      wire, person, _ in
      wire.ask("GET", "/api/v1/portfolio", token: tokens[person])?.status == 200
    }
    let accepted = Mutex(0)
    let first = try Int(house.stores.say("SELECT COUNT(*) FROM orders")) ?? 0
    let load = Paced(rate: 200, length: .seconds(20), people: tokens.count)
    let run = "\(first)-\(getpid())"
    let outcome = load.run(port: server.port) { wire, person, number in
      let body =
        #"{"client_order_id":"bench-\#(run)-\#(number)","symbol":"EURUSD","#
        + #""side":"\#(number / tokens.count % 2 == 0 ? "buy" : "sell")","quantity":"0.01","#
        + #""type":"market"}"#
      guard
        let answer = wire.ask("POST", "/api/v1/orders", token: tokens[person], body: body),
        answer.status / 100 == 2
      else { return false }
      if answer.body.contains(#""accepted""#) { accepted.withLock { $0 += 1 } }
      return true
    }
    let kept = try (Int(house.stores.say("SELECT COUNT(*) FROM orders")) ?? 0) - first
    let taken = accepted.withLock { $0 }
    return [
      Row(
        "durable orders, 200/s: p99", outcome.percentile(0.99), atMost: 0.05, .milliseconds,
        how: "fsync on, 20 s; p50 \(Unit.milliseconds.text(outcome.percentile(0.5))), "
          + "p95 \(Unit.milliseconds.text(outcome.percentile(0.95)))"),
      Row(
        "… accepted, of those asked",
        value: "\(taken) of \(Int(load.rate * load.length.seconds))",
        holds: outcome.failures == 0 && taken == Int(load.rate * load.length.seconds)
          && kept >= taken, how: "\(kept) rows in the database, \(outcome.failures) failures"),
    ]
  }

  /// From the signal to the end, while people go on asking.
  private func drained(_ house: House) throws -> [Row] {
    let tokens = try house.tokens(100).map(\.token)
    let times = try (0..<3).map { _ in
      let server = try house.serve()
      try server.awaits("/health/ready")
      let port = server.port
      let loading = Thread {
        _ = Paced(rate: 95, length: .seconds(12), people: 50).run(port: port) { wire, person, _ in
          wire.ask("GET", Self.status, token: tokens[person])?.status == 200
        }
      }
      loading.start()
      sleep(3)
      let start = ContinuousClock.now
      server.process.end(SIGTERM)
      return (ContinuousClock.now - start).seconds
    }
    return [
      Row(
        "drained after SIGTERM", times.median, atMost: 5, .seconds,
        how: "median of 3 under load; for 3 s of it requests are still taken")
    ]
  }

  /// Load for a long time: what is held in the last third and in the middle one.
  private func soaked(_ house: House) throws -> [Row] {
    guard soak > 0 else { return [] }
    let server = try house.serve()
    defer { server.process.end() }
    try server.awaits("/health/ready")
    let refill = try house.stores.refilling()
    defer { refill.end() }
    var samples: [(Holdings, Int)] = []
    let end = ContinuousClock.now + .seconds(soak)
    var failures = 0
    while ContinuousClock.now < end {
      // Tokens live as long as fifteen minutes; a turn is a minute.
      let tokens = try house.tokens(200).map(\.token)
      let run = "soak-\(getpid())-\(samples.count)"
      let outcome = Paced(rate: 250, length: .seconds(min(60, soak / 9)), people: 200)
        .run(port: server.port) { wire, person, number in
          guard number.isMultiple(of: 10) else {
            return wire.ask("GET", Self.status, token: tokens[person])?.status == 200
          }
          let body =
            #"{"client_order_id":"\#(run)-\#(number)","symbol":"EURUSD","#
            + #""side":"\#(number / 200 % 2 == 0 ? "buy" : "sell")","quantity":"0.01","#
            + #""type":"market"}"#
          return wire.ask("POST", "/api/v1/orders", token: tokens[person], body: body)?.status
            == 200
        }
      failures += outcome.failures
      samples.append((server.process.holdings, try house.stores.connections()))
    }
    let third = max(1, samples.count / 3)
    let (middle, last) = (samples.dropFirst(third).prefix(third), samples.suffix(third))
    func growth(_ value: ((Holdings, Int)) -> Double) -> Double {
      last.map(value).median - middle.map(value).median
    }
    let memory = growth { $0.0.resident }
    func text(_ value: ((Holdings, Int)) -> Double) -> String {
      samples.map { String(Int(value($0).rounded())) }.joined(separator: " ")
    }
    return [
      Row(
        "soak of \(soak) s: memory grew by", memory, atMost: 2, .mebibytes,
        how: "250 requests/s, a tenth of them orders, \(failures) failures; "
          + "MiB \(text { $0.0.resident })"),
      Row(
        "… descriptors grew by", value: "\(Int(growth { Double($0.0.files) }))",
        holds: growth { Double($0.0.files) } <= 0, how: text { Double($0.0.files) }),
      Row(
        "… connections to the database grew by", value: "\(Int(growth { Double($0.1) }))",
        holds: growth { Double($0.1) } <= 0, how: text { Double($0.1) }),
    ]
  }
}
