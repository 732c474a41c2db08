package import FlowrexCache
package import FlowrexContract
import ServiceContract
import Synchronization

/// The cache of all replicas together, on the server that may forget. (C-37)
///
/// A view's key holds the version of its cache and of its scope. Forgetting gives them another
/// version, the server's time: no key is looked for, and what the old version kept ends by itself.
/// A version that the server threw away comes back as a later one, never as an old one.
package final class RedisViewStore: ViewStore {
  private let client: RedisClient
  private let prefix: String
  /// Names claims of this process, so that it gives back its own only.
  private let process: String
  private let claims = Mutex(0)

  /// - Parameters:
  ///   - prefix: `CACHE_PREFIX`, which names the environment. (S03-VAR-11, C-49)
  ///   - process: a name that no other process has.
  package init(_ client: RedisClient, prefix: String, process: String) {
    self.client = client
    self.prefix = prefix
    self.process = process
  }

  package func look(_ name: ViewName, _ times: ViewTimes) async throws -> ViewLook {
    let token = claims.withLock { count in
      count += 1
      return "\(process):\(count)"
    }
    let reply = try await Self.lookScript.run(
      on: client, keys: [versionKey(name.cache, nil), versionKey(name.cache, name.scope)],
      [
        "\(prefix)view:\(name.cache.rawValue):",
        "\(name.scope.utf8.count):\(name.scope):\(name.key)",
        String(times.life.milliseconds), String(times.ahead.milliseconds),
        String(times.claim.milliseconds), token,
      ])
    guard let answer = reply.array, answer.count == 4, let age = answer[1].integer,
      let isClaimed = answer[2].integer, let key = answer[3].bytes
    else { throw RedisFault.unexpected("the cache's script says \(reply)") }
    let view = answer[0].bytes.map { StoredView(bytes: $0, age: .milliseconds(age)) }
    let place = String(decoding: key, as: UTF8.self)
    return ViewLook(
      view: view,
      claim: isClaimed == 1 ? ViewClaim(name, token: "\(token) \(place)") : nil)
  }

  package func keep(_ bytes: [UInt8], by claim: ViewClaim, _ times: ViewTimes) async throws {
    guard let (token, key) = Self.parts(claim) else { return }
    // Under the version of the claim: what was forgotten since is kept where nobody looks.
    let set = RedisCommand([
      Array("SET".utf8), Array(key.utf8), bytes, Array("PX".utf8),
      Array(String(times.life.milliseconds).utf8),
    ])
    let reply = try await client.ask(set)
    if case .error(let why) = reply { throw RedisFault.unexpected(why) }
    try await release(token, key)
  }

  package func release(_ claim: ViewClaim) async throws {
    guard let (token, key) = Self.parts(claim) else { return }
    try await release(token, key)
  }

  package func forget(_ cache: CacheName, scope: String?) async throws {
    _ = try await Self.forgetScript.run(on: client, keys: [versionKey(cache, scope)], [])
  }

  private func release(_ token: String, _ key: String) async throws {
    _ = try await Self.releaseScript.run(on: client, keys: ["\(key):claim"], [token])
  }

  private func versionKey(_ cache: CacheName, _ scope: String?) -> String {
    "\(prefix)version:\(cache.rawValue)" + (scope.map { ":\($0)" } ?? "")
  }

  private static func parts(_ claim: ViewClaim) -> (token: String, key: String)? {
    let parts = claim.token.split(separator: " ", maxSplits: 1)
    return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
  }

  /// The view and its age, or a claim; one piece, so that of all who look one gets it. Keys are
  /// made of the versions inside: this is one server, not a cluster.
  private static let lookScript = RedisScript(
    """
    local time = redis.call('TIME')
    local now = string.format('%.0f', tonumber(time[1]) * 1000000 + tonumber(time[2]))
    local function version(key)
      local found = redis.call('GET', key)
      if not found then
        found = now
        redis.call('SET', key, found, 'EX', 86400)
      end
      return found
    end
    local key = ARGV[1] .. version(KEYS[1]) .. '.' .. version(KEYS[2]) .. ':' .. ARGV[2]
    local life, ahead, claim = tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
    local view = redis.call('GET', key)
    local age = 0
    if view then age = math.max(0, life - redis.call('PTTL', key)) end
    local claimed = 0
    if not view or age >= life - ahead then
      if redis.call('SET', key .. ':claim', ARGV[6], 'NX', 'PX', claim) then claimed = 1 end
    end
    return {view, age, claimed, key}
    """)

  private static let releaseScript = RedisScript(
    """
    if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
    return 1
    """)

  private static let forgetScript = RedisScript(
    """
    local time = redis.call('TIME')
    local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
    local last = tonumber(redis.call('GET', KEYS[1]) or '0')
    redis.call('SET', KEYS[1], string.format('%.0f', math.max(now, last + 1)), 'EX', 86400)
    return 1
    """)
}

extension Duration {
  fileprivate var milliseconds: Int64 { nanoseconds / 1_000_000 }
}
