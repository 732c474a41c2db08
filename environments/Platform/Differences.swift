import Slipway

/// In what dev, staging and production may differ, and why. Whatever is not listed here and does
/// not follow from an environment's own names is the same everywhere.
extension [Difference] {
  static let flowrex: [Difference] = [
    .sizes(because: "staging is one machine and dev a laptop; only production carries the load"),

    .setting("TRADING_MODE", because: "a laptop has its own venue, everybody else a paper account"),
    .setting("DEBUG", because: "a developer looks inside; nobody else may"),
    .setting("LOG_LEVEL", because: "a developer looks inside; nobody else may"),
    .setting("LOG_FORMAT", because: "people read the log of dev, machines all others"),
    .setting("RATE_LIMIT_ENABLED", because: "tests on a laptop come from one address"),
    .setting("DATABASE_POOL_SIZE", because: "two workers share what one has elsewhere"),

    .service("acme", because: "a laptop has no public name to prove"),
    .service("postgres-replica-1", because: "a laptop need not read from a second machine"),
    .service("postgres-replica-2", because: "staging is one machine"),

    .alert("BackupStale", because: "a developer's data can be made again"),
    .alert("BackupUnknown", because: "a developer's data can be made again"),
    .alert("CertificateExpiring", because: "a laptop makes its own certificate"),
    .alert("CertificateUnknown", because: "a laptop makes its own certificate"),
    .alert("ReplicationSlotHoldsLog", because: "a laptop need not read from a second machine"),
    .alert("WalArchivingFails", because: "a developer's data can be made again"),
    .alert("WalArchiveIsOld", because: "a developer's data can be made again"),
  ]
}
