import ServiceContract
import Slipway
import SlipwayDiagnostics

/// Where a server of the database is: its name says what it does, its volume where its data is.
///
/// A promotion gives the primary's name to another volume, so the two are not the same: exchanging
/// two nodes in a specification exchanges what is done with their data, and moves none. (F17)
package struct DatabasePlace: Sendable, Equatable {
  package let server: String
  /// As declared, whatever the site makes of it.
  package let node: String
  /// Named after its node.
  package let volume: String
  /// The server that it copies; none for the primary.
  package let follows: String?
}

extension DatabaseValue {
  /// The primary's first, then its replicas'.
  package var places: [DatabasePlace] {
    let nodes = [primary] + replicas
    return nodes.indices.map { index in
      let node = nodes[index]
      let earlier = nodes[..<index].filter { $0 == node }.count
      return DatabasePlace(
        server: index == 0 ? PartName.primary : PartName.replica(index), node: node,
        volume: "postgres-\(node)" + (earlier == 0 ? "" : "-\(earlier + 1)"),
        follows: index == 0 ? nil : PartName.primary)
    }
  }
}

/// PostgreSQL: a primary and replicas, each with its own volume. (F17)
extension Resolver {
  /// The user that PostgreSQL's image runs as.
  static let postgresUser = 999
  package static let postgresData = "/var/lib/postgresql/data"

  func makeDatabase() -> [ResolvedService] {
    guard let database = specification.database else { return [] }
    return database.places.map { makePostgres($0, database) }
  }

  private func makePostgres(
    _ place: DatabasePlace, _ database: DatabaseValue
  ) -> ResolvedService {
    let name = place.server
    let primary = place.follows
    let deployed = specification.stage.isDeployed
    var service = ResolvedService(
      name: name,
      image: deployed
        ? .release(variable: "\(project.contract.name.wireName)_POSTGRES_IMAGE")
        : image(.postgres),
      size: database.size, placement: deployed ? .node(place.node) : .anywhere,
      origin: database.origin)
    service.entrypoint = ["/bin/bash", "\(Path.configs)/postgres/start.sh"]
    service.environment = postgresEnvironment(name, follows: primary, database)
    service.secrets = postgresSecrets(name)
    service.configs = [ConfigMount(folder: "postgres", at: "\(Path.configs)/postgres")]
    if primary == nil {
      service.configs.append(
        ConfigMount(folder: "postgres-initdb", at: "/docker-entrypoint-initdb.d"))
    }
    service.volumes = [VolumeMount(place.volume, at: Self.postgresData)]
    service.scratch = [
      ScratchMount("/run/postgresql", .mebibytes(1)), ScratchMount("/tmp", .mebibytes(256)),
      ScratchMount("/dev/shm", .mebibytes(256)),
    ]
    // Base backups and the archived log leave for the object store.
    // A port is published on a network that leads somewhere, or not at all and without a word.
    let leaves = deployed || !database.publishes.isEmpty
    service.networks = [Net.data] + (leaves ? [Net.outside] : [])
    service.ports = [Port("postgres", 5432, reach: .inside)]
    service.publications = database.publishes.map {
      ResolvedPublication(host: $0.port, container: 5432, reach: .loopback)
    }
    service.health = .command(
      "pg_isready", "--quiet", "--host", "127.0.0.1", "--username", databaseUser, "--dbname",
      databaseName, every: .seconds(10), within: .seconds(3), retries: 6,
      startingWithin: .seconds(60))
    service.rolls = .stopFirst
    // A shutdown checkpoint of a busy server takes a while; killing it means crash recovery.
    service.stopsWithin = .seconds(120)
    // SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave.
    service.stopSignal = "SIGINT"
    service.user = "\(Self.postgresUser):\(Self.postgresUser)"
    service.startsAfter = primary.map { [$0] } ?? []
    let origin = database.origin
    service.origins = [
      .size: [origin.at("limit"), origin.at("reserve")],
      .placement: [origin.at(primary == nil ? "primary" : "replicas")],
      .publications: [origin.at("publishes")],
    ]
    return service
  }

  private func postgresEnvironment(
    _ name: String, follows primary: String?, _ database: DatabaseValue
  ) -> [EnvironmentEntry] {
    var entries = [
      EnvironmentEntry("PGDATA", "\(Self.postgresData)/pgdata"),
      EnvironmentEntry("POSTGRES_DB", databaseName),
      EnvironmentEntry("POSTGRES_INITDB_ARGS", "--data-checksums --auth-host=scram-sha-256"),
      EnvironmentEntry(
        "POSTGRES_PASSWORD_FILE",
        "\(Path.secrets)/\(SecretKey.postgresSuperuser.fileName)"),
      EnvironmentEntry("POSTGRES_USER", "postgres"),
      EnvironmentEntry("SLIPWAY_NODE", name),
      EnvironmentEntry("SLIPWAY_OWNER", databaseUser),
      EnvironmentEntry("SLIPWAY_READER", databaseReader),
      EnvironmentEntry(
        "SLIPWAY_REPLICAS",
        database.replicas.indices.map { PartName.replica($0 + 1) }.joined(separator: " ")),
    ]
    if let primary { entries.append(EnvironmentEntry("SLIPWAY_FOLLOWS", primary)) }
    return entries
  }

  private func postgresSecrets(_ name: String) -> [SecretMount] {
    var keys: [SecretKey] = [.postgresSuperuser, .postgresReplication, .postgresExporter]
    let bindings = project.contract.bindings
    keys += [bindings.databasePassword, bindings.readerPassword].compactMap { $0 }
    if specification.backups != nil {
      keys += [.backupCipher, .backupAccessKey, .backupSecretKey]
    }
    if encryptsInside {
      keys += [.insideAuthority, .insideCertificate(of: name), .insideKey(of: name)]
    }
    return keys.map {
      SecretMount(
        secret($0), at: "\(Path.secrets)/\($0.fileName)", uid: Self.postgresUser,
        gid: Self.postgresUser)
    }
  }
}
