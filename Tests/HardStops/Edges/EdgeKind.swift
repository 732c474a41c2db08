/// Every kind of reference between generated files: one file states what another relies on. For
/// each at least one cut is made in generated text, and must be found.
package enum EdgeKind: String, Sendable, CaseIterable {
  // What the edge forwards to.
  case upstreamToService, upstreamToPort, locationToUpstream, locationToRoute
  // What Prometheus asks.
  case jobToService, jobToPort, alertingToService, serverToRuleFile
  // What queries ask for.
  case alertToMetric, alertToLabel, alertToLabelValue, alertToJob, panelToMetric
  case panelToLabel, panelToLabelValue
  // Where alerts go.
  case alertToSeverity, severityToRoute, routeToReceiver, alertToRunbook, alertToTest
  case alertToDashboard, panelToDatasource, datasourceToServer
  // Secrets, settings, volumes, files.
  case secretToDeclaration, secretToMount, secretToReader, settingToReader, settingToService
  case volumeToDeclaration, mountToFile, configToDeclaration, serviceToNetwork
  case secretToSource, secretToEngine, optionToMount, certificateToMount, backupToData
  case probeToProgram, placementToNode
  // Images, builds, scripts.
  case imageToRelease, buildToDockerfile, scriptToService, scriptToScript, scriptToImage
  case timerToScript, jobToNeed, jobToScript, imageToDockerfile, jobToEnvironment
  // What the gate looks for.
  case gateToService, gateToScrape, gateToSecret
  // Names.
  case urlToServerName, nameToCertificate
  // Numbers that hold only together.
  case timeoutOfEdge, timeoutOfEngine, timeoutOfRequest, connectionsOfServer, connectionsOfPools
  case replicasToSum, memoryToSum, processorsToSum, memoryOfStore, retentionToWindow,
    intervalToRange
}

/// A cut: a text of a generated file that names something, and what is written in its place.
package struct EdgeCut: Sendable, CustomStringConvertible {
  package let kind: EdgeKind
  /// Under the root of the repository: `generated/prod/nginx/nginx.conf`.
  package let path: String
  package let old: String
  package let new: String
  package let rule: String
  /// The file in which it is found; where it was cut, unless the other end is what is seen.
  package let found: String

  package init(
    _ kind: EdgeKind, in path: String, _ old: String, _ new: String, _ rule: String,
    found: String? = nil
  ) {
    self.kind = kind
    self.path = path
    self.old = old
    self.new = new
    self.rule = rule
    self.found = found ?? path
  }

  package var description: String { "\(kind.rawValue): \(rule)" }

  /// `prod`; empty for what stands once.
  package var environment: String {
    let parts = path.split(separator: "/")
    return parts.first == "generated" && parts.count > 2 ? String(parts[1]) : ""
  }
}
