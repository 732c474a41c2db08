import FlowrexAPI
import FlowrexContract
import FlowrexMetrics
import FlowrexServing
import ServiceContract
import Synchronization
import TestSupport
import Testing

@Suite struct LifeTests {
  private final class Switch: Sendable {
    private let state: Mutex<Bool>
    init(_ isOn: Bool) { state = Mutex(isOn) }
    var isOn: Bool { state.withLock { $0 } }
    func set(_ isOn: Bool) { state.withLock { $0 = isOn } }
  }

  /// The two halves of engine fact F11.
  @Test(.covers("S18-EP-03", "C-09"))
  func `the latch closes when everything answers, and does not open again`() async {
    let (life, metrics) = (LifeCycle(), MetricRegistry(.backend))
    let redis = Switch(false)
    let readiness = Readiness(
      [ReadinessCheck(.database) { true }, ReadinessCheck(.redisState) { redis.isOn }],
      life: life, metrics: metrics)
    let before = await readiness.ask()
    #expect(!before.isReady && !life.wasReady)
    #expect(before.checks.map(\.isReachable) == [true, false])
    #expect(metrics.text().contains("service_ready 0\n"))
    #expect(metrics.text().contains(#"dependency_reachable{dependency="redis_state"} 0"#))
    redis.set(true)
    #expect(await readiness.ask().isReady)
    #expect(life.wasReady)
    #expect(metrics.text().contains("service_ready 1\n"))
    redis.set(false)
    #expect(await !readiness.ask().isReady)
    #expect(life.wasReady)
  }

  @Test func `who drains is not ready`() async {
    let life = LifeCycle()
    let readiness = Readiness([], life: life, metrics: MetricRegistry(.backend))
    #expect(await readiness.ask().isReady)
    life.enter(.draining)
    #expect(await !readiness.ask().isReady)
    life.enter(.closing)
    life.enter(.draining)
    #expect(life.phase == .closing)
  }

  @Test func `who does not answer in time does not answer`() async {
    let readiness = Readiness(
      [
        ReadinessCheck(.database) {
          try? await Task.sleep(for: .seconds(600))
          return true
        }
      ], life: LifeCycle(), metrics: MetricRegistry(.backend))
    #expect(await !readiness.ask().isReady)
  }
}
