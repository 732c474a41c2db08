import FlowrexAuth
import FlowrexContract
import FlowrexLimits
import FlowrexStore
import Ledger
import Synchronization

/// One open socket: what its client said, how far it was told, what waits for it.
package final class StreamSession: Sendable {
  private struct State {
    var token: AccessToken
    var reader: SocketReader
    var bucket: TokenBucket
    var queue: OutboundQueue
    var line: (any SocketLine)?
    var work: Task<Void, Never>?
    var lastHeard: Int64
    var lastPing: Int64
    var isOver = false
    /// What the client asked for and nobody has done yet.
    var asked: (after: [String: Int64]?, quotes: [Instrument])?
    var renewal: String?
    var isSubscribed = false
    var quotes: Set<Instrument> = []
    /// The number of the last change that was told, of each account.
    var told: [AccountID: Int64] = [:]
  }

  private let hub: StreamHub
  private let state: Mutex<State>
  private let pokes: AsyncStream<Void>
  private let poker: AsyncStream<Void>.Continuation
  /// The person, and the session that the socket ends with.
  package let subject: String
  package let session: String

  init(_ token: AccessToken, _ hub: StreamHub) {
    self.hub = hub
    subject = token.subject
    session = token.session
    let now = hub.world.monotonic()
    state = Mutex(
      State(
        token: token, reader: SocketReader(limit: hub.limits.message),
        bucket: TokenBucket(StreamLimits.frames, now: now),
        queue: OutboundQueue(limit: hub.limits.queue), lastHeard: now, lastPing: now))
    (pokes, poker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Begins on a connection.
  package func open(on line: any SocketLine) {
    var hello = ServerMessage("hello")
    hello.heartbeatSeconds = hub.limits.heartbeat.components.seconds
    let opened = state.withLock { state -> Bool in
      guard !state.isOver else { return false }
      hello.tokenExpiresAt = state.token.expiresAt
      state.line = line
      state.work = Task { await self.work() }
      return state.queue.offer(hello.text, now: hub.world.monotonic())
    }
    // The drain came between the handshake and now.
    if opened { line.flush() } else { line.close(.draining) }
  }

  /// The connection is gone, whoever ended it.
  package func ended() {
    let work = state.withLock { state in
      state.isOver = true
      state.queue.removeAll()
      defer { state.work = nil }
      return state.work
    }
    work?.cancel()
    poker.finish()
    hub.left(self)
  }

  /// Ends it from this side. What waits is not said any more.
  package func close(_ reason: SocketClose) {
    let (isFirst, line) = state.withLock { state in
      defer { state.isOver = true }
      state.queue.removeAll()
      return (!state.isOver, state.line)
    }
    guard isFirst else { return }
    hub.closed(reason)
    line?.close(reason)
  }
}

/// From the client.
extension StreamSession {
  package func receive(_ frame: SocketFrame) -> SocketReply {
    let now = hub.world.monotonic()
    let event = state.withLock { state -> SocketEvent in
      guard !state.isOver else {
        // Only the farewell that answers ours is still heard.
        return frame.kind == .close ? .closed(code: nil) : .nothing
      }
      state.lastHeard = now
      guard state.bucket.take(StreamLimits.frames, now: now).isAllowed else {
        return .violation(.tooManyMessages)
      }
      return state.reader.receive(frame)
    }
    switch event {
    case .nothing: return .nothing
    case .ping(let payload): return .pong(payload)
    case .closed(let code):
      state.withLock { $0.isOver = true }
      return .farewell(code: code)
    case .violation(let reason): return refuse(reason)
    case .text(let text):
      do throws(SocketClose) { try obey(ClientMessage.read(text), now) } catch {
        return refuse(error)
      }
      return .nothing
    }
  }

  /// The line closes itself: it is its own thread.
  private func refuse(_ reason: SocketClose) -> SocketReply {
    let isFirst = state.withLock { state in
      defer { state.isOver = true }
      state.queue.removeAll()
      return !state.isOver
    }
    if isFirst { hub.closed(reason) }
    return .close(reason)
  }

  private func obey(_ message: ClientMessage, _ now: Int64) throws(SocketClose) {
    switch message {
    case .ping: try say(ServerMessage("pong"))
    case .authenticate(let token):
      state.withLock { $0.renewal = token }
      poke()
    case .subscribe(let after, let quotes):
      let isFirst = state.withLock { state in
        guard state.asked == nil, !state.isSubscribed else { return false }
        state.asked = (after, quotes)
        return true
      }
      guard isFirst else { throw .malformedMessage }
      poke()
    }
  }
}

/// To the client.
extension StreamSession {
  /// What is to be written next; nothing once it is over.
  package func next() -> [UInt8]? {
    let (text, hasRoom) = state.withLock { state in
      (state.queue.next(), state.queue.count == hub.limits.queue / 2)
    }
    if text != nil { hub.sent() }
    // Whoever waits for room goes on when half of it is free.
    if hasRoom { poke() }
    return text
  }

  /// Something may have happened: look.
  func poke() { poker.yield() }

  /// - Throws: ``SocketClose/slowReader`` when there is no room.
  private func say(_ message: ServerMessage) throws(SocketClose) {
    let now = hub.world.monotonic()
    let (isSaid, line) = state.withLock { state in
      (state.isOver || state.queue.offer(message.text, now: now), state.line)
    }
    guard isSaid else { throw .slowReader }
    line?.flush()
  }

  /// A price for who asked for it. An older one that still waits is forgotten.
  func offer(_ quote: StreamQuote, _ text: [UInt8]) {
    let now = hub.world.monotonic()
    let line = state.withLock { state -> (any SocketLine)? in
      guard !state.isOver, state.quotes.contains(quote.instrument) else { return nil }
      state.queue.offer(price: text, of: quote.instrument, now: now)
      return state.line
    }
    line?.flush()
  }

  /// Whether changes up to these numbers were not told yet, or it has no account yet.
  func isBehind(_ last: [AccountID: Int64]) -> Bool {
    state.withLock { state in
      state.isSubscribed && state.told.isEmpty
        || state.told.contains { last[$0.key, default: 0] > $0.value }
    }
  }

  var accounts: [AccountID] { state.withLock { Array($0.told.keys) } }

  /// What time alone brings about.
  func beat() {
    let (now, seconds) = (hub.world.monotonic(), hub.world.seconds())
    let limits = hub.limits
    let (reason, line) = state.withLock { state -> (SocketClose?, (any SocketLine)?) in
      guard !state.isOver, let line = state.line else { return (nil, nil) }
      if state.token.expiresAt <= seconds { return (.tokenExpired, nil) }
      if let since = state.queue.waitsSince, now - since > limits.sendTimeout.nanoseconds {
        return (.slowReader, nil)
      }
      let beat = limits.heartbeat.nanoseconds
      if now - state.lastHeard > 2 * beat { return (.silent, nil) }
      guard now - state.lastPing >= beat else { return (nil, nil) }
      state.lastPing = now
      return (nil, line)
    }
    if let reason { close(reason) }
    line?.ping()
  }
}

/// The part that waits for others.
extension StreamSession {
  private func work() async {
    for await _ in pokes {
      guard !state.withLock({ $0.isOver }) else { return }
      do {
        try await renew()
        try await begin()
        try await tell()
      } catch let reason as SocketClose {
        close(reason)
      } catch {
        // The store is away: the next look tries again, from the same place.
      }
    }
  }

  private func renew() async throws {
    let token = state.withLock { state in
      defer { state.renewal = nil }
      return state.renewal
    }
    guard let token else { return }
    guard let access = try? await hub.world.authenticate(token), access.subject == subject,
      access.session == session
    else {
      var refused = ServerMessage("error")
      refused.code = "token_refused"
      return try say(refused)
    }
    var answer = ServerMessage("authenticated")
    answer.tokenExpiresAt = state.withLock { state in
      if access.expiresAt > state.token.expiresAt { state.token = access }
      return state.token.expiresAt
    }
    try say(answer)
  }

  private func begin() async throws {
    let asked = state.withLock { state in
      defer { state.asked = nil }
      return state.asked
    }
    guard let asked else { return }
    do {
      for account in try await hub.reading({ try await $0.accounts(of: self.subject) }) {
        let after = asked.after?[account.description]
        try await begin(account, after: after)
      }
    } catch let reason as SocketClose {
      throw reason
    } catch {
      throw SocketClose.unavailable
    }
    try say(ServerMessage("subscribed"))
    state.withLock { state in
      state.isSubscribed = true
      state.quotes = Set(asked.quotes)
    }
    hub.tellQuotes(to: self)
  }

  private func begin(_ account: AccountID, after: Int64?) async throws {
    if let after,
      try await hub.reading({ try await $0.items(of: account, after: after, limit: 1) }) != nil
    {
      state.withLock { $0.told[account] = after }
      return
    }
    try await show(account, isReset: after != nil)
  }

  /// Where the account stands now; what comes after it is told one by one.
  private func show(_ account: AccountID, isReset: Bool) async throws {
    let snapshot = try await hub.reading { try await $0.snapshot(of: account) }
    var message = ServerMessage("snapshot")
    message.account = account.description
    message.seq = snapshot.number
    message.reset = isReset
    message.orders = snapshot.orders.map(OrderView.init)
    message.positions = snapshot.positions.map { PositionView($0.0, $0.1) }
    message.isCut = snapshot.areOrdersCut
    try say(message)
    state.withLock { $0.told[account] = snapshot.number }
  }

  private func tell() async throws {
    if state.withLock({ $0.isSubscribed && $0.told.isEmpty }) {
      // Somebody's first order opens the account.
      for account in try await hub.reading({ try await $0.accounts(of: self.subject) }) {
        try await show(account, isReset: false)
      }
    }
    for (account, number) in state.withLock({ $0.told }) {
      var number = number
      while !Task.isCancelled {
        // Without room nothing is read: the reader that makes some pokes. Nor for who is gone.
        let limit = state.withLock { $0.isOver ? 0 : min($0.queue.room, StreamLimits.page) }
        guard limit > 0 else { return }
        let after = number
        let items = try await hub.reading {
          try await $0.items(of: account, after: after, limit: limit)
        }
        guard let items else {
          // It was behind for longer than changes are kept.
          try await show(account, isReset: true)
          break
        }
        for item in items {
          try say(ServerMessage(item))
          number = item.change.number
          state.withLock { $0.told[account] = item.change.number }
        }
        guard items.count == limit else { break }
      }
    }
  }
}

extension ServerMessage {
  init(_ item: StreamItem) {
    let change = item.change
    switch change.subject {
    case .order(let number):
      self.init("order")
      event = item.event.map(EventView.init) ?? (number == 0 ? EventView(placedAt: change.at) : nil)
    case .fill:
      self.init("fill")
      fill = item.fill.map(FillView.init)
      if let fill = item.fill, let position = item.position {
        self.position = PositionView(fill.fill.instrument, position)
      }
    }
    account = change.account.description
    seq = change.number
    order = item.order.map(OrderView.init)
    // Its row cannot be read: the API says what is wrong with it.
    if item.order == nil { code = "unreadable_order" }
  }
}

extension Duration {
  var nanoseconds: Int64 {
    components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
  }
}
