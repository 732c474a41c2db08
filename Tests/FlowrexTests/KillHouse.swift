import FlowrexSupport
import FlowrexVenue
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

/// API, worker and venue, each a process that can be killed and started again, on one PostgreSQL;
/// between them lines with traps. (issue: kill -9 of real processes at named points)
final class KillHouse: Sendable {
  enum Program: String, CaseIterable, Sendable { case serve, worker, venue }

  /// What a test asked for, and was told.
  struct Placed: Sendable {
    let person: Int
    let key: String
    let body: String
    /// `nil` until somebody said it was accepted.
    var id: String?
  }

  struct NotStarted: Error { let said: String }

  private static let people = 6

  let api: TrapLine
  let toVenue: TrapLine
  let toDatabase: [Program: TrapLine]
  let server: TCPPostgres
  let database: String
  let journal: String
  private let folder: TemporaryFolder
  private let variables: [String: String]
  /// The API's, its metrics', the worker's metrics', the venue's, its metrics'.
  private let ports: [Int]
  private let running = Mutex<[Program: RunningProcess]>([:])
  private let tokens = Mutex<[Int: String]>([:])
  private let placed = Mutex<[String: Placed]>([:])
  private let count = Atomic<Int>(0)
  /// The last price that was asked for, in pips.
  private let middle = Atomic<Int>(11_000)

