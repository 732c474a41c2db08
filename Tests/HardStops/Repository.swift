import Foundation
import SlipwayTraceability
import TestSupport

extension HardStopPage {
  /// The criteria of this repository.
  package static func criteria() throws -> [HardStopCriterion] {
    let pages = try ["deployment-preparation.md", "production-deployment.md"].map { name in
      let path = Inventory.folder + name
      return Page(path: path, text: try text(of: path))
    }
    return criteria(levels: try text(of: levels), requirements: pages)
  }

  /// The page, with every case tried anew.
  package static func made() async throws -> String {
    var happened: [(HardStopCase, [Stopped])] = []
    for attempt in HardStopCase.all { happened.append((attempt, try await attempt.stopped())) }
    return text(try criteria(), happened)
  }

  package static func text(of path: String) throws -> String {
    try String(contentsOfFile: "\(packageRoot)/\(path)", encoding: .utf8)
  }
}
