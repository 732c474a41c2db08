/// The rules that a ``Waiver`` may name. A test holds the list equal to the rules that carry no
/// hard stop; those that do stand here only to say why not.
public struct WaivableRule: Sendable, Hashable {
  /// As `slipway explain` takes it: `stack/volumes-have-one-owner`.
  public let id: String
  private init(_ id: String) { self.id = id }

  public static let alertsHaveUniqueNames = Self("alerts/have-unique-names")
  public static let connectionsFitTheServer = Self("database/connections-fit-the-server")
  public static let datastoresStayPrivate = Self("network/datastores-stay-private")
  public static let differencesAreDeclared = Self("parity/differences-are-declared")
  public static let environmentsShareNothing = Self("parity/environments-share-nothing")
  public static let everyAlertHasARunbook = Self("alerts/every-alert-has-a-runbook")
  public static let everyAlertIsTested = Self("alerts/every-alert-is-tested")
  public static let forwardsReachListeners = Self("edge/forwards-reach-listeners")
  public static let imagesRunOnTheirNodes = Self("supply/images-run-on-their-nodes")
  public static let keysAreRead = Self("configuration/keys-are-read")
  public static let linksLeadSomewhere = Self("alerts/links-lead-somewhere")
  public static let linksLeadToDashboards = Self("alerts/links-lead-to-dashboards")
  public static let queriesNameWhatIsExported = Self("queries/name-what-is-exported")
  public static let routesAreServed = Self("edge/routes-are-served")
  public static let ruleFilesAreLoaded = Self("alerts/rule-files-are-loaded")
  public static let scriptsNameWhatIsDeployed = Self("scripts/name-what-is-deployed")
  public static let secretPathsAreMounted = Self("secrets/paths-are-mounted")
  public static let serversAcceptWhatWasCounted = Self("database/servers-accept-what-was-counted")
  public static let settingsAreWritten = Self("stack/settings-are-written")
  public static let stackReferencesResolve = Self("stack/references-resolve")
  public static let timeoutsAreWritten = Self("edge/timeouts-are-written")
  public static let timeoutsGrowOutwards = Self("edge/timeouts-grow-outwards")
  public static let volumesHaveOneOwner = Self("stack/volumes-have-one-owner")
  public static let windowsAreKept = Self("alerts/windows-are-kept")
  public static let writtenQueriesAreAnswered = Self("queries/written-queries-are-answered")

  package static let all: [WaivableRule] = [
    .alertsHaveUniqueNames, .connectionsFitTheServer, .datastoresStayPrivate,
    .differencesAreDeclared, .environmentsShareNothing, .everyAlertHasARunbook, .everyAlertIsTested,
    .forwardsReachListeners, .imagesRunOnTheirNodes, .keysAreRead, .linksLeadSomewhere,
    .linksLeadToDashboards,
    .queriesNameWhatIsExported, .routesAreServed, .ruleFilesAreLoaded, .scriptsNameWhatIsDeployed,
    .secretPathsAreMounted, .serversAcceptWhatWasCounted, .settingsAreWritten,
    .stackReferencesResolve, .timeoutsAreWritten, .timeoutsGrowOutwards, .volumesHaveOneOwner,
    .windowsAreKept, .writtenQueriesAreAnswered,
  ]
}

// MARK: - Hard stops

extension WaivableRule {
  @available(
    *, unavailable,
    message: "a hard stop cannot be waived [backups/are-taken, S17-HS-08, S18-HS-04]"
  )
  public static var backupsAreTaken: Self { .init("backups/are-taken") }

  @available(
    *, unavailable,
    message: "a hard stop cannot be waived [risk/caps-only-tighten, S18-HS-10]"
  )
  public static var capsOnlyTighten: Self { .init("risk/caps-only-tighten") }

  @available(
    *, unavailable,
    message: "a hard stop cannot be waived [delivery/coverage-is-asked, S17-HS-02]"
  )
  public static var coverageIsAsked: Self { .init("delivery/coverage-is-asked") }

  @available(
    *, unavailable,
    message: "a hard stop cannot be waived [configuration/debug-stays-in-development, S17-HS-06]"
  )
  public static var debugStaysInDevelopment: Self {
    .init("configuration/debug-stays-in-development")
  }

