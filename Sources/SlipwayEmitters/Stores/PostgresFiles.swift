import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// PostgreSQL's configuration, who may connect, and how a server starts for the first time.
/// (engine facts F17, F18)
struct PostgresFiles {
  let environment: ResolvedEnvironment
  let database: DatabaseValue
  private let folder: String
  private let mounted = "\(Path.configs)/postgres"

  init(_ environment: ResolvedEnvironment, _ database: DatabaseValue) {
    self.environment = environment
    self.database = database
    folder = environment.folder + "postgres/"
  }

  private var isEncrypted: Bool { environment.stage.isDeployed }
  private var origin: Origin { database.origin }
  private var bindings: Bindings { environment.project.contract.bindings }

  func emit(using inputs: EmitterInputs) -> Emission {
    var emission = Emission([
      Artefact(path: folder + "postgresql.conf", document: configuration),
      Artefact(path: folder + "pg_hba.conf", document: access),
    ])
    if let backups = environment.specification.backups {
      emission.artefacts.append(
        Artefact(path: folder + "pgbackrest.conf", document: archive(backups)))
    }
    emission.add(
      inputs.script(
        "stores/postgres-start.sh", at: folder + "start.sh", startHoles, from: [origin]))
    emission.add(
      inputs.script(
        "stores/postgres-initdb.sh", at: environment.folder + "postgres-initdb/10-roles.sh",
        roleHoles, from: [origin]))
    return emission
  }

  private var configuration: Document {
    var lines = SettingLines(separator: " = ")
    lines.comment("Connections")
    lines.set("listen_addresses", "'*'")
    lines.set(
      "max_connections", "\(database.maxConnections)", from: [origin.at("maxConnections")])
    lines.set("superuser_reserved_connections", "5")
    lines.set("hba_file", "'\(mounted)/pg_hba.conf'")
    lines.set("unix_socket_directories", "'/run/postgresql'")
    lines.set("password_encryption", "scram-sha-256")
    lines.set("idle_in_transaction_session_timeout", "60s")
    encryption(&lines)
    memory(&lines)
    replication(&lines)
    lines.comment("Log")
    lines.set("logging_collector", "off")
    lines.set("log_checkpoints", "on")
    lines.set("log_lock_waits", "on")
    lines.set("log_min_duration_statement", "250ms")
    // Values of statements are orders, balances and password hashes; their place is not the log.
    lines.set("log_parameter_max_length", "0")
    lines.set("log_parameter_max_length_on_error", "0")
    lines.set("log_line_prefix", "'%m [%p] %q%u@%d '")
    lines.set("log_timezone", "'UTC'")
    lines.set("timezone", "'UTC'")
    return lines.document
  }

  private func encryption(_ lines: inout SettingLines) {
    guard isEncrypted else { return }
    // The certificate names the server it is for; each server mounts its own at this place.
    lines.comment("Encryption (C-60)")
    lines.set("ssl", "on")
    lines.set("ssl_min_protocol_version", "'TLSv1.2'")
    lines.set("ssl_cert_file", "'/run/postgresql/server.crt'")
    lines.set("ssl_key_file", "'/run/postgresql/server.key'")
    lines.set("ssl_ca_file", "'\(Path.authority)'")
  }

  /// Shares of the declared limit, as PostgreSQL's manual advises for a server of its own.
  private func memory(_ lines: inout SettingLines) {
    let limit = database.size.limit.memory
    let origins = [origin.at("limit")]
    let mebibytes = { (amount: ByteCount) in "\(max(1, amount.bytes >> 20))MB" }
    let workMemory = limit.share(.percent(25)).bytes / max(1, database.maxConnections)
    lines.comment("Memory, as shares of the limit of the container")
    lines.set("shared_buffers", mebibytes(limit.share(.percent(25))), from: origins)
    lines.set("effective_cache_size", mebibytes(limit.share(.percent(70))), from: origins)
    lines.set("maintenance_work_mem", mebibytes(limit.share(.percent(5))), from: origins)
    lines.set(
      "work_mem", mebibytes(ByteCount(bytes: max(4 << 20, workMemory))),
      from: origins + [origin.at("maxConnections")])
  }

  private func replication(_ lines: inout SettingLines) {
    lines.comment("Log of changes, replicas and archive (F17, F18, C-19)")
    lines.set("wal_level", "replica")
    lines.set("max_wal_senders", "\(database.replicas.count + 4)", from: [origin.at("replicas")])
    lines.set(
      "max_replication_slots", "\(database.replicas.count + 4)", from: [origin.at("replicas")])
    // A replica that is gone must not fill the primary's disk.
    lines.set("max_slot_wal_keep_size", "16GB")
    lines.set("hot_standby", "on")
    lines.set("hot_standby_feedback", "on")
    lines.set("wal_compression", "on")
    guard let backups = environment.specification.backups else { return }
    lines.set("archive_mode", "on", from: [backups.origin])
    lines.set(
      "archive_command",
      "'pgbackrest --config=\(mounted)/pgbackrest.conf "
        + "--config-include-path=/run/postgresql/pgbackrest --stanza=\(stanza) archive-push %p'",
      from: [backups.origin])
    lines.set(
      "archive_timeout", "\(backups.loseAtMost.wholeSeconds)s",
      from: [backups.origin.at("loseAtMost")])
  }

