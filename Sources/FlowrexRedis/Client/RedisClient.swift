import FlowrexContract
import FlowrexResilience
package import NIOCore
import Synchronization

/// A server as callers see it: connections are made when they are wanted, are shared, and come
/// back by themselves; a server that does not answer is left alone for a while.
/// (S04-RL-03, S04-PERF-07, S04-RES-01 … 03)
package final class RedisClient: Sendable {
  private struct State {
    var connections: [RedisConnection] = []
    /// The attempt that goes on now; whoever wants a connection waits for it.
    var opening: EventLoopFuture<RedisConnection>?
    var breaker: CircuitBreaker
    var backoff = Backoff(first: 50_000_000, longest: 1_000_000_000)
    /// Not before this a connection is tried again.
    var nextAttempt = NIODeadline.uptimeNanoseconds(0)
    var lastFault = RedisFault.unreachable("nobody tried yet")
    var isWell = true
    var isClosed = false
  }

  /// From so many questions on a connection, another one is opened beside it.
  private static let crowd = 32
  private let server: RedisServer
  private let loops: any EventLoopGroup
  private let observer: (any RedisObserver)?
  private let state: Mutex<State>

  package init(
    _ server: RedisServer, on loops: any EventLoopGroup, observer: (any RedisObserver)? = nil
  ) {
    self.server = server
    self.loops = loops
    self.observer = observer
    state = Mutex(
      State(
        breaker: CircuitBreaker(failures: server.failures, rest: server.rest.nanoseconds)))
  }

  /// One command.
  ///
  /// - Throws: also when the server cannot do what it is for. Other errors are answers.
  package func ask(_ command: RedisCommand) async throws(RedisFault) -> RedisReply {
    try await ask([command])[0]
  }

  /// Several commands in one piece; their answers come in their order. (pipelined)
  package func ask(_ commands: [RedisCommand]) async throws(RedisFault) -> [RedisReply] {
    guard !commands.isEmpty else { return [] }
    try permit()
    do throws(RedisFault) {
      let replies = try await attempt(commands)
      for reply in replies { if let fault = RedisFault(reply) { throw fault } }
      note(nil)
      return replies
    } catch {
      note(error)
      throw error
    }
  }

  /// What is in flight gets no answer; nothing is asked after it.
  package func close() {
    let connections = state.withLock { state in
      state.isClosed = true
      defer { state.connections = [] }
      return state.connections
    }
    connections.forEach { $0.close() }
  }

  /// How many connections are open.
  package var connectionCount: Int {
    state.withLock { $0.connections.count(where: \.isOpen) }
  }

  private func attempt(_ commands: [RedisCommand]) async throws(RedisFault) -> [RedisReply] {
    let limit = TimeAmount.nanoseconds(server.timeout.nanoseconds)
    do throws(RedisFault) {
      return try await connection().ask(commands, within: limit)
    } catch .unreachable where hasConnectionDied() {
      // It had been closed while nobody looked: nothing was sent.
      observer?.retried()
      return try await connection().ask(commands, within: limit)
    } catch {
      throw error
    }
  }

  /// Whether a dead connection was put away, so that another one is worth a try.
  private func hasConnectionDied() -> Bool {
    state.withLock { state in
      let count = state.connections.count
      state.connections.removeAll { !$0.isOpen }
      return state.connections.count < count
    }
  }

  // MARK: Connections

  private func connection() async throws(RedisFault) -> RedisConnection {
    let (found, attempt) = try state.withLock {
      state throws(RedisFault) -> (RedisConnection?, EventLoopFuture<RedisConnection>?) in
      guard !state.isClosed else { throw .unreachable("it was closed here") }
      state.connections.removeAll { !$0.isOpen }
      let least = state.connections.map { ($0, $0.load) }.min { $0.1 < $1.1 }
      let isEnough = least.map { $0.1 < Self.crowd } ?? false
      if isEnough || state.connections.count >= server.connections { return (least?.0, nil) }
      if state.opening == nil, NIODeadline.now() >= state.nextAttempt { open(&state) }
      return (least?.0, state.opening)
    }
    if let found { return found }
    guard let attempt else { throw state.withLock { $0.lastFault } }
    return try await first(attempt)
  }

  /// Begins an attempt. It is not the caller's: who gives up leaves it to those who come after.
  private func open(_ state: inout State) {
    let loop = loops.next()
    let (server, promise) = (server, loop.makePromise(of: RedisConnection.self))
    state.opening = promise.futureResult
    promise.completeWithTask { try await RedisConnection.open(server, on: loop) }
    promise.futureResult.whenComplete { result in
      let stray = self.state.withLock { state -> RedisConnection? in
        state.opening = nil
        switch result {
        case .success(let connection):
          guard !state.isClosed else { return connection }
          state.connections.append(connection)
          state.backoff.reset()
        case .failure(let error):
          state.lastFault = (error as? RedisFault) ?? .unreachable("\(error)")
          state.nextAttempt = .now() + .nanoseconds(state.backoff.next())
        }
        return nil
      }
      stray?.close()
    }
  }

  /// Waits for an attempt, no longer than a caller may.
  private func first(
    _ attempt: EventLoopFuture<RedisConnection>
  ) async throws(RedisFault) -> RedisConnection {
    let promise = attempt.eventLoop.makePromise(of: RedisConnection.self)
    let timer = attempt.eventLoop.scheduleTask(
      in: .nanoseconds(server.connectTimeout.nanoseconds)
    ) { promise.fail(RedisFault.unreachable("no connection in time")) }
    attempt.whenComplete { result in
      timer.cancel()
      promise.completeWith(result)
    }
    do {
      return try await promise.futureResult.get()
    } catch {
      throw (error as? RedisFault) ?? .unreachable("\(error)")
    }
  }

  // MARK: Breaker

  private func permit() throws(RedisFault) {
    let now = Int64(clamping: NIODeadline.now().uptimeNanoseconds)
    let (leave, entered) = state.withLock { state in
      let before = state.breaker.state
      let leave = state.breaker.ask(at: now)
      return (leave, state.breaker.state == before ? nil : state.breaker.state)
    }
    if let entered { observer?.entered(entered) }
    if case .refused = leave { throw .resting }
  }

  private func note(_ fault: RedisFault?) {
    let now = Int64(clamping: NIODeadline.now().uptimeNanoseconds)
    let (entered, isNew) = state.withLock { state in
      let before = state.breaker.state
      if fault == nil { state.breaker.succeeded() } else { state.breaker.failed(at: now) }
      let isNew = state.isWell && fault != nil
      state.isWell = fault == nil
      return (state.breaker.state == before ? nil : state.breaker.state, isNew)
    }
    observer?.reached(fault == nil)
    if let entered { observer?.entered(entered) }
    if isNew, let fault { observer?.failed(fault) }
  }
}
