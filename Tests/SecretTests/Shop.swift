import ServiceContract
import SlipwayEvidence
import SlipwayModel
import Synchronization

/// A shop with two passwords and a certificate.
enum Shop {
  static let cookie = "9f1c27e04b8d63aa51f0c7de2390b46e" + "8815fd72c3ea604b97d2186fe05a3bc4"
  static let redis = "5a3bc49f1c27e04b8d63aa51f0c7de23" + "90b46e8815fd72c3ea604b97d2186fe0"
  static let next = "e05a3bc49f1c27e04b8d63aa51f0c7de" + "2390b46e8815fd72c3ea604b97d2186f"

  static func plan(cookie: Int = 1, redis: Int = 1) throws -> SecretPlan {
    let map = #""with": "rediss://redis-cache:6379,rediss://redis-state:6379","#
    func entry(
      _ name: String, _ key: String, _ form: String, _ version: Int, _ services: String,
      _ with: String = ""
    ) -> String {
      """
      {"name": "\(name)", "key": "\(key)", "form": "\(form)", \(with) "version": \(version),
       "engine": "shop-prod_\(name)_v\(version)", "days": 90, "services": [\(services)]}
      """
    }
    let entries = [
      entry("cookie-key", "COOKIE_KEY", "plain", cookie, #""web", "worker""#),
      entry("redis-password", "REDIS_PASSWORD", "plain", redis, #""redis-cache", "web""#),
      entry(
        "redis-password-redis-include", "REDIS_PASSWORD", "redis-include", redis,
        #""redis-cache""#),
      entry(
        "redis-password-redis-exporter-map", "REDIS_PASSWORD", "redis-exporter-map", redis,
        #""exporter""#, map),
    ]
    let text = """
      {"environment": "prod", "stack": "shop-prod",
       "secrets": [\(entries.joined(separator: ",\n"))],
       "authority": {"certificate": "inside-ca", "days": 365},
       "leaves": [{"service": "redis-cache", "certificate": "inside-tls-redis-cache-certificate",
                   "key": "inside-tls-redis-cache-key", "days": 90},
                  {"service": "postgres-primary", "certificate": "inside-tls-pg-certificate",
                   "key": "inside-tls-pg-key", "days": 90}]}
      """
    return try SecretPlan.read(Array(text.utf8))
  }

  static let expectations = SecretExpectations(
    source: .files(path: "/nowhere"),
    keys: [
      .init(name: "COOKIE_KEY", form: .random, bits: 256),
      .init(name: "REDIS_PASSWORD", form: .random, bits: 128),
    ], denied: [SHA256.hex("published-sample-value-of-a-page-0123456789")],
    distinct: [["COOKIE_KEY", "REDIS_PASSWORD"]])

  /// Everything at version 1 and running.
  static func running() async throws -> FakeEngine.World {
    let engine = FakeEngine(FakeEngine.World())
    _ = try await keeper(engine, try plan()).sync()
    var world = engine.world
    world.mounts = [
      "exporter": ["/run/map": "shop-prod_redis-password-redis-exporter-map_v1"],
      "redis-cache": [
        "/run/password": "shop-prod_redis-password_v1",
        "/run/include": "shop-prod_redis-password-redis-include_v1",
      ],
      "web": [
        "/run/cookie": "shop-prod_cookie-key_v1", "/run/redis": "shop-prod_redis-password_v1",
      ],
      "worker": ["/run/cookie": "shop-prod_cookie-key_v1"],
    ]
    world.changes = 0
    world.log = []
    return world
  }

  static func keeper(
    _ engine: FakeEngine, _ plan: SecretPlan,
    _ values: [String: String] = ["COOKIE_KEY": cookie, "REDIS_PASSWORD": redis],
    recorded: Set<String> = [], patience: Int = 50, said: Said = Said()
  ) -> SecretKeeper {
    let left = Mutex(patience)
    let pauses = Pauses(left)
    return SecretKeeper(
      plan, expectations, from: Values(values), to: engine, recorded: recorded,
      pause: { pauses.take() }, say: { said.add($0) })
  }

  private final class Pauses: Sendable {
    private let left: Mutex<Int>
    init(_ left: consuming Mutex<Int>) { self.left = left }
    func take() -> Bool {
      left.withLock { left in
        left -= 1
        return left >= 0
      }
    }
  }
}

final class Said: Sendable {
  private let held = Mutex<[String]>([])
  func add(_ line: String) { held.withLock { $0.append(line) } }
  var lines: [String] { held.withLock { $0 } }
}

struct Values: SecretSource {
  let values: [String: String]
  init(_ values: [String: String]) { self.values = values }
  var name: String { "the shop's safe" }
  func value(of key: SecretExpectations.Key) async throws(ReadingFailure) -> [UInt8]? {
    values[key.name].map { Array($0.utf8) }
  }
}
