import CatalogueGenerator
import ExporterCatalogues
import Foundation
import ServiceContract
import TestSupport
import Testing

/// The catalogues are what the recordings say, byte for byte.
@Suite struct DriftTests {
  private let recordings = "\(packageRoot)/Tests/Recordings/exporters"
  private let sources = "\(packageRoot)/Sources/ExporterCatalogues"

  private func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  private func read() throws -> [Recording] {
    try names(in: recordings).compactMap { name in
      try Recording(
        file: name, text: String(contentsOfFile: "\(recordings)/\(name)", encoding: .utf8))
    }
  }

  @Test func `the recordings make exactly the files that are there`() throws {
    let files = try CatalogueWriter.files(for: read())
    #expect(try names(in: sources) == files.map(\.name).sorted())
    for file in files {
      let path = "\(sources)/\(file.name)"
      let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
      #expect(text == file.text, "\(file.name): run `swift run catalogue write`")
      #expect(file.text.split(separator: "\n").count <= 400, "\(file.name) is too long")
    }
  }

  @Test func `there is a recording for every catalogue`() throws {
    let recorded = Set(try read().map(\.name))
    #expect(recorded == Set(Catalogue.all.map(\.recording)))
  }

  @Test func `a scrape is kept without anything that changes`() throws {
    for name in try names(in: recordings) {
      let text = try String(contentsOfFile: "\(recordings)/\(name)", encoding: .utf8)
      guard text.hasPrefix("#"), text.contains("recorded by scripts/record-exporters") else {
        continue
      }
      let recording = try #require(try Recording(file: name, text: text))
      #expect(recording.text == text, "\(name) was edited by hand")
    }
  }

  @Test func `no metric stands in two catalogues`() {
    let names = ExporterCatalogues.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.count > 700)
  }

  @Test(.covers("C-24")) func `the metrics that alerts need have the kinds and units they need`() {
    let _: Gauge<Machine.DeviceFstypeMountpointLabels, ByteCount> = Machine.filesystemAvailBytes
    let _: Gauge<Unlabelled, ByteCount> = Machine.memoryMemAvailableBytes
    let _: Total<Machine.CpuModeLabels, Duration> = Machine.cpuSecondsTotal
    let _: Counter<Unlabelled> = Machine.vmstatOomKill
    let _: Gauge<Machine.FileLabels, Moment> = Machine.textfileMtimeSeconds
    let _: Gauge<Unlabelled, Count> = Postgres.up
    let _: Gauge<Unlabelled, Count> = Postgres.settingsMaxConnections
    let _: Gauge<Unlabelled, Duration> = Postgres.replicationLagSeconds
    let _: Gauge<Postgres.SlotNameDatabaseLabels, ByteCount> =
      Postgres.replicationSlotsPgWalLsnDiff
    let _: Counter<Unlabelled> = Postgres.statArchiverFailedCount
    let _: Gauge<Unlabelled, Count> = Redis.up
    let _: Gauge<Unlabelled, ByteCount> = Redis.memoryUsedBytes
    let _: Gauge<Unlabelled, ByteCount> = Redis.memoryMaxBytes
    let _: Counter<Unlabelled> = Redis.evictedKeysTotal
    let _: Gauge<Unlabelled, Count> = Nginx.up
    let _: Counter<Unlabelled> = Nginx.httpRequestsTotal
    let _: Gauge<Scrape.InstanceJobLabels, Count> = Scrape.up
    let _: Counter<Prometheus.RuleGroupLabels> = Prometheus.ruleEvaluationFailuresTotal
    let _: Gauge<Unlabelled, Count> = Prometheus.configLastReloadSuccessful
    let _: Counter<Alertmanager.IntegrationLabels> = Alertmanager.notificationsFailedTotal
  }
}
