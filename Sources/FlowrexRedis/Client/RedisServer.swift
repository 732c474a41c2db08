/// A server and how it is spoken to. (S04-RL-02, S04-RL-03, C-35, C-60)
package struct RedisServer: Sendable {
  package let host: String
  package let port: Int
  /// `nil` on a laptop, where a server may have none.
  package let password: String?
  /// `nil` without encryption, on a laptop only.
  package let tls: TLSContext?
  /// Of one process: `REDIS_MAX_CONNECTIONS`.
  package var connections = 50
  /// For one answer: `REDIS_TIMEOUT_SECONDS`.
  package var timeout = Duration.milliseconds(50)
  /// So long a caller waits for a connection, `REDIS_CONNECT_TIMEOUT_SECONDS`; the attempt itself
  /// goes on.
  package var connectTimeout = Duration.milliseconds(100)
  /// In a row, then the breaker opens: `BREAKER_FAILURES`.
  package var failures = 5
  /// Then one call may try. A second, not `BREAKER_OPEN_SECONDS`: a question to a neighbour costs
  /// 50 ms at most, and limits are to be exact again soon after a server returns.
  package var rest = Duration.seconds(1)

  package init(host: String, port: Int, password: String? = nil, tls: TLSContext? = nil) {
    self.host = host
    self.port = port
    self.password = password
    self.tls = tls
  }
}

extension Duration {
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}
