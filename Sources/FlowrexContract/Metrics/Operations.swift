public import ServiceContract

/// What scripts and jobs write for the node exporter's text file collector.
///
/// A job that ran an hour ago has no port to scrape: it leaves a file instead, and the age of
/// the moment in it is what alerts ask for. (S18-HS-04, S18-HS-06)
public enum Operations {}

/// The two kinds of backup. (C-18, C-19)
public enum BackupKind: String, LabelValue {
  /// `pg_dump`, for a table or an archive.
  case logical
  /// The base backup and the log after it, for any moment in between.
  case physical
}

/// A certificate whose end is watched. (S18-HS-06, C-60)
public enum CertificateName: String, LabelValue {
  case edge
  case postgres
  case postgresReplica = "postgres_replica"
  case redisCache = "redis_cache"
  case redisState = "redis_state"
  case internalCA = "internal_ca"
}

/// One series per kind of backup.
public struct BackupLabels: LabelSet {
  public let backup: Label<BackupKind> = "backup"
  public init() {}
}

/// One series per certificate; of several with one name, the one that ends first.
public struct CertificateLabels: LabelSet {
  public let name: Label<CertificateName> = "name"
  public init() {}
}

extension Operations {
  public static let backupLastSuccess = Gauge<BackupLabels, Moment>(
    "flowrex_backup_last_success_timestamp_seconds", "When one was last made. (S18-HS-04)")

  public static let backupLastVerified = Gauge<BackupLabels, Moment>(
    "flowrex_backup_last_verified_timestamp_seconds",
    "When the last one that a restore proved was made. (S17-HS-08, S18-HS-04)")

  public static let backupSize = Gauge<BackupLabels, ByteCount>(
    "flowrex_backup_size_bytes", "How large the last one is. (S18-BKP-01)")

  public static let backupDuration = Gauge<BackupLabels, Duration>(
    "flowrex_backup_duration_seconds", "How long the last one took. (S18-BKP-01)")

  public static let certificateEnds = Gauge<CertificateLabels, Moment>(
    "flowrex_certificate_not_after_timestamp_seconds", "When it ends. (S18-HS-06, S04-NET-01)")

  public static let releasedAt = Gauge<Unlabelled, Moment>(
    "flowrex_release_timestamp_seconds", "When it was deployed. (S18-DEP-01)")
}

extension Operations {
  /// Everything that the text files hold, each written by a script: what nobody writes would be
  /// an alert that never fires. How far the archive of the log is behind, the database's exporter
  /// says; which release runs, each process; who rehearsed the way back, the gate. (C-24)
  public static let families: [MetricFamily] = [
    backupLastSuccess.family, backupLastVerified.family, backupSize.family,
    backupDuration.family, certificateEnds.family, releasedAt.family,
  ]
}
