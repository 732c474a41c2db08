import FlowrexConfiguration
import FlowrexContract
import ServiceContract
import TestSupport
import Testing

@Suite struct VenueConfigurationTests {
  private func problems(_ variables: [String: String]) -> [String] {
    do {
      _ = try VenueConfiguration.read(variables)
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }

  private let staging = [
    "ENVIRONMENT": "staging", "SERVICE_NAME": "venue", "APP_VERSION": "1", "APP_COMMIT": "1",
    "APP_BUILD_ID": "1", "SECRETS_DIRECTORY": "/run/secrets", "LOG_FORMAT": "json",
    "METRICS_PORT": "9090",
  ]

  @Test(.covers("S17-INT-02", "S17-ENV-03"))
  func `the venue reads what the contract says, no more and no less`() throws {
    for variables in [["ENVIRONMENT": "development"], staging] {
      let configuration = try VenueConfiguration.read(variables)
      #expect(configuration.keysRead == Set(Program.venue.keys.map(\.name)))
      #expect(configuration.settings.port == Port.venue.number)
      #expect(configuration.settings.guarantee == .lookUpAble)
      #expect(configuration.settings.moods.latency == .zero)
    }
  }

  @Test(.covers("S17-SEC-14"))
  func `what is wrong with its configuration is said at once`() {
    let wrong = [
      "VENUE_PORT": "0", "VENUE_JOURNAL_PATH": "", "SIMULATED_VENUE_GUARANTEE": "always",
      "VENUE_SEED": "x", "VENUE_REFUSALS_RATIO": "2", "VENUE_PARTIAL_FILLS_RATIO": "-1",
      "VENUE_LATE_FILLS_RATIO": "x", "VENUE_LOST_ANSWERS_RATIO": "1.1",
      "VENUE_LATENCY_SECONDS": "11",
    ]
    let said = problems(wrong.merging(["ENVIRONMENT": "development"]) { $1 })
    #expect(said.count == wrong.count, "\(said)")
    for name in wrong.keys { #expect(said.contains { $0.hasPrefix(name + ": ") }, "\(name)") }
    #expect(
      problems(staging.merging(["LOG_FORMAT": "text", "FLOWREX_TYPO": "1"]) { $1 })
        .map { $0.prefix { $0 != ":" } } == ["FLOWREX_TYPO", "LOG_FORMAT"])
  }

  @Test(.covers("S17-ENV-03"), arguments: ["x", "https://venue:1", "http://venue:0", "http://v/x"])
  func `an address of the venue is a host and a port`(url: String) {
    let said = Surroundings.laptop.stating("SIMULATED_VENUE_URL", url).problems
    #expect(said == ["SIMULATED_VENUE_URL: expected `http://host:port` and nothing more"])
  }
}
