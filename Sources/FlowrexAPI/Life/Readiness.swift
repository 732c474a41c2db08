package import FlowrexContract
package import FlowrexMetrics
package import FlowrexServing
import ServiceContract

/// Something that must answer before this process is ready. (S18-EP-02)
package struct ReadinessCheck: Sendable {
  package let dependency: Dependency
  package let isReachable: @Sendable () async -> Bool

  package init(_ dependency: Dependency, _ isReachable: @escaping @Sendable () async -> Bool) {
    self.dependency = dependency
    self.isReachable = isReachable
  }
}

/// Asks what the process depends on, all at once and not for long. (C-09)
package struct Readiness: Sendable {
  /// Below what `/health/ready` may take, so that the answer is ours and no timeout's.
  private static let limit = Duration.milliseconds(1_500)

  package struct Verdict: Sendable {
    package let isReady: Bool
    package let checks: [(dependency: Dependency, isReachable: Bool)]
    /// What does not answer.
    package var missing: [String] {
      checks.filter { !$0.isReachable }.map(\.dependency.rawValue)
    }
  }

  private let checks: [ReadinessCheck]
  private let life: LifeCycle
  private let metrics: MetricRegistry

  package init(_ checks: [ReadinessCheck], life: LifeCycle, metrics: MetricRegistry) {
    self.checks = checks
    self.life = life
    self.metrics = metrics
  }

  package func ask() async -> Verdict {
    let found = await withTaskGroup(of: (Int, Bool).self) { group in
      for (index, check) in checks.enumerated() {
        group.addTask {
          let isReachable = try? await Deadline.run(
            until: .now + Self.limit, or: .late, check.isReachable)
          return (index, isReachable == true)
        }
      }
      var found = Array(repeating: false, count: checks.count)
      for await (index, isReachable) in group { found[index] = isReachable }
      return found
    }
    for (check, isReachable) in zip(checks, found) {
      metrics.set(
        Flowrex.dependencyReachable, to: isReachable ? 1 : 0, .of(\.dependency, check.dependency))
    }
    let isReady = !found.contains(false) && life.phase == .serving
    metrics.set(Flowrex.ready, to: isReady ? 1 : 0)
    if isReady { life.markReady() }
    return Verdict(
      isReady: isReady, checks: zip(checks.map(\.dependency), found).map { ($0, $1) })
  }
}
