import FlowrexContract
import Slipway

/// What happens without a request, and would be missed by nobody at once. (S18-ARCH-12,
/// S03-ARCH-07)
extension Alert {
  static let workIsLeft = Alert(
    "WorkerJobStuck", severity: .critical,
    when: Flowrex.jobLastSuccess.where(\.job, isNot: .candles)
      .where(\.job, isNot: .reconciliation).where(\.job, isNot: .retention)
      .age(by: \.job) > .minutes(3),
    for: .minutes(2),
    summary: "a job that runs every few seconds has not succeeded for minutes",
    runbook: .work,
    firesOn: .when(Flowrex.jobLastSuccess.where(\.job, is: .drawdownGuard).lies(before: .hours(1))),
    quietOn: .when(
      Flowrex.jobLastSuccess.where(\.job, is: .drawdownGuard).lies(after: .days(2)),
      // What nobody does is not missed.
      Flowrex.jobLastSuccess.where(\.job, is: .candles).lies(before: .hours(1))))

  static let nothingIsCleared = Alert(
    "RetentionStuck", severity: .warning,
    when: Flowrex.jobLastSuccess.where(\.job, is: .retention).age() > .hours(26), for: .hours(1),
    summary: "what is over has not been removed for a day",
    runbook: .work,
    firesOn: .when(Flowrex.jobLastSuccess.where(\.job, is: .retention).lies(before: .hours(30))),
    quietOn: .when(Flowrex.jobLastSuccess.where(\.job, is: .retention).lies(after: .days(2))))

  static let nobodyWorks = Alert(
    "WorkerJobUnheld", severity: .critical,
    when: Flowrex.jobLeader.where(\.job, isNot: .candles).sum(by: \.job) == 0, for: .minutes(2),
    summary: "no worker holds a job: orders are not sent, or accounts are not guarded",
    runbook: .work,
    firesOn: .when(Flowrex.jobLeader.where(\.job, is: .outbox).stays(at: 0)),
    quietOn: .when(
      Flowrex.jobLeader.where(\.job, is: .outbox).stays(at: 1),
      Flowrex.jobLeader.where(\.job, is: .candles).stays(at: 0)))

  static let noWorkerIsSeen = Alert(
    "WorkerUnknown", severity: .critical,
    when: .absent(Flowrex.jobLeader.all), for: .minutes(5),
    summary: "no worker says anything: whether orders are sent is not known",
    runbook: .work,
    firesOn: .nothing,
    quietOn: .when(Flowrex.jobLeader.where(\.job, is: .outbox).stays(at: 1)))

  static let brokerIsUnreachable = Alert(
    "BrokerUnreachable", severity: .critical,
    when: Flowrex.dependencyReachable.where(\.dependency, is: .broker).max() == 0,
    for: .minutes(2),
    summary: "the broker does not answer: orders wait, and fills are not heard",
    runbook: .trading,
    firesOn: .when(Flowrex.dependencyReachable.where(\.dependency, is: .broker).stays(at: 0)),
    quietOn: .when(Flowrex.dependencyReachable.where(\.dependency, is: .broker).stays(at: 1)))
}
