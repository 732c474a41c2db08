package import SlipwayDiagnostics

/// All rules. A test reads the folder and compares, so that none can be forgotten.
package enum Rules {
  package static let all: [any Rule.Type] = [
    AlertsHaveUniqueNames.self,
    ConnectionsFitTheServer.self,
    DatastoresStayPrivate.self,
    ForwardsReachListeners.self,
    NodesHoldTheirServices.self,
    QueriesNameWhatIsExported.self,
    ScrapesReachListeners.self,
    StackReferencesResolve.self,
    TimeoutsGrowOutwards.self,
    VolumesHaveOneOwner.self,
  ]

  /// Everything that is wrong, in a fixed order.
  package static func check(_ subject: Subject) -> [Finding] {
    all.flatMap { $0.findings(in: subject) }.sorted()
  }

  package static func rule(_ id: String) -> (any Rule.Type)? { all.first { $0.id == id } }
}
