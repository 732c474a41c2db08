import Synchronization

/// How many replicas share the limits: each says every few seconds that it lives, by the server's
/// clock, and counts who said so lately. While the server is away the last count stands. (C-08)
package final class ReplicaCensus: Sendable {
  private static let interval = Duration.seconds(5)
  private let client: RedisClient
  private let key: String
  private let process: String
  private let last = Mutex(1)

  /// - Parameters:
  ///   - prefix: names the environment. (C-49)
  ///   - process: a name that no other process has.
  package init(_ client: RedisClient, prefix: String, process: String) {
    self.client = client
    key = "\(prefix)replicas"
    self.process = process
  }

  /// The last count, one at least.
  package var count: Int { last.withLock { $0 } }

  /// Says that this process lives, and counts.
  package func take() async throws {
    let reply = try await Self.script.run(
      on: client, keys: [key], [process, String(3 * Self.interval.nanoseconds / 1_000)])
    guard let count = reply.integer else {
      throw RedisFault.unexpected("the census' script says \(reply)")
    }
    last.withLock { $0 = max(1, Int(count)) }
  }

  /// This process ends: the others need not wait until they miss it.
  package func leave() async {
    _ = try? await client.ask(RedisCommand("ZREM", key, process))
  }

  /// Counts until the task is cancelled.
  package func run() async {
    while !Task.isCancelled {
      try? await take()
      try? await Task.sleep(for: Self.interval)
    }
    await leave()
  }

  private static let script = RedisScript(
    """
    local time = redis.call('TIME')
    local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
    redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[1])
    redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - ARGV[2]))
    redis.call('PEXPIRE', KEYS[1], math.ceil(ARGV[2] / 1000))
    return redis.call('ZCARD', KEYS[1])
    """)
}
