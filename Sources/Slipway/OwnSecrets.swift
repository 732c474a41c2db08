public import ServiceContract

/// Secrets of the parts that every environment has, whatever its service is.
extension SecretKey {
  /// The administrator of the database server; only scripts use it.
  public static let postgresSuperuser = SecretKey(
    "POSTGRES_SUPERUSER_PASSWORD", atLeast: 128, rotate: .days(90),
    "PostgreSQL's administrator; used by scripts, never by the service.")
  /// With which replicas follow the primary. (engine fact F17)
  public static let postgresReplication = SecretKey(
    "POSTGRES_REPLICATION_PASSWORD", atLeast: 128, rotate: .days(90),
    "The role with which replicas follow the primary.")
  /// With which the exporter asks for statistics.
  public static let postgresExporter = SecretKey(
    "POSTGRES_EXPORTER_PASSWORD", atLeast: 128, rotate: .days(90),
    "The role with which the exporter reads statistics (`pg_monitor`).")
  /// Encrypts backups before they leave the machine. (S04-DB-07)
  public static let backupCipher = SecretKey(
    "BACKUP_CIPHER_KEY", atLeast: 256, rotate: .days(365),
    "Encrypts backups and the archived write-ahead log.")
  /// The object store's account that may write backups.
  public static let backupAccessKey = SecretKey(
    "BACKUP_S3_ACCESS_KEY", form: .issued, atLeast: 0, rotate: .days(90),
    "Name of the object store's account for backups.")
  /// Its password.
  public static let backupSecretKey = SecretKey(
    "BACKUP_S3_SECRET_KEY", form: .issued, atLeast: 128, rotate: .days(90),
    "Password of the object store's account for backups.")
  /// Grafana's first administrator.
  public static let grafanaAdmin = SecretKey(
    "GRAFANA_ADMIN_PASSWORD", atLeast: 128, rotate: .days(90),
    "Grafana's administrator. (S18-DC-19)")
  /// The environment's own certificate authority, as everybody inside trusts it. (F20)
  public static let insideAuthority = SecretKey(
    "INSIDE_CA", form: .pem, atLeast: 0, rotate: .days(365),
    "Certificate of the authority that signs the data stores' certificates.")

  /// Certificate and key of one data store, signed by the inside authority. (C-60, F20)
  public static func insideCertificate(of service: String) -> SecretKey {
    SecretKey(
      "INSIDE_TLS_\(service.wireName)_CERTIFICATE", form: .pem, atLeast: 0, rotate: .days(90),
      "Certificate of `\(service)`, at most 90 days old.")
  }
  public static func insideKey(of service: String) -> SecretKey {
    SecretKey(
      "INSIDE_TLS_\(service.wireName)_KEY", form: .pem, atLeast: 0, rotate: .days(90),
      "Private key of `\(service)`.")
  }
}

extension String {
  /// `redis-cache` as a part of a variable's name: `REDIS_CACHE`.
  package var wireName: String {
    String(map { $0 == "-" || $0 == "." ? "_" : Character($0.uppercased()) })
  }
}
