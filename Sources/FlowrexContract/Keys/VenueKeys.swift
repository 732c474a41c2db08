public import ServiceContract

/// What the simulated venue promises about a submission whose answer was lost. (S04-RES-07)
public enum VenueGuarantee: String, ConfigValue, CaseIterable {
  /// The same order sent twice is one order.
  case idempotent
  /// An order can be asked for by our own id.
  case lookUpAble = "look_up_able"
  /// Neither.
  case neither
}

/// The simulated venue as a process of its own. (S17-ENV-03)
extension Setting {
  public static let venueGuarantee = Key<VenueGuarantee>(
    "SIMULATED_VENUE_GUARANTEE", default: .lookUpAble,
    "What the venue promises; it and all who use it are told the same. (S04-RES-07)")

  public static let venuePort = Key<Int>(
    "VENUE_PORT", default: Port.venue.number, "Where the venue listens. (S17-ENV-03)")

  public static let venueJournal = Key<String>(
    "VENUE_JOURNAL_PATH", default: "venue.journal",
    "The file with all that the venue did; on the disk before it is answered. (S17-ENV-03)")

  public static let venueSeed = Key<Int>(
    "VENUE_SEED", default: 1, "The same seed has the same moods. (S17-ENV-08)")

  public static let venueRefusals = Key<Ratio>(
    "VENUE_REFUSALS_RATIO", default: .percent(0),
    "Orders that the venue refuses for no reason of ours. (S17-ENV-03)")

  public static let venuePartials = Key<Ratio>(
    "VENUE_PARTIAL_FILLS_RATIO", default: .percent(0),
    "Orders that it fills in two parts. (S17-ENV-03)")

  public static let venueLateFills = Key<Ratio>(
    "VENUE_LATE_FILLS_RATIO", default: .percent(0),
    "Cancellations that a trade is quicker than. (S17-ENV-03)")

  public static let venueLostAnswers = Key<Ratio>(
    "VENUE_LOST_ANSWERS_RATIO", default: .percent(0),
    "Calls that nobody is answered: half of them are done. (S17-ENV-03)")

  public static let venueLatency = Key<Duration>(
    "VENUE_LATENCY_SECONDS", default: .zero, "The longest that a call takes. (S17-ENV-03)")
}

extension KeyDeclaration {
  /// What the venue reads beside those of every process.
  public static let venueKeys: [KeyDeclaration] = [
    Setting.backendHost.declaration, Setting.feedSeed.declaration,
    Setting.venueGuarantee.declaration, Setting.venuePort.declaration,
    Setting.venueJournal.declaration, Setting.venueSeed.declaration,
    Setting.venueRefusals.declaration, Setting.venuePartials.declaration,
    Setting.venueLateFills.declaration, Setting.venueLostAnswers.declaration,
    Setting.venueLatency.declaration,
  ]
}
