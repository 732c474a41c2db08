import ExporterCatalogues
import FlowrexContract
import Slipway

/// What the exporters see: machines, servers, the edge. (S17-ALERT-05, S04-OBS-16, S04-DB-04)
extension Alert {
  static let databaseIsDown = Alert(
    "DatabaseDown", severity: .critical,
    when: Postgres.up.min == 0, for: .minutes(1),
    summary: "a PostgreSQL server does not answer its exporter",
    runbook: .stores,
    firesOn: .when(Postgres.up.stays(at: 0)),
    quietOn: .when(Postgres.up.stays(at: 1)))

  static let redisIsDown = Alert(
    "RedisDown", severity: .critical,
    when: Redis.up.min == 0, for: .minutes(1),
    summary: "a Redis server does not answer its exporter",
    runbook: .stores,
    firesOn: .when(Redis.up.stays(at: 0)),
    quietOn: .when(Redis.up.stays(at: 1)))

  static let redisIsAlmostFull = Alert(
    "RedisMemoryHigh", severity: .warning,
    when: Redis.memoryUsedBytes.now.share(of: Redis.memoryMaxBytes.now) > .percent(90),
    for: .minutes(10),
    summary: "a Redis server uses nine tenths of the memory it may use",
    runbook: .stores,
    firesOn: .when(
      Redis.memoryUsedBytes.stays(at: .mebibytes(95)),
      Redis.memoryMaxBytes.stays(at: .mebibytes(100))),
    quietOn: .when(
      Redis.memoryUsedBytes.stays(at: .mebibytes(50)),
      Redis.memoryMaxBytes.stays(at: .mebibytes(100))))

  static let diskIsAlmostFull = Alert(
    "DiskAlmostFull", severity: .critical,
    when: Signal.diskLeft < .percent(10),
    for: .minutes(15),
    summary: "a disk has less than a tenth of its room left",
    runbook: .capacity,
    firesOn: .when(
      Machine.unameInfo.where(\.nodename, is: "data-1").stays(at: 1),
      Machine.filesystemAvailBytes.where(\.mountpoint, is: "/").stays(at: .gibibytes(5)),
      Machine.filesystemSizeBytes.where(\.mountpoint, is: "/").stays(at: .gibibytes(100))),
    quietOn: .when(
      Machine.unameInfo.where(\.nodename, is: "data-1").stays(at: 1),
      Machine.filesystemAvailBytes.where(\.mountpoint, is: "/").stays(at: .gibibytes(50)),
      Machine.filesystemSizeBytes.where(\.mountpoint, is: "/").stays(at: .gibibytes(100))))

  static let machineMemoryIsLow = Alert(
    "MachineMemoryLow", severity: .warning,
    when: Signal.memoryLeft < .percent(10),
    for: .minutes(10),
    summary: "a machine has less than a tenth of its memory left",
    runbook: .capacity,
    firesOn: .when(
      Machine.unameInfo.where(\.nodename, is: "data-1").stays(at: 1),
      Machine.memoryMemAvailableBytes.stays(at: .mebibytes(500)),
      Machine.memoryMemTotalBytes.stays(at: .gibibytes(8))),
    quietOn: .when(
      Machine.unameInfo.where(\.nodename, is: "data-1").stays(at: 1),
      Machine.memoryMemAvailableBytes.stays(at: .gibibytes(4)),
      Machine.memoryMemTotalBytes.stays(at: .gibibytes(8))))
}
