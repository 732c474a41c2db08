package import FlowrexContract
package import ServiceContract

/// How often the venue does what real ones do. (S17-ENV-03)
package struct VenueMoods: Sendable, Hashable {
  package let seed: Int
  package let refusals: Ratio
  package let partials: Ratio
  package let lateFills: Ratio
  package let lostAnswers: Ratio
  /// The longest that a call takes.
  package let latency: Duration

  init(_ reader: inout KeyReader) {
    seed = reader.value(Setting.venueSeed)
    refusals = reader.value(Setting.venueRefusals)
    partials = reader.value(Setting.venuePartials)
    lateFills = reader.value(Setting.venueLateFills)
    lostAnswers = reader.value(Setting.venueLostAnswers)
    latency = reader.value(Setting.venueLatency)
  }
}

/// All that `flowrex venue` is told. (S17-ENV-03, S17-SEC-15)
package struct VenueSettings: Sendable {
  package let process: ProcessSettings
  package let life: LifeSettings
  /// The address listened on.
  package let host: String
  package let port: Int
  /// The path of its journal.
  package let journal: String
  package let guarantee: VenueGuarantee
  package let feedSeed: Int
  package let moods: VenueMoods

  init(_ reader: inout KeyReader) {
    process = ProcessSettings(&reader, of: .venue)
    life = LifeSettings(&reader)
    host = reader.value(Setting.backendHost)
    port = reader.value(Setting.venuePort, in: 1...65_535)
    journal = reader.value(Setting.venueJournal)
    guarantee = reader.value(Setting.venueGuarantee)
    feedSeed = reader.value(Setting.feedSeed)
    moods = VenueMoods(&reader)
    if journal.isEmpty { reader.refuse(Setting.venueJournal.name, "is empty") }
    // Who waits for the venue waits four seconds. (S04-RES-09)
    if moods.latency > .seconds(10) {
      reader.refuse(Setting.venueLatency.name, "expected seconds from 0 to 10")
    }
    StageRules.judge(self, &reader)
  }
}

/// The venue's configuration, with what was asked for on the way.
package struct VenueConfiguration: Sendable {
  package let settings: VenueSettings
  /// For the comparison with the contract.
  package let keysRead: Set<String>

  /// Refuses everything that is wrong at once, before a socket is opened. (S17-SEC-14)
  package static func read(
    _ variables: [String: String]
  ) throws(ConfigurationRefused) -> VenueConfiguration {
    var reader = KeyReader(variables)
    let settings = VenueSettings(&reader)
    try reader.refuseIfNeeded()
    return VenueConfiguration(settings: settings, keysRead: reader.namesRead)
  }
}
