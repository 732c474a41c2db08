import FlowrexContract
import FlowrexRedis
import FlowrexSupport
import NIOPosix
import Synchronization

/// Clients of a test: patient, so that a busy machine is no fault, unless a test says otherwise.
enum Connections {
  static func client(
    to server: RedisProcess, host: String? = nil, password: String?? = nil,
    tls: TLSContext? = nil, observer: (any RedisObserver)? = nil,
    _ adjust: (inout RedisServer) -> Void = { _ in }
  ) -> RedisClient {
    var settings = RedisServer(
      host: host ?? server.host, port: server.port, password: password ?? server.password,
      tls: tls)
    settings.timeout = .seconds(10)
    settings.connectTimeout = .seconds(10)
    adjust(&settings)
    return RedisClient(settings, on: MultiThreadedEventLoopGroup.singleton, observer: observer)
  }
}

/// Remembers what it sees.
final class Watcher: RedisObserver {
  struct Seen: Sendable {
    var states: [BreakerState] = []
    var retries = 0
    var faults: [RedisFault] = []
    var isReachable: Bool?
  }
  private let state = Mutex(Seen())
  var seen: Seen { state.withLock { $0 } }

  func reached(_ isReachable: Bool) { state.withLock { $0.isReachable = isReachable } }
  func entered(_ state: BreakerState) { self.state.withLock { $0.states.append(state) } }
  func retried() { state.withLock { $0.retries += 1 } }
  func failed(_ fault: RedisFault) { state.withLock { $0.faults.append(fault) } }
}

/// The same with any error: `#expect` does not take what throws one kind.
extension RedisClient {
  func say(_ words: String...) async throws -> RedisReply {
    try await ask(RedisCommand(words: words))
  }
  func say(_ command: RedisCommand) async throws -> RedisReply { try await ask(command) }
  func say(_ commands: [RedisCommand]) async throws -> [RedisReply] { try await ask(commands) }
}

/// Counts 1, 2, 3 …
final class Counter: Sendable {
  private let last = Mutex(0)
  var count: Int { last.withLock { $0 } }
  func next() -> Int {
    last.withLock { last in
      last += 1
      return last
    }
  }
}
