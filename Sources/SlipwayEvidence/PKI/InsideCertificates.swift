/// The certificates with which an environment's data stores show who they are: one for each, in a
/// folder named as the secrets' source wants them. (engine fact F20)
package struct InsideCertificates {
  private let plan: SecretPlan
  private let authority: InsideAuthority
  private let folder: String
  private let now: PointInTime

  package init(
    _ plan: SecretPlan, authority: InsideAuthority, into folder: String, now: PointInTime
  ) {
    self.plan = plan
    self.authority = authority
    self.folder = folder
    self.now = now
  }

  /// What was done for one service.
  package enum Outcome: Sendable, Hashable {
    case issued
    case stillServes
  }

  /// - Parameter services: Only these, whether they need it or not; all that need one if empty.
  package func issue(
    _ services: [String]
  ) throws(ReadingFailure) -> [(service: String, outcome: Outcome)] {
    guard let home = plan.authority else {
      throw ReadingFailure("'\(plan.environment)' has no inside authority")
    }
    for service in services where !plan.leaves.contains(where: { $0.service == service }) {
      throw ReadingFailure("'\(plan.environment)' has no data store '\(service)'")
    }
    guard BoundedFile.isFolder(folder) else {
      throw ReadingFailure("there is no folder '\(folder)'")
    }
    try SecretFile.write(
      Array(authority.certificatePEM.utf8), to: "\(folder)/\(home.certificate)")
    var outcomes: [(service: String, outcome: Outcome)] = []
    for leaf in plan.leaves where services.isEmpty || services.contains(leaf.service) {
      // The name on the network, and the engine's whole name of the service.
      let names = [leaf.service, "\(plan.stack)_\(leaf.service)"]
      if services.isEmpty, serves(leaf, names) {
        outcomes.append((leaf.service, .stillServes))
        continue
      }
      let pair = try authority.issue(names, days: leaf.days, now: now)
      // Cut off between the two, the pair does not match, and the next run makes both anew.
      try SecretFile.write(Array(pair.key.utf8), to: "\(folder)/\(leaf.key)")
      try SecretFile.write(Array(pair.certificate.utf8), to: "\(folder)/\(leaf.certificate)")
      outcomes.append((leaf.service, .issued))
    }
    return outcomes
  }

  private func serves(_ leaf: SecretPlan.Leaf, _ names: [String]) -> Bool {
    guard let certificate = try? SecretFile.text("\(folder)/\(leaf.certificate)"),
      let key = try? SecretFile.text("\(folder)/\(leaf.key)")
    else { return false }
    return authority.stillServes(certificate, key, names: names, days: leaf.days, now: now)
  }
}
