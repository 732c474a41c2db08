/// What a family means: its kind and the unit of its values.
struct Meaning: Hashable {
  enum Kind: Hashable { case counter, gauge, histogram, summary }

  /// The units of the contract's vocabulary that an exporter's metric can have.
  enum Unit: String, Hashable {
    case count = "Count"
    case duration = "Duration"
    case bytes = "ByteCount"
    case ratio = "Ratio"
    case moment = "Moment"
  }

  let kind: Kind
  let unit: Unit

  init(_ family: ScrapedFamily) {
    switch family.kind {
    case "counter": kind = .counter
    case "histogram": kind = .histogram
    case "summary": kind = .summary
    case "gauge": kind = .gauge
    default: kind = Self.isUntypedCounter(family.name) ? .counter : .gauge
    }
    unit = Self.unit(of: family.name)
  }

  /// What the family counts; for the few that come without a word, Prometheus' documentation's.
  static func help(of family: ScrapedFamily) -> String {
    family.help.isEmpty ? documented[family.name] ?? family.name : family.help
  }

  private static let documented: [String: String] = [
    "up": "1 if the target was reached, 0 if the scrape failed.",
    "scrape_duration_seconds": "How long the scrape took.",
    "scrape_samples_scraped": "The number of samples that the target exposed.",
    "scrape_samples_post_metric_relabeling": "The number of samples left after relabelling.",
    "scrape_series_added": "The approximate number of new series in this scrape.",
  ]

  /// The unit is the last word of the name, before `total`.
  private static func unit(of name: String) -> Unit {
    let base = name.hasSuffix("_total") ? String(name.dropLast("_total".count)) : name
    if moments.contains(name) || base.hasSuffix("_timestamp_seconds") { return .moment }
    if name.hasPrefix("pg_stat_user_tables_last_") { return .moment }
    if base.hasSuffix("_timestamp_in_seconds") { return .moment }
    if base.hasSuffix("_seconds") || durations.contains(name) { return .duration }
    if base.hasSuffix("_bytes") || sizes.contains(name) { return .bytes }
    if base.hasSuffix("_ratio") { return .ratio }
    return .count
  }

  /// Moments whose name does not say so.
  private static let moments: Set<String> = [
    "node_boot_time_seconds", "node_time_seconds", "node_textfile_mtime_seconds",
    "redis_start_time_seconds", "pg_stat_database_checksum_last_failure",
    "pg_stat_replication_reply_time",
  ]

  /// Spans in seconds and sizes in bytes whose name does not say so: PostgreSQL's and Redis' own
  /// units, by their documentation.
  private static let durations: Set<String> = [
    "pg_stat_activity_max_tx_duration", "pg_stat_archiver_last_archive_age",
    "redis_rdb_last_bgsave_duration_sec", "redis_rdb_current_bgsave_duration_sec",
    "redis_aof_last_rewrite_duration_sec", "redis_aof_current_rewrite_duration_sec",
    "redis_uptime_in_seconds",
  ]
  private static let sizes: Set<String> = [
    "pg_replication_slots_pg_wal_lsn_diff", "pg_stat_replication_pg_wal_lsn_diff",
  ]

  /// Counters that are handed on without a type: all of /proc/vmstat's default selection,
  /// /proc/net's but for what describes a state, and PostgreSQL's columns of `pg_stat_database`.
  private static func isUntypedCounter(_ name: String) -> Bool {
    if name.hasPrefix("node_vmstat_") || name.hasSuffix("_total") { return true }
    if name.hasPrefix("pg_stat_database_") { return !moments.contains(name) }
    return name.hasPrefix("node_netstat_") && !states.contains(name)
  }

  private static let states: Set<String> = [
    "node_netstat_Tcp_CurrEstab", "node_netstat_Ip_Forwarding", "node_netstat_Ip_DefaultTTL",
  ]
}
