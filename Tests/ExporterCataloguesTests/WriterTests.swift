import CatalogueGenerator
import Testing

/// What becomes of a recording.
@Suite struct WriterTests {
  private func file(_ name: String, _ text: String, as recording: String = "node") throws -> String
  {
    let families = try ExpositionParser.families(of: text)
    let files = CatalogueWriter.files(
      for: [Recording(name: recording, version: "1.2.3", families: families)])
    return try #require(files.first { $0.name == name }).text
  }

  @Test func `values and label values are left out, bounds are kept`() throws {
    let families = try ExpositionParser.families(
      of: """
        # TYPE b gauge
        b{device="sda"} 5
        b{device="sdb"} 6
        # HELP a_seconds Time.
        # TYPE a_seconds histogram
        a_seconds_bucket{le="0.5"} 1
        a_seconds_bucket{le="+Inf"} 1
        a_seconds_sum 1
        a_seconds_count 1
        """)
    #expect(
      Recording(name: "node", version: "1.2.3", families: families).text == """
        # node 1.2.3, recorded by scripts/record-exporters
        # HELP a_seconds Time.
        # TYPE a_seconds histogram
        a_seconds_bucket{le="0.5"} 0
        a_seconds_bucket{le="+Inf"} 0
        a_seconds_sum 0
        a_seconds_count 0
        # HELP b \("")
        # TYPE b gauge
        b{device="*"} 0

        """)
  }

  @Test func `the unit is the last word of the name`() throws {
    let text = try file(
      "MachineMetrics1.swift",
      """
      # TYPE node_a_seconds_total counter
      node_a_seconds_total{cpu="0"} 1
      # TYPE node_b_bytes gauge
      node_b_bytes 1
      # TYPE node_c_total counter
      node_c_total 1
      # TYPE node_d_ratio gauge
      node_d_ratio 1
      # TYPE node_e_timestamp_seconds gauge
      node_e_timestamp_seconds 1
      node_vmstat_oom_kill 0
      node_netstat_Tcp_CurrEstab 0
      """)
    for line in [
      "aSecondsTotal = Total<CpuLabels, Duration>(", "bBytes = Gauge<Unlabelled, ByteCount>(",
      "cTotal = Counter<Unlabelled>(", "dRatio = Gauge<Unlabelled, Ratio>(",
      "eTimestampSeconds = Gauge<Unlabelled, Moment>(",
      "vmstatOomKill = Counter<Unlabelled>(",
      "netstatTcpCurrEstab = Gauge<Unlabelled, Count>(",
    ] {
      #expect(text.contains("  public static let \(line)"), "\(line)")
    }
  }

  @Test func `a histogram keeps its bounds exactly`() throws {
    let text = try file(
      "MachineMetrics1.swift",
      """
      # TYPE node_x_seconds histogram
      node_x_seconds_bucket{le="2.5e-05"} 1
      node_x_seconds_bucket{le="0.1"} 1
      node_x_seconds_bucket{le="60"} 1
      node_x_seconds_bucket{le="+Inf"} 1
      """)
    #expect(text.contains("buckets: [.microseconds(25), .milliseconds(100), .seconds(60)],"))
  }

  @Test func `a word that Swift keeps is quoted`() throws {
    let text = try file("Machine.swift", "node_x{default=\"a\",protocol=\"b\"} 1")
    #expect(text.contains("    public let `default`: OpenLabel = \"default\""))
    #expect(text.contains("  public struct DefaultProtocolLabels: LabelSet {"))
  }

  @Test func `what every program exports and what is gone is left out`() throws {
    let text = try file(
      "NginxMetrics1.swift",
      "go_threads 1\nprocess_open_fds 1\nnginxexporter_build_info 1\nnginx_up 1\n", as: "nginx")
    #expect(text.contains("\"nginx_up\""))
    #expect(!text.contains("go_threads") && !text.contains("process_open_fds"))
    #expect(!text.contains("nginxexporter_build_info"))
  }

  @Test func `of two versions the newer counts`() throws {
    let files = CatalogueWriter.files(
      for: try [("0.9.0", "pg_old 1"), ("0.10.0", "pg_new 1")].map { version, text in
        Recording(
          name: "postgres", version: version, families: try ExpositionParser.families(of: text))
      })
    let text = files.map(\.text).joined()
    #expect(text.contains("pg_new") && !text.contains("pg_old"))
  }

  @Test func `a file's name tells exporter and version`() throws {
    let recording = try #require(try Recording(file: "node-1.5.0.prom", text: "node_x 1"))
    #expect(recording.name == "node" && recording.version == "1.5.0")
    #expect(try Recording(file: "README.md", text: "") == nil)
  }
}