  @available(
    *, unavailable,
    message: "a hard stop cannot be waived [capacity/every-service-is-limited, S18-HS-09]"
  )
  public static var everyServiceIsLimited: Self { .init("capacity/every-service-is-limited") }

  @available(
    *, unavailable,
    message: "a hard stop cannot be waived [health/every-service-is-probed, S18-HS-01]"
  )
  public static var everyServiceIsProbed: Self { .init("health/every-service-is-probed") }

  @available(
    *, unavailable,
    message: "a hard stop cannot be waived [delivery/gate-is-asked, S17-HS-10]"
  )
  public static var gateIsAsked: Self { .init("delivery/gate-is-asked") }

  @available(
    *, unavailable,
    message:
      "a hard stop cannot be waived [delivery/gate-judges-the-stack, S17-HS-03, S17-HS-10, S18-HS-07, S18-HS-08]"
  )
  public static var gateJudgesTheStack: Self { .init("delivery/gate-judges-the-stack") }

  @available(
    *, unavailable,
    message: "a hard stop cannot be waived [stack/paths-are-mounted, S18-HS-04]"
  )
  public static var pathsAreMounted: Self { .init("stack/paths-are-mounted") }

  @available(
    *, unavailable,
    message: "a hard stop cannot be waived [secrets/list-is-of-the-stack, S17-HS-03]"
  )
  public static var secretListIsOfTheStack: Self { .init("secrets/list-is-of-the-stack") }

  @available(
    *, unavailable,
    message: "a hard stop cannot be waived [stack/services-are-written, S18-HS-07, S18-HS-09]"
  )
  public static var servicesAreWritten: Self { .init("stack/services-are-written") }

  @available(
    *, unavailable,
    message:
      "a hard stop cannot be waived [alerts/measured-metrics-are-written, S18-HS-04, S18-HS-06]"
  )
  public static var measuredMetricsAreWritten: Self {
    .init("alerts/measured-metrics-are-written")
  }

  @available(
    *, unavailable,
    message: "a hard stop cannot be waived [capacity/memory-stores-fit-their-limit, S18-HS-09]"
  )
  public static var memoryStoresFitTheirLimit: Self {
    .init("capacity/memory-stores-fit-their-limit")
  }

  @available(
    *, unavailable,
    message: "a hard stop cannot be waived [cluster/nodes-hold-their-services, S18-HS-09]"
  )
  public static var nodesHoldTheirServices: Self { .init("cluster/nodes-hold-their-services") }

  @available(
    *, unavailable,
    message: "a hard stop cannot be waived [edge/public-names-are-certified, S18-HS-06]"
  )
  public static var publicNamesAreCertified: Self { .init("edge/public-names-are-certified") }

  @available(
    *, unavailable,
    message: "a hard stop cannot be waived [delivery/releases-can-go-back, S17-HS-09, S18-HS-05]"
  )
  public static var releasesCanGoBack: Self { .init("delivery/releases-can-go-back") }

  @available(
    *, unavailable,
    message: "a hard stop cannot be waived [database/schema-is-migrated, S17-HS-05]"
  )
  public static var schemaIsMigrated: Self { .init("database/schema-is-migrated") }

  @available(
    *, unavailable,
    message: "a hard stop cannot be waived [scrapes/reach-listeners, S18-HS-08]"
  )
  public static var scrapesReachListeners: Self { .init("scrapes/reach-listeners") }

  @available(
    *, unavailable,
    message: "a hard stop cannot be waived [secrets/are-long-enough, S17-HS-07]"
  )
  public static var secretsAreLongEnough: Self { .init("secrets/are-long-enough") }

  @available(
    *, unavailable,
    message: "a hard stop cannot be waived [secrets/reach-their-readers, S17-HS-03]"
  )
  public static var secretsReachTheirReaders: Self { .init("secrets/reach-their-readers") }

  @available(
    *, unavailable,
    message: "a hard stop cannot be waived [secrets/stay-out-of-the-environment, S18-HS-07]"
  )
  public static var secretsStayOutOfTheEnvironment: Self {
    .init("secrets/stay-out-of-the-environment")
  }

  @available(
    *, unavailable,
    message: "a hard stop cannot be waived [alerts/severities-reach-receivers, S18-HS-08]"
  )
  public static var severitiesReachReceivers: Self { .init("alerts/severities-reach-receivers") }
}
