package import SlipwayDiagnostics

/// All rules. A test reads the folder and compares, so that none can be forgotten.
package enum Rules {
  package static let all: [any Rule.Type] = [
    AlertsHaveUniqueNames.self,
    BackupsAreTaken.self,
    CapsOnlyTighten.self,
    ConnectionsFitTheServer.self,
    CoverageIsAsked.self,
    DatastoresStayPrivate.self,
    DebugStaysInDevelopment.self,
    EveryAlertHasARunbook.self,
    EveryAlertIsTested.self,
    EveryServiceIsLimited.self,
    EveryServiceIsProbed.self,
    ForwardsReachListeners.self,
    GateIsAsked.self,
    GateJudgesTheStack.self,
    ImagesRunOnTheirNodes.self,
    KeysAreRead.self,
    LinksLeadSomewhere.self,
    LinksLeadToDashboards.self,
    MeasuredMetricsAreWritten.self,
    MemoryStoresFitTheirLimit.self,
    NodesHoldTheirServices.self,
    PathsAreMounted.self,
    PublicNamesAreCertified.self,
    QueriesNameWhatIsExported.self,
    ReleasesCanGoBack.self,
    RoutesAreServed.self,
    RuleFilesAreLoaded.self,
    SchemaIsMigrated.self,
    ScriptsNameWhatIsDeployed.self,
    ScrapesReachListeners.self,
    SecretListIsOfTheStack.self,
    SecretPathsAreMounted.self,
    SecretsAreLongEnough.self,
    SecretsReachTheirReaders.self,
    SecretsStayOutOfTheEnvironment.self,
    ServersAcceptWhatWasCounted.self,
    ServicesAreWritten.self,
    SettingsAreWritten.self,
    SeveritiesReachReceivers.self,
    StackReferencesResolve.self,
    TimeoutsAreWritten.self,
    TimeoutsGrowOutwards.self,
    VolumesHaveOneOwner.self,
    WindowsAreKept.self,
    WrittenQueriesAreAnswered.self,
  ]

  /// Everything that is wrong, in a fixed order.
  package static func check(_ subject: Subject) -> [Finding] {
    all.flatMap { $0.findings(in: subject) }.sorted()
  }

  package static func rule(_ id: String) -> (any Rule.Type)? { all.first { $0.id == id } }
}
