import Fixtures
import ServiceContract
import Slipway

extension Environment<Development> {
  /// Monitoring and one alert, with words of the test's own.
  static func bare(
    _ name: String = "bare", summary: String = "baskets are full", runbook: Runbook
  ) -> Environment<Development> {
    let alert = Alert(
      "BasketsFull", severity: .warning, when: Shop.basketSize.max > 100, for: .minutes(5),
      summary: summary, runbook: runbook, firesOn: .when(Shop.basketSize.stays(at: 200)),
      quietOn: .when(Shop.basketSize.stays(at: 1)))
    return Environment<Development>(
      name, cluster: .thisMachine(.cpus(4, memory: .gibibytes(8))),
      configuration: Configuration(stating: [Setting.poolSize(5)]), runs: [], edge: nil,
      database: nil, redis: nil, secrets: .madeUp, backups: .none,
      monitoring: Monitoring(
        on: "localhost", keeps: .days(2), storage: .gibibytes(1), prometheus: .small,
        alertmanager: .small, grafana: .small, exporters: .small),
      receivers: .pageOnly,
      watches: Observability(
        alerts: [alert],
        dashboards: [Dashboard("odd", title: summary, panels: [.heading("Nothing")])]),
      delivery: .byHand)
  }
}
