package import SlipwayModel

/// Which of the gates is asked: three let something into an environment (engine fact F14), one lets
/// a commit into the repository.
package enum GateKind: String, Sendable, Hashable, CaseIterable {
  /// A release that replaces another.
  case release
  /// The first one of an environment: nothing runs there yet.
  case firstRelease
  /// A commit by itself, before anything is built from it: what every change is asked by CI. It
  /// has no release record, and what it does not prove counts as failed everywhere.
  case commit
  /// Back to a recorded release: an emergency, so nothing is asked that a build must have made.
  case rollback
}

/// Where the gate is asked from. A runner of CI sees reports and no cluster; a manager sees both,
/// for the evidence travels with the release. Only the manager's word lets a release in.
package enum GateSeat: String, Sendable, Hashable, CaseIterable {
  case delivery
  case cluster
}

/// One thing that must hold before a release may go out.
package protocol Criterion: Sendable {
  /// `tests/pass`.
  var id: String { get }
  /// What holds, as a sentence without a full stop: `every test passed on this commit`.
  var promise: String { get }
  /// The requirements that it answers: `S17-HS-01`.
  var sources: [String] { get }
  var kinds: Set<GateKind> { get }
  var seats: Set<GateSeat> { get }
  /// Whether this environment has what is asked about: without an edge there is no certificate.
  func applies(to expectations: GateExpectations) -> Bool
  /// Pure: the same evidence at the same moment gives the same ruling.
  func judge(_ evidence: EvidenceSet, _ question: GateQuestion) -> Ruling
}

extension Criterion {
  package func applies(to expectations: GateExpectations) -> Bool { true }
}
