import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// What scripts do with the database in a container of their own, by what it costs.
enum DatabaseJobKind: CaseIterable {
  case dumps, copies, migration

  /// The names of the jobs; every other one only asks, or switches.
  var jobs: [String] {
    switch self {
    case .dumps: ["backup", "verify", "restore"]
    case .copies: ["base", "verify-copy", "restore-to-time", "rejoin"]
    case .migration: ["migrate"]
    }
  }

  func limit(in jobs: DatabaseJobs) -> JobLimit {
    switch self {
    case .dumps: jobs.dumps
    case .copies: jobs.copies
    case .migration: jobs.migration
    }
  }
}

extension DatabaseValue {
  /// `SERVER VOLUME NODE`, one a line: what scripts compare with what the engine has.
  func placeList(_ environment: ResolvedEnvironment, _ holes: ScriptHoles) -> TextDocument {
    TextDocument(
      places.map { place in
        TextLine(
          "\(place.server) \(place.volume) \(holes.node(place.node))",
          from: [origin.at(place.follows == nil ? "primary" : "replicas")])
      }, comments: .hash)
  }
}
