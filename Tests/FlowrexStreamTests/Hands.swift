import FlowrexAuth
import FlowrexContract
import FlowrexMetrics
import FlowrexStore
import FlowrexStream
import Foundation
import Ledger
import Synchronization
import Testing

/// A clock that stands until somebody moves it: nanoseconds, and seconds since 1970 with them.
final class HandTime: Sendable {
  private let time = Mutex<Int64>(1_000_000_000_000_000_000)

  var now: Int64 { time.withLock { $0 } }
  func pass(_ span: Duration) {
    let (seconds, attoseconds) = span.components
    time.withLock { $0 += seconds * 1_000_000_000 + attoseconds / 1_000_000_000 }
  }
}

/// A store of changes that somebody makes.
final class HandSource: StreamSource {
  struct Away: Error {}
  private struct State {
    var accounts: [String: [AccountID]] = [:]
    var changes: [AccountID: [StreamItem]] = [:]
    var forgotten: [AccountID: Int64] = [:]
    var dead: Set<String> = []
    var isAway = false
    var reads = 0
  }

  private let state = Mutex(State())

  func open(_ account: AccountID, of subject: String) {
    state.withLock { $0.accounts[subject, default: []].append(account) }
  }

  /// So many orders are placed.
  func place(_ count: Int = 1, for account: AccountID) {
    for _ in 0..<count {
      state.withLock { state in
        let number = Int64(state.changes[account, default: []].count + 1)
        let change = AccountChange(
          .order(event: 0), of: OrderID(UInt128(number)), account, number: number,
          at: Timestamp(microseconds: 0))
        state.changes[account, default: []].append(StreamItem(change, nil))
      }
    }
  }

  /// Changes up to a number are not kept any more.
  func forget(upTo number: Int64, of account: AccountID) {
    state.withLock { $0.forgotten[account] = number }
  }

  func end(_ session: String) { state.withLock { _ = $0.dead.insert(session) } }
  func goAway(_ isAway: Bool = true) { state.withLock { $0.isAway = isAway } }
  var reads: Int { state.withLock { $0.reads } }

  private func read<Value>(_ body: (inout State) -> Value) throws -> Value {
    try state.withLock { state in
      guard !state.isAway else { throw Away() }
      state.reads += 1
      return body(&state)
    }
  }

  func accounts(of subject: String) async throws -> [AccountID] {
    try read { $0.accounts[subject] ?? [] }
  }

  func items(
    of account: AccountID, after number: Int64, limit: Int
  ) async throws -> [StreamItem]? {
    try read { state in
      let all = state.changes[account] ?? []
      guard number >= state.forgotten[account, default: 0], number <= all.count else { return nil }
      return Array(all[Int(number)...].prefix(limit))
    }
  }

  func snapshot(of account: AccountID) async throws -> StreamSnapshot {
    try read { state in
      StreamSnapshot(
        account, number: Int64(state.changes[account]?.count ?? 0), orders: [],
        areOrdersCut: false, positions: [(.eurUSD, Position(quantity: 2, cost: -5))])
    }
  }

  func look(sessions: [String], accounts: [AccountID]) async throws -> StreamLook {
    try read { state in
      var last: [AccountID: Int64] = [:]
      for account in accounts { last[account] = Int64(state.changes[account]?.count ?? 0) }
      return StreamLook(live: Set(sessions).subtracting(state.dead), last: last)
    }
  }
}

/// A connection whose client reads as long as it wants to.
final class HandLine: SocketLine {
  private struct State {
    var session: StreamSession?
    var isReading = true
    var heard: [String] = []
    var pings = 0
    var closes: [SocketClose] = []
  }

  private let state = Mutex(State())

  func connect(_ session: StreamSession) {
    state.withLock { $0.session = session }
    session.open(on: self)
  }

  func read(_ isReading: Bool) {
    state.withLock { $0.isReading = isReading }
    flush()
  }

  func flush() {
    while true {
      let session = state.withLock { $0.isReading ? $0.session : nil }
      guard let text = session?.next() else { return }
      state.withLock { $0.heard.append(String(decoding: text, as: UTF8.self)) }
    }
  }

  func ping() { state.withLock { $0.pings += 1 } }
  func close(_ reason: SocketClose) { state.withLock { $0.closes.append(reason) } }

  var heard: [String] { state.withLock { $0.heard } }
  var pings: Int { state.withLock { $0.pings } }
  var closes: [SocketClose] { state.withLock { $0.closes } }

  /// What was heard, by its type.
  func types() throws -> [String] { try heard.map { try Said($0).type } }
  /// The numbers of what was heard, of one account alone.
  func numbers() throws -> [Int64] { try heard.compactMap { try Said($0).seq } }
}

struct Said: Decodable {
  let type: String
  let seq: Int64?
  let reset: Bool?
  let code: String?
  let account: String?
  let tokenExpiresAt: Int64?

  init(_ text: String) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(Said.self, from: Data(text.utf8))
  }
}

/// A hub with everything that it needs, in hands.
struct Stage {
  let time = HandTime()
  let source = HandSource()
  let metrics = MetricRegistry(.backend)
  let hub: StreamHub

  static let account = AccountID(0xA)
  static let limits = StreamLimits(
    sockets: 4, perPerson: 2, queue: 300, message: 1_024, heartbeat: .seconds(30),
    sendTimeout: .seconds(5))

  init(_ limits: StreamLimits = Stage.limits) {
    let time = time
    source.open(Self.account, of: "ann")
    hub = StreamHub(
      limits, source: source, metrics: metrics,
      world: StreamWorld(
        monotonic: { time.now }, seconds: { time.now / 1_000_000_000 },
        authenticate: { text in
          // `subject session life`
          let words = text.split(separator: " ").map(String.init)
          guard words.count == 3, let life = Int64(words[2]) else { throw HandSource.Away() }
          return Self.token(words[0], words[1], time, life)
        }))
  }

  private static func token(
    _ subject: String, _ session: String, _ time: HandTime, _ life: Int64
  ) -> AccessToken {
    let now = time.now / 1_000_000_000
    return AccessToken(
      subject: subject, session: session, role: .user, issuedAt: now, expiresAt: now + life)
  }

  func token(
    _ subject: String = "ann", session: String = "s1", life: Int64 = 900
  ) -> AccessToken { Self.token(subject, session, time, life) }

  /// Somebody who is connected, and subscribed.
  func client(
    _ subject: String = "ann", session: String = "s1", saying text: String? = subscribe
  ) async throws -> (session: StreamSession, line: HandLine) {
    let session = try hub.admit(token(subject, session: session))
    let line = HandLine()
    line.connect(session)
    if let text {
      #expect(session.receive(SocketFrame(.text, Array(text.utf8))) == .nothing)
      try await eventually { try line.types().contains("subscribed") }
    }
    return (session, line)
  }

  static let subscribe = #"{"type":"subscribe"}"#

  func metric(_ series: String) -> Int? {
    metrics.text().split(separator: "\n").first { $0.hasPrefix(series + " ") }
      .flatMap { Int($0.dropFirst(series.count + 1)) }
  }
}

/// Waits for what others bring about; the bound is for what never comes.
func eventually(
  _ location: SourceLocation = #_sourceLocation, _ body: () throws -> Bool
) async throws {
  for _ in 0..<6_000 {
    if try body() { return }
    try await Task.sleep(for: .milliseconds(5))
  }
  Issue.record("it never came", sourceLocation: location)
}
