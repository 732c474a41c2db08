import ServiceContract
import Slipway

/// Where the links of dashboards, alerts and messages lead.
extension MonitoringValue {
  /// What a browser asks: Grafana at its root, the others below. In development Grafana's own
  /// published port, elsewhere the port that `scripts/operations` answers on.
  package var address: String { "http://localhost:\(port)" }

  /// On the machine of whoever looks, and on the manager that they are logged in to.
  package var port: Int { publishes.first?.port ?? operations.port }
}

/// The parts of the operations address, and who answers there.
package struct OperationsPart: Sendable, Hashable {
  /// `/prometheus/`, or `/` for what stands at the root.
  package let path: String
  package let service: String
  package let port: Int

  package static let all = [
    OperationsPart(path: "/prometheus/", service: PartName.prometheus, port: 9090),
    OperationsPart(path: "/alertmanager/", service: PartName.alertmanager, port: 9093),
    OperationsPart(path: "/", service: PartName.grafana, port: 3000),
  ]
  /// Where the small nginx of `scripts/operations` listens in its container.
  package static let listens = 8080
  /// Its configuration, under the environment's folder.
  package static let file = "operations/nginx.conf"
}