  private var stanza: String { environment.stack }

  /// Who may connect, from where, as whom; the last line refuses everybody else.
  private var access: Document {
    let kind = isEncrypted ? "hostssl" : "host"
    var rows = [["local", "all", "postgres", "", "peer"]]
    let networks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15"]
    let roles = [
      (environment.databaseName, environment.databaseUser),
      (environment.databaseName, environment.databaseReader),
      ("replication", "slipway_replication"), ("postgres", "slipway_exporter"),
      ("all", "postgres"),
    ]
    for (database, user) in roles {
      rows += networks.map { [kind, database, user, $0, "scram-sha-256"] }
    }
    rows.append(["host", "all", "all", "all", "reject"])
    let lines = rows.map { row in
      TextLine(row.filter { !$0.isEmpty }.joined(separator: "  "), from: [origin])
    }
    return .text(TextDocument(lines, comments: .hash))
  }

  /// pgBackRest: encrypted, in the object store, kept as long as the specification says.
  private func archive(_ backups: BackupsValue) -> Document {
    let host = backups.endpoint.split(separator: "/").last.map(String.init) ?? backups.endpoint
    // Only the first store of its kind has a host name for each bucket.
    let style = host.hasSuffix(".amazonaws.com") ? "host" : "path"
    let settings: [(String, String, String)] = [
      ("repo1-type", "s3", "bucket"), ("repo1-path", "/\(stanza)", "bucket"),
      ("repo1-s3-bucket", backups.bucket, "bucket"),
      ("repo1-s3-region", backups.region, "region"),
      ("repo1-s3-endpoint", host, "endpoint"), ("repo1-s3-uri-style", style, "endpoint"),
      ("repo1-cipher-type", "aes-256-cbc", "bucket"),
      ("repo1-retention-full-type", "time", "keep"),
      ("repo1-retention-full", "\(backups.keepDays)", "keep"),
      ("repo1-bundle", "y", "bucket"), ("compress-type", "zst", "bucket"),
      ("process-max", "2", "bucket"), ("start-fast", "y", "bucket"),
      ("archive-async", "n", "loseAtMost"), ("log-level-console", "info", "bucket"),
      ("log-level-file", "off", "bucket"), ("lock-path", "/run/postgresql/lock", "bucket"),
      ("spool-path", "/run/postgresql/spool", "bucket"),
    ]
    var lines: [TextLine] = ["[global]"]
    lines += settings.map { TextLine("\($0.0)=\($0.1)", from: [backups.origin.at($0.2)]) }
    lines += ["", "[\(stanza)]", "pg1-path=/var/lib/postgresql/data/pgdata", "pg1-user=postgres"]
    return .text(TextDocument(lines, comments: .hash))
  }

  private var startHoles: [String: Template.Value] {
    var holes: [String: Template.Value] = [
      "CONFIG": .text("\(mounted)/postgresql.conf"),
      "SUPERUSER_PASSWORD": .text(SecretKey.postgresSuperuser.fileName),
      "ENCRYPTED": .flag(isEncrypted),
      "AUTHORITY": .text(Path.authority),
      "ARCHIVED": .flag(environment.specification.backups != nil),
      "ARCHIVE": .text("\(mounted)/pgbackrest.conf"), "STANZA": .text(stanza),
      "CIPHER_KEY": .text(SecretKey.backupCipher.fileName),
      "ACCESS_KEY": .text(SecretKey.backupAccessKey.fileName),
      "SECRET_KEY": .text(SecretKey.backupSecretKey.fileName),
    ]
    holes.merge(roleHoles) { first, _ in first }
    return holes
  }

  /// The passwords that roles get at the first start, and again at each later one.
  private var roleHoles: [String: Template.Value] {
    [
      "SECRETS": .text(Path.secrets),
      "OWNER_PASSWORD": .text(
        (bindings.databasePassword ?? .postgresSuperuser).fileName),
      "READER_PASSWORD": .text(
        (bindings.readerPassword ?? bindings.databasePassword ?? .postgresSuperuser).fileName),
      "REPLICATION_PASSWORD": .text(SecretKey.postgresReplication.fileName),
      "EXPORTER_PASSWORD": .text(SecretKey.postgresExporter.fileName),
    ]
  }
}

extension BackupsValue {
  var keepDays: Int { max(1, keep.wholeSeconds / 86_400) }
}

extension ResolvedEnvironment {
  /// `shop_prod`. (C-49)
  package var databaseName: String { "\(project.contract.name)_\(name)" }
  /// The role that owns the database.
  package var databaseUser: String { project.contract.name }
  /// The role that may only read.
  package var databaseReader: String { "\(project.contract.name)_reader" }
}
