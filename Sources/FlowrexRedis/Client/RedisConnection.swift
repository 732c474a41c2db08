import NIOCore
import NIOPosix
import Synchronization

/// One connection, asked by many at once.
final class RedisConnection: Sendable {
  private let channel: any Channel
  private let asked = Mutex(0)

  private init(_ channel: any Channel) { self.channel = channel }

  /// Connects, encrypts and signs in. An attempt has two seconds, however long who wants it waits.
  static func open(_ server: RedisServer, on loop: any EventLoop) async throws -> RedisConnection {
    let end = RedisEnd()
    let channel = try await ClientBootstrap(group: loop)
      .connectTimeout(.seconds(2))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let tls = server.tls {
            try pipeline.addHandler(TLSHandler(tls, host: server.host))
          }
          try pipeline.addHandler(RedisHandler(end))
        }
      }
      .connect(host: server.host, port: server.port).get()
    let connection = RedisConnection(channel)
    do {
      // Without a password too: a server that is connected and says nothing is none.
      let first = server.password.map { RedisCommand("AUTH", $0) } ?? RedisCommand("PING")
      let reply = try await connection.ask([first], within: .seconds(2))[0]
      if case .error(let text) = reply { throw RedisFault.unable(text) }
      return connection
    } catch {
      // It may have ended before it could be asked: then the end knows why. Asked before the
      // close, which is an end too.
      var fault = error
      if case .unreachable? = error as? RedisFault, let why = end.fault { fault = why }
      channel.close(promise: nil)
      throw fault
    }
  }

  var isOpen: Bool { channel.isActive }
  /// How many questions wait for their answers.
  var load: Int { asked.withLock { $0 } }

  func ask(
    _ commands: [RedisCommand], within limit: TimeAmount
  ) async throws(RedisFault) -> [RedisReply] {
    var bytes = channel.allocator.buffer(capacity: 256 * commands.count)
    for command in commands { command.write(to: &bytes) }
    let promise = channel.eventLoop.makePromise(of: [RedisReply].self)
    let question = RedisQuestion(
      bytes: bytes, count: commands.count, limit: limit, promise: promise)
    asked.withLock { $0 += 1 }
    defer { asked.withLock { $0 -= 1 } }
    // A closed channel says so in the write, and its handler never sees the question.
    channel.write(question).whenFailure { _ in
      promise.fail(RedisFault.unreachable("the connection was closed"))
    }
    do {
      return try await promise.futureResult.get()
    } catch {
      throw (error as? RedisFault) ?? .broken("\(error)")
    }
  }

  func close() { channel.close(promise: nil) }
}
