import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayModel

/// All connections that an environment's processes may hold open at once fit the database, those of
/// the one process more that a roll starts included. (C-27, engine fact F19)
package enum ConnectionsFitTheServer: Rule {
  package static let id = "database/connections-fit-the-server"
  package static let why =
    "under load, or in the middle of a roll, the server refuses whoever comes last"
  package static let fix = "lower the replicas or the pools, or raise `maxConnections:`"
  package static let source = ["C-27", "S17-VAR-10", "S17-VAR-14", "S17-VAR-15", "S03-OPS-05"]

  package static let breakers: [Breaker] = [
    .model("a pool that three processes and a roll cannot all have") { environment in
      environment.edit("backend") { $0.state("DATABASE_POOL_SIZE", "70") }
    }
  ]

  /// What is not the service's: people who look, the exporter, backups, replication, a migration.
  static let others = 15

  package static let implies = ["stack/settings-are-written"]

  package static func check(_ subject: Subject) -> [Violation] {
    let environment = subject.environment
    guard let database = environment.specification.database else { return [] }
    return environment.project.contract.bindings.pools.compactMap { pool in
      let shares = environment.shares(of: pool)
      let sum = shares.map(\.connections).reduce(others) { $0.saturatingPlus($1) }
      // Every replica may be asked by everybody: the others may be gone.
      guard sum > database.maxConnections, !shares.isEmpty else { return nil }
      let parts = shares.map { "\($0.service.name) \($0.processes) × \($0.each)" }
      return Violation(
        .tooMany(sum, parts, database.maxConnections, pool.server),
        written: [database.origin.at("maxConnections")]
          + shares.flatMap { $0.stated + $0.service.written(.replicas) },
        label: "accepted here", fix: .lower(shares))
    }
  }
}

/// The connections of one service.
private struct Share {
  let service: ResolvedService
  let processes: Int
  /// Of one process.
  let each: Int
  /// The keys that make up the pool.
  let keys: [String]
  /// Where their values are stated; empty where the contract's defaults hold.
  var stated: [Origin] {
    service.environment.filter { keys.contains($0.key) }.flatMap(\.origins)
  }
  var connections: Int { processes.saturatingTimes(each) }
}

extension ResolvedEnvironment {
  fileprivate func shares(of pool: ConnectionPool) -> [Share] {
    specification.runs.compactMap { run in
      guard let service = service(run.component.name) else { return nil }
      let read = run.component.keys.filter { pool.keys.contains($0.name) }
      guard !read.isEmpty else { return nil }
      let each = read.map { Int(service.value(of: $0) ?? "") ?? 0 }
        .reduce(pool.beside) { $0.saturatingPlus($1) }
      return Share(
        service: service, processes: ClusterLoad.containers(of: service), each: each,
        keys: read.map(\.name))
    }
  }
}

extension ResolvedService {
  /// What it is told, or what it takes without being told.
  func value(of key: KeyDeclaration) -> String? {
    environment.first { $0.key == key.name }?.value ?? key.defaultText
  }

  /// Tells it a value in place of what it was told; for breakers.
  mutating func state(_ key: String, _ value: String) {
    environment.removeAll { $0.key == key }
    environment.append(EnvironmentEntry(key, value))
  }
}

extension String {
  fileprivate static func lower(_ shares: [Share]) -> String {
    let keys = Set(shares.flatMap(\.keys)).sorted().map { "`\($0)`" }.joined(separator: " or ")
    return "raise `maxConnections:`, lower `replicas:`, or lower \(keys) in `overriding:`"
  }
  fileprivate static func tooMany(
    _ sum: Int, _ parts: [String], _ most: Int, _ server: ConnectionPool.Server
  ) -> String {
    let place = server == .primary ? "the primary" : "one replica"
    return "\(place) may be asked for \(sum) connections and accepts \(most): "
      + "\(parts.joined(separator: ", ")), others \(ConnectionsFitTheServer.others)"
  }
}
