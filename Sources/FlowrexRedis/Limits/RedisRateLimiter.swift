package import FlowrexLimits
package import ServiceContract

/// The limiter of all replicas together: one bucket for a principal and class, on the server that
/// may not forget. (C-07, C-37)
///
/// Refilling, deciding and taking are one script, by the server's clock: however many replicas ask
/// at once, and whatever time they think it is, no more pass than one process would let through.
package struct RedisRateLimiter: RateLimiter {
  private let client: RedisClient
  private let prefix: String
  /// Microseconds instead of the server's own; tests turn it.
  private let time: (@Sendable () -> Int64)?

  /// - Parameter prefix: names the environment. (C-49)
  package init(
    _ client: RedisClient, prefix: String, time: (@Sendable () -> Int64)? = nil
  ) {
    self.client = client
    self.prefix = prefix
    self.time = time
  }

  package func take(_ limit: LimitClass, principal: String) async throws -> LimitDecision {
    let reply = try await Self.script.run(
      on: client, keys: ["\(prefix)limit:\(limit.name):\(principal)"],
      [String(limit.perMinute), String(limit.burst), time.map { String($0()) } ?? ""])
    guard let answer = reply.array, answer.count == 2, let allowed = answer[0].integer,
      let parts = answer[1].integer
    else { throw RedisFault.unexpected("the limiter's script says \(reply)") }
    let isAllowed = allowed == 1
    let rate = Int64(limit.perMinute)
    let lacking = isAllowed ? 0 : max(0, Self.token - parts)
    let full = Int64(limit.burst) * Self.token
    return LimitDecision(
      isAllowed: isAllowed, remaining: Int(parts / Self.token),
      retryAfter: .microseconds((lacking + rate - 1) / rate),
      fullAfter: .microseconds((full - parts + rate - 1) / rate))
  }

  /// Parts of a token: one microsecond refills `perMinute` of them, so nothing is lost to rounding.
  private static let token: Int64 = 60_000_000

  /// ``TokenBucket`` again, in whole numbers that Lua holds exactly (below 2^53). A full bucket is
  /// no key: what nobody uses is forgotten when it would be full.
  private static let script = RedisScript(
    """
    local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
    local now = tonumber(ARGV[3])
    local isTold = now ~= nil
    if not isTold then
      local time = redis.call('TIME')
      now = tonumber(time[1]) * 1000000 + tonumber(time[2])
    end
    local token = 60000000
    local full = burst * token
    local parts, at = full, now
    local kept = redis.call('GET', KEYS[1])
    if kept then
      local p, a = string.match(kept, '^(%d+):(%d+)$')
      if p then parts, at = math.min(tonumber(p), full), tonumber(a) end
    end
    if now > at then
      if now - at >= (full - parts) / rate then
        parts = full
      else
        parts = parts + (now - at) * rate
      end
      at = now
    end
    local allowed = 0
    if parts >= token then
      parts = parts - token
      allowed = 1
    end
    local life = math.ceil((full - parts) / rate / 1000) + 1
    if isTold then life = 3600000 end
    redis.call('SET', KEYS[1], string.format('%.0f:%.0f', parts, at), 'PX', life)
    return {allowed, parts}
    """)
}
