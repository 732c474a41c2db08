import Foundation
import Glibc

/// A real PostgreSQL that writes to the disk before it says so, and two Redis servers, on loopback
/// and in one folder.
struct Stores {
  let folder: String
  let port: Int
  let redisPort: Int
  let database = "bench"
  /// Of Redis and PostgreSQL.
  private let password: String
  private let servers: [Resident]

  static let cacheHost = "127.0.0.1"
  static let stateHost = "127.0.0.2"

  init(in folder: String, password: String) throws {
    self.folder = folder
    self.password = password
    port = try freePort()
    redisPort = try freePort()
    let tools = try Self.tools()
    let data = "\(folder)/data"
    chmod(folder, 0o755)
    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
    // The server does not run as root.
    let isRoot = getuid() == 0
    let nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"]
    let user = isRoot ? nobody : []
    if isRoot { _ = try ChildProcess.succeed(["chown", "nobody", data], in: folder) }
    _ = try ChildProcess.succeed(
      user + [
        "\(tools)/initdb", "--pgdata", data, "--username", "flowrex", "--auth", "trust",
        "--encoding", "UTF8", "--no-instructions",
      ], in: folder)
    let postgres = try Resident(
      "postgres",
      user + [
        "\(tools)/postgres", "-D", data, "-k", data, "-p", "\(port)",
        "-c", "listen_addresses=127.0.0.1", "-c", "fsync=on", "-c", "synchronous_commit=on",
        "-c", "full_page_writes=on", "-c", "max_connections=200", "-c", "shared_buffers=128MB",
        "-c", "shared_preload_libraries=pg_stat_statements",
        "-c", "pg_stat_statements.track_utility=off",
      ], log: "\(folder)/postgres.log")
    var servers = [postgres]
    for host in [Self.cacheHost, Self.stateHost] {
      let isState = host == Self.stateHost
      servers.append(
        try Resident(
          "redis \(host)",
          [
            "redis-server", "--bind", host, "--port", "\(redisPort)", "--dir", folder, "--save", "",
            "--appendonly", isState ? "yes" : "no", "--maxmemory-policy",
            isState ? "noeviction" : "allkeys-lru", "--requirepass", password,
          ], log: "\(folder)/redis.log"))
    }
    self.servers = servers
    let ready = ["\(tools)/pg_isready", "-h", "127.0.0.1", "-p", "\(port)", "-q"]
    try postgres.awaits { (try? ChildProcess.run(ready, in: folder).status) == 0 }
    _ = try say("CREATE DATABASE \(database);", in: "postgres")
    _ = try say("CREATE EXTENSION pg_stat_statements;", in: "postgres")
  }

  private static func tools() throws -> String {
    let root = "/usr/lib/postgresql"
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    guard let newest = versions.compactMap({ Int($0) }).max() else {
      throw MeasuringError(description: "no PostgreSQL under \(root)")
    }
    return "\(root)/\(newest)/bin"
  }

  func end() { for server in servers.reversed() { server.end(SIGINT) } }

  /// What a query answers, as bare text.
  func say(_ sql: String, in name: String? = nil) throws -> String {
    let file = "\(folder)/say.sql"
    try sql.write(toFile: file, atomically: true, encoding: .utf8)
    return try ChildProcess.succeed(
      [
        "psql", "--no-psqlrc", "-qAt", "-h", "127.0.0.1", "-p", "\(port)", "-U", "flowrex", "-v",
        "ON_ERROR_STOP=1", "-f", file, name ?? database,
      ], in: folder
    ).text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// How many statements were run on the measured database, `BEGIN` and `COMMIT` left out.
  func statements() throws -> Double {
    let text = try say(
      """
      SELECT COALESCE(SUM(calls), 0) FROM pg_stat_statements
      JOIN pg_database ON pg_database.oid = dbid WHERE datname = '\(database)'
      """, in: "postgres")
    return Double(text) ?? 0
  }

  func connections() throws -> Int {
    let text = try say(
      "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = '\(database)'", in: "postgres")
    return Int(text) ?? 0
  }

  /// What every process is told of them.
  var variables: [String: String] {
    [
      "ENVIRONMENT": "development", "DATABASE_ENGINE": "postgresql", "DATABASE_HOST": "127.0.0.1",
      "DATABASE_PORT": "\(port)", "DATABASE_NAME": database, "DATABASE_USER": "flowrex",
      "REDIS_ENGINE": "redis", "REDIS_CACHE_HOST": Self.cacheHost,
      "REDIS_STATE_HOST": Self.stateHost, "REDIS_PORT": "\(redisPort)",
      "REDIS_PASSWORD": password, "DATABASE_PASSWORD": password,
      "RATE_LIMIT_ENABLED": "true", "LOG_FORMAT": "json", "LOG_LEVEL": "info",
      "EXECUTION_MODE": "autonomous",
    ]
  }

  /// Fills everybody's bucket again and again: the limiter decides about every request, and lets
  /// a hundred people ask more often than people may.
  func refilling() throws -> Resident {
    try Resident(
      "refill",
      [
        "redis-cli", "-h", Self.stateHost, "-p", "\(redisPort)", "-r", "-1", "-i", "0.05",
        "FLUSHDB",
      ], log: "/dev/null", ["REDISCLI_AUTH": password])
  }
}

/// A port of loopback that nobody has.
func freePort() throws -> Int {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var address = sockaddr_in(loopback: 0)
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let code = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
      bind(descriptor, address, length) == 0 ? getsockname(descriptor, address, &length) : -1
    }
  }
  guard code == 0 else { throw MeasuringError(description: "no free port") }
  return Int(UInt16(bigEndian: address.sin_port))
}

extension sockaddr_in {
  init(loopback port: Int) {
    self.init()
    sin_family = sa_family_t(AF_INET)
    sin_port = UInt16(port).bigEndian
    sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
  }
}