  /// - Parameter guarantee: `SIMULATED_VENUE_GUARANTEE`.
  static func run(
    guarantee: String, seed: Int, _ body: (KillHouse) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      let house = try await KillHouse(folder, guarantee, seed)
      defer { house.close() }
      for program in [Program.venue, .worker, .serve] { try await house.start(program) }
      try await house.signUp()
      try await body(house)
    }
  }

  private init(_ folder: TemporaryFolder, _ guarantee: String, _ seed: Int) async throws {
    self.folder = folder
    ports = try BoundPort.free(5)
    server = try await TCPPostgres.server()
    var variables = try await server.variables()
    database = variables["DATABASE_NAME"] ?? ""
    journal = folder.path(of: "venue.journal")
    api = try TrapLine(to: ports[0]) { RequestReader() }
    toVenue = try TrapLine(to: ports[3]) { RequestReader() }
    let databasePort = server.port
    toDatabase = try [
      .serve: TrapLine(to: databasePort) { CommitReader() },
      .worker: TrapLine(to: databasePort) { CommitReader() },
    ]
    variables.merge([
      "ENVIRONMENT": "development", "BACKEND_HOST": "127.0.0.1", "LOG_FORMAT": "json",
      "DATABASE_TLS": "disable", "EXECUTION_MODE": "autonomous",
      "OUTBOX_INTERVAL_SECONDS": "0.05", "RECONCILIATION_INTERVAL_SECONDS": "2",
      "DATABASE_STATEMENT_TIMEOUT_SECONDS": "1.5", "LEADER_LOCK_SECONDS": "2",
      "SIMULATED_VENUE_GUARANTEE": guarantee,
      "SIMULATED_VENUE_URL": "http://127.0.0.1:\(toVenue.port)",
      // Whoever signed in stays so when the API starts anew.
      "JWT_SECRET_KEY": "Zk3vQ9tLw7RbX2mHc5NfJp8YsGd4Ea6UuTiKoWqBrDx",
      "VENUE_SEED": "\(seed)", "VENUE_PARTIAL_FILLS_RATIO": "0.3",
      "VENUE_LATE_FILLS_RATIO": "0.3", "VENUE_LOST_ANSWERS_RATIO": "0.05",
      "VENUE_LATENCY_SECONDS": "0.01", "VENUE_JOURNAL_PATH": journal,
      // A busy machine is no market that stands still.
      "MARKET_DATA_MAX_AGE_SECONDS": "30",
    ]) { $1 }
    self.variables = variables
    let migrated = try await Command(variables: variables).run("migrate", "up")
    #expect(migrated.status == 0, "\(migrated)")
  }

  private func close() {
    for process in running.withLock({ $0.values.map(\.self) }) { process.kill() }
    for line in [api, toVenue] + toDatabase.values { line.close() }
  }

  // MARK: - Processes

  func start(_ program: Program) async throws {
    var own = variables
    if let line = toDatabase[program] { own["DATABASE_PORT"] = "\(line.port)" }
    own["SERVICE_NAME"] = program.rawValue
    let health: Int
    switch program {
    case .serve:
      (own["BACKEND_PORT"], own["METRICS_PORT"]) = ("\(ports[0])", "\(ports[1])")
      health = ports[0]
    case .worker:
      own["METRICS_PORT"] = "\(ports[2])"
      health = ports[2]
    case .venue:
      (own["VENUE_PORT"], own["METRICS_PORT"]) = ("\(ports[3])", "\(ports[4])")
      health = ports[4]
    }
    let process = try RunningProcess(
      "flowrex", [program.rawValue], in: folder, own, log: "\(program.rawValue).log")
    running.withLock { $0[program] = process }
    for _ in 0..<3_000 {
      let answer = await RawClient.ask("GET", "/health/live", port: health)
      if answer?.body.contains("\"was_ready\":true") == true { return }
      guard process.isRunning else { break }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw NotStarted(said: process.logText)
  }

  /// Ends it where it stands, with all that it was saying and was being said.
  func kill(_ program: Program) {
    running.withLock { $0[program] }?.kill()
    toDatabase[program]?.cut()
    (program == .serve ? api : toVenue).cut()
  }

  // MARK: - People

  private func signUp() async throws {
    for person in 0..<Self.people {
      let made = try await Command(variables: variables).run(
        "user", "create", Self.email(person), input: TradingHouse.password + "\n")
      #expect(made.status == 0, "\(made)")
      try await signIn(person)
    }
  }

  private static func email(_ person: Int) -> String { "person\(person)@example.com" }

  private func signIn(_ person: Int) async throws {
    let answer = await RawClient.ask(
      "POST", "/api/v1/auth/login", port: ports[0],
      body: RunningService.signIn(Self.email(person), TradingHouse.password))
    guard let answer, answer.status == 200 else { return }
    let token = try JSONValue(answer.body)["access_token"].text
    tokens.withLock { $0[person] = token }
  }

  /// - Returns: `nil` when there was no answer.
  private func ask(
    _ person: Int, _ method: String, _ path: String, _ body: String = ""
  ) async throws -> RawAnswer? {
    if tokens.withLock({ $0[person] }) == nil { try await signIn(person) }
    let token = tokens.withLock { $0[person] } ?? ""
    let answer = await RawClient.ask(
      method, "/api/v1" + path, port: api.port, ["Authorization: Bearer \(token)"], body: body)
    if answer?.status == 401 { tokens.withLock { $0[person] = nil } }
    return answer
  }

  // MARK: - Orders

  /// A new order, at the market or so far from it that it rests.
  func newOrder(isResting: Bool) async throws -> Placed {
    if let answer = try await ask(0, "GET", "/market/quotes/EURUSD"), answer.status == 200,
      let bid = try JSONValue(answer.body)["quote"]["bid"].text.flatMap({ Double($0) })
    {
      middle.store(Int(bid * 10_000), ordering: .relaxed)
    }
    // A hundredth away: nearer than is refused, further than the market goes meanwhile.
    let far = middle.load(ordering: .relaxed) / 100
    let number = count.add(1, ordering: .relaxed).newValue
    let side = number % 2 == 0 ? "buy" : "sell"
    let limit = middle.load(ordering: .relaxed) + (side == "buy" ? -far : far)
    let text = "\(limit / 10_000).\(String(limit % 10_000 + 10_000).dropFirst())"
    let price = isResting ? #","limit_price":"\#(text)""# : ""
    let order = Placed(
      person: number % Self.people, key: "k\(number)",
      body: #"{"client_order_id":"k\#(number)","symbol":"EURUSD","side":"\#(side)","#
        + #""quantity":"0.02","type":"\#(isResting ? "limit" : "market")"\#(price)}"#,
      id: nil)
    placed.withLock { $0[order.key] = order }
    return order
  }

  /// Says it, and remembers what was answered.
  @discardableResult
  func place(_ order: Placed) async throws -> String? {
    guard let answer = try await ask(order.person, "POST", "/orders", order.body),
      answer.status == 200
    else { return nil }
    let json = try JSONValue(answer.body)
    guard json["outcome"].text == "accepted", let id = json["order_id"].text else { return nil }
    let before = placed.withLock { placed in
      defer { placed[order.key]?.id = id }
      return placed[order.key]?.id
    }
    // What was acknowledged once is acknowledged as the same.
    #expect(before == nil || before == id, "\(order.key)")
    return id
  }

  /// Says all that was not answered, and all that was, once more.
  func repeatAll() async throws {
    for order in placed.withLock({ $0.values.sorted { $0.key < $1.key } }) {
      _ = try await place(order)
    }
  }

  func cancel(_ order: Placed, _ id: String) async throws {
    _ = try await ask(order.person, "DELETE", "/orders/\(id)")
  }

  var acknowledged: [Placed] { placed.withLock { $0.values.filter { $0.id != nil } } }

  func cancelAll() async throws {
    for order in acknowledged {
      if let id = order.id { try await cancel(order, id) }
    }
  }

  // MARK: - What is judged

  /// Rows of the database, each with its columns.
  func rows(_ sql: String) async throws -> [[String]] {
    let output = try await Tool.run(
      "psql",
      [
        "--no-psqlrc", "--host", "127.0.0.1", "--port", "\(server.port)", "--username", "flowrex",
        "--no-align", "--tuples-only", "--set", "ON_ERROR_STOP=1", database,
      ], input: sql)
    #expect(output.status == 0, "\(output)")
    return output.stdout.split(separator: "\n").map {
      $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    }
  }

  func entries() throws -> [VenueBook.Entry] {
    try VenueJournal.read(journal).records.flatMap { try $0.entries() }
  }
}
