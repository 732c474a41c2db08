package import FlowrexAuth
package import FlowrexContract
package import FlowrexMetrics
package import FlowrexStore
import Ledger
import ServiceContract
import Synchronization

/// What streams need of the world, handed in by the composition root.
package struct StreamWorld: Sendable {
  /// Nanoseconds of a clock that never goes back.
  package let monotonic: @Sendable () -> Int64
  /// Seconds since 1970.
  package let seconds: @Sendable () -> Int64
  /// Who a token speaks for, if it may still be believed.
  package let authenticate: @Sendable (String) async throws -> AccessToken

  package init(
    monotonic: @escaping @Sendable () -> Int64, seconds: @escaping @Sendable () -> Int64,
    authenticate: @escaping @Sendable (String) async throws -> AccessToken
  ) {
    self.monotonic = monotonic
    self.seconds = seconds
    self.authenticate = authenticate
  }
}

/// All open sockets of a replica: who may open one, who is told what, who is sent away.
/// (S17-VAR-37 … 39, S04-RL-06, C-28)
package final class StreamHub: Sendable {
  private struct State {
    var sessions: [ObjectIdentifier: StreamSession] = [:]
    var counts: [String: Int] = [:]
    var quotes: [Instrument: (quote: StreamQuote, text: [UInt8])] = [:]
    var isDraining = false
  }

  package let limits: StreamLimits
  let world: StreamWorld
  private let source: any StreamSource
  private let metrics: MetricRegistry
  private let state = Mutex(State())
  private let slots = Slots(StreamLimits.readers)
  private let looks: AsyncStream<Void>
  private let looker: AsyncStream<Void>.Continuation

  package init(
    _ limits: StreamLimits, source: any StreamSource, metrics: MetricRegistry, world: StreamWorld
  ) {
    self.limits = limits
    self.source = source
    self.metrics = metrics
    self.world = world
    (looks, looker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Gives a place to somebody who was authenticated; it is free again when the session has ended.
  package func admit(_ token: AccessToken) throws(SocketRefused) -> StreamSession {
    let session = StreamSession(token, self)
    let refusal = state.withLock { state -> SocketRefusal? in
      if state.isDraining { return .draining }
      if state.sessions.count >= limits.sockets { return .full }
      if state.counts[token.subject, default: 0] >= limits.perPerson { return .perUser }
      state.sessions[ObjectIdentifier(session)] = session
      state.counts[token.subject, default: 0] += 1
      return nil
    }
    if let refusal { throw refused(refusal) }
    metrics.add(1, to: Flowrex.webSocketConnections)
    return session
  }

  /// Counts what was not opened.
  package func refused(_ refusal: SocketRefusal) -> SocketRefused {
    metrics.add(to: Flowrex.webSocketRefusals, .of(\.reason, refusal))
    return SocketRefused(reason: refusal)
  }

  /// Sends everybody away, and admits nobody any more. (C-33)
  package func drain() {
    let sessions = state.withLock { state in
      state.isDraining = true
      return Array(state.sessions.values)
    }
    for session in sessions { session.close(.draining) }
  }

  package var count: Int { state.withLock { $0.sessions.count } }

  /// Tells a price to who asked for it, and remembers it for who comes.
  package func publish(_ quote: StreamQuote) {
    var message = ServerMessage("quote")
    message.quote = QuoteView(quote)
    let text = message.text
    let sessions = state.withLock { state in
      state.quotes[quote.instrument] = (quote, text)
      return Array(state.sessions.values)
    }
    for session in sessions { session.offer(quote, text) }
  }

  /// What a store's bell says.
  package func heard(_ hint: ChangeHint) {
    switch hint {
    case .everything: looker.yield()
    case .deaf, .messages: break
    case .sessions(let ended):
      let ended = Set(ended)
      if all.contains(where: { ended.contains($0.session) }) { looker.yield() }
    case .accounts(let accounts):
      let changed = Set(accounts)
      for session in all where session.accounts.contains(where: changed.contains) {
        session.poke()
      }
    }
  }

  private var all: [StreamSession] { state.withLock { Array($0.sessions.values) } }
}

/// Why a socket was not opened.
package struct SocketRefused: Error, Sendable, Equatable {
  package let reason: SocketRefusal
}

/// For sessions.
extension StreamHub {
  func left(_ session: StreamSession) {
    let isFirst = state.withLock { state in
      guard state.sessions.removeValue(forKey: ObjectIdentifier(session)) != nil else {
        return false
      }
      let count = state.counts[session.subject, default: 1] - 1
      state.counts[session.subject] = count > 0 ? count : nil
      return true
    }
    if isFirst { metrics.add(-1, to: Flowrex.webSocketConnections) }
  }

  func closed(_ reason: SocketClose) {
    if reason == .slowReader { metrics.add(to: Flowrex.webSocketSlowReaders) }
  }

  func sent() { metrics.add(to: Flowrex.webSocketMessages) }

  func tellQuotes(to session: StreamSession) {
    for known in state.withLock({ Array($0.quotes.values) }) {
      session.offer(known.quote, known.text)
    }
  }

  /// Reads when few others do.
  func reading<Value: Sendable>(
    _ body: @Sendable (any StreamSource) async throws -> Value
  ) async throws -> Value {
    try await slots.use { try await body(source) }
  }
}

/// The hub's own work.
extension StreamHub {
  /// Between two looks at the database: what a hint should have said, and sessions that ended
  /// elsewhere.
  private static let lookInterval = Duration.seconds(2)
  private static let beatInterval = Duration.milliseconds(250)

  /// Works until the task is cancelled.
  ///
  /// - Parameter bell: Where the store tells what changed.
  package func run(_ bell: any ChangeBell) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await bell.listen { self.heard($0) } }
      group.addTask {
        while !Task.isCancelled {
          self.beat()
          try? await Task.sleep(for: Self.beatInterval)
        }
      }
      group.addTask {
        while !Task.isCancelled {
          self.looker.yield()
          try? await Task.sleep(for: Self.lookInterval)
        }
      }
      group.addTask {
        for await _ in self.looks { await self.look() }
      }
    }
  }

  package func beat() {
    for session in all { session.beat() }
  }

  /// Asks for all sockets at once whether their sessions live and what they were not told. While
  /// the store is away nothing is known, and nobody is sent away for that.
  package func look() async {
    let sessions = all
    guard !sessions.isEmpty else { return }
    let names = Set(sessions.map(\.session)).sorted()
    let accounts = Array(Set(sessions.flatMap(\.accounts)))
    guard let look = try? await reading({ try await $0.look(sessions: names, accounts: accounts) })
    else { return }
    for session in sessions {
      if !look.live.contains(session.session) {
        session.close(.sessionEnded)
      } else if session.isBehind(look.last) {
        session.poke()
      }
    }
  }
}
