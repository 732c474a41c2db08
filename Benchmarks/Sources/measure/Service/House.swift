import Foundation
import Glibc

/// The service and its twin, on the same stores.
final class House {
  let places: Places
  let folder: String
  let stores: Stores
  /// Drawn for this run; nobody else ever has it.
  private let key: String
  private var started = 0
  static let people = 400

  init(places: Places, in folder: String) throws {
    self.places = places
    self.folder = folder
    var generator = SystemRandomNumberGenerator()
    let letters = Array("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")
    let drawn = (0..<2).map { _ in
      String((0..<43).map { _ in letters.randomElement(using: &generator) ?? "x" })
    }
    key = drawn[0]
    stores = try Stores(in: folder, password: drawn[1])
    _ = try ChildProcess.succeed([places.flowrex, "migrate", "up"], in: folder, adding: variables)
    try invite()
  }

  func end() { stores.end() }

  private var variables: [String: String] {
    stores.variables.merging(["JWT_SECRET_KEY": key]) { $1 }
  }

  /// People with a session each, without their passwords being hashed for minutes.
  private func invite() throws {
    let end = Int64(Date().timeIntervalSince1970 + 86_400) * 1_000_000
    let people = try tokens().map(\.person).enumerated()
    let users = people.map { "('\($1)', 'p\($0)@example.com', 'none', 'user', 0)" }
    let sessions = people.map { "('bench-\($0 + 1)', '\($1)', \(end), 0, 'none')" }
    _ = try stores.say(
      """
      INSERT INTO users (id, email, password_hash, role, disabled)
      VALUES \(users.joined(separator: ","));
      INSERT INTO sessions (id, person, expires_at, revoked, current_digest)
      VALUES \(sessions.joined(separator: ","));
      """)
  }

  struct Ticket {
    let person: String
    let token: String
  }

  /// Good for fifteen minutes.
  func tokens(_ count: Int = people) throws -> [Ticket] {
    let usage = try ChildProcess.succeed(
      [places.servicePeer, "\(places.here)/peers/tokens.py", "\(count)"], in: folder,
      adding: ["JWT_SECRET_KEY": key])
    return usage.text.split(separator: "\n").map { $0.split(separator: " ") }
      .map { Ticket(person: String($0[0]), token: String($0[2])) }
  }

  /// A program of ours, with the two threads for requests that are its default.
  func serve() throws -> Server {
    started += 1
    let (port, metrics) = (try freePort(), try freePort())
    let process = try Resident(
      "flowrex", [places.flowrex, "serve"], log: "\(folder)/flowrex-\(started).log",
      variables.merging([
        "BACKEND_HOST": "127.0.0.1", "BACKEND_PORT": "\(port)", "METRICS_PORT": "\(metrics)",
      ]) { $1 })
    return Server(process: process, port: port, metricsPort: metrics)
  }

  func work() throws -> Resident {
    started += 1
    let metrics = try freePort()
    return try Resident(
      "worker", [places.flowrex, "worker"], log: "\(folder)/worker-\(started).log",
      variables.merging(["METRICS_PORT": "\(metrics)"]) { $1 })
  }

  /// The twin, with as many processes as ours has threads: Python has one at a time in each.
  func twin() throws -> Server {
    started += 1
    let port = try freePort()
    let process = try Resident(
      "twin",
      [
        places.servicePeer, "-m", "uvicorn", "--app-dir", "\(places.here)/peers", "service:app",
        "--host", "127.0.0.1", "--port", "\(port)", "--workers", "2", "--loop", "uvloop",
        "--http", "httptools", "--no-access-log",
      ], log: "\(folder)/twin-\(started).log",
      variables.merging(["PYTHONDONTWRITEBYTECODE": "1"]) { $1 })
    return Server(process: process, port: port, metricsPort: 0)
  }
}

/// Something that answers requests.
struct Server {
  let process: Resident
  let port: Int
  let metricsPort: Int

  func awaits(_ path: String) throws {
    try process.awaits { Wire(port: port).ask("GET", path)?.status == 200 }
  }

  /// The sum of a metric's series whose names begin so.
  func metric(_ prefix: String) -> Double {
    let text = Wire(port: metricsPort).ask("GET", "/metrics")?.body ?? ""
    return text.split(separator: "\n").filter { $0.hasPrefix(prefix) }
      .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0, +)
  }
}
