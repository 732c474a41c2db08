import Foundation
import ServiceContract
import SlipwayEvidence
import SlipwayModel

/// Where the gate looks, put together from the command line and the variables of the process: a
/// token in an argument could be read by everyone on the machine.
struct GateSources {
  let command: AskCommand
  let question: GateQuestion
  let state: String
  let variables: [String: String]

  private var now: PointInTime { question.now }

  /// Who may sign: on a cluster its administrator's list, which no release brings along.
  private var signers: String {
    command.signers
      ?? (question.seat == .cluster ? "\(state)/signers" : "environments/signers")
  }

  func evidence(kept: ReleaseRecord?) async -> EvidenceSet {
    var set = EvidenceSet()
    let reports = ReportCollector(command.evidence)
    let signed = SignedFiles(signers: signers, now: now)
    if question.kind != .rollback {
      set.tests = reports.tests
      set.coverage = reports.coverage
      set.scans = reports.scans
      set.form = reports.form
      set.leaks = reports.leaks
      set.statements = reports.statements(signed)
    }
    set.stack = StackCollector.stack(in: command.folder, now: now)
    if question.seat == .delivery {
      set.lock = LockCollector.lock(command.lock, now: now)
    } else {
      let cluster = collector(signed)
      cluster.add(to: &set, question.expectations)
      set.certificates = await cluster.certificates(authorities: command.authorities)
      set.secrets = await secrets()
    }
    set.kept = kept
    return set
  }

  func collector(_ signed: SignedFiles) -> ClusterCollector {
    ClusterCollector(
      state: state, metrics: variables["SLIPWAY_METRICS"] ?? question.expectations.metrics,
      evidence: command.evidence, signed: signed, now: now)
  }

  private func secrets() async -> Sight<SecretFacts> {
    let source: any SecretSource
    do throws(ReadingFailure) {
      source = try SecretSources(
        expectations: question.expectations, variables: variables, now: now
      ).source()
    } catch {
      return .unreadable(error.clause)
    }
    return await SecretCollector.facts(question.expectations.secrets, from: source, now: now)
  }
}
