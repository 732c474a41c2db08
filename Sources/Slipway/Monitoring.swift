public import ServiceContract
package import SlipwayDiagnostics

/// Prometheus, Alertmanager, Grafana and the exporters of everything the environment runs.
public struct Monitoring<S: Stage>: Sendable {
  package let value: MonitoringValue

  /// - Parameters:
  ///   - node: The node that owns the volumes.
  ///   - scrapesEvery: How often each target is asked.
  ///   - keeps: How long samples are kept; longer than the longest window of any alert.
  ///   - storage: What samples may take on disk; the oldest go first.
  ///   - reachedBy: How people reach Grafana, Prometheus and Alertmanager; links lead there.
  ///   - publishes: Grafana's port; development only.
  public init(
    on node: String, scrapesEvery: Duration = .seconds(15), keeps: Duration, storage: ByteCount,
    prometheus: Size, alertmanager: Size, grafana: Size, exporters: Size,
    reachedBy operations: OperationsAddress = .throughSSH(port: 3000),
    publishes: [Publication<S>] = [], file: String = #filePath, line: Int = #line
  ) {
    value = MonitoringValue(
      node: node, scrapesEvery: scrapesEvery, keeps: keeps, storage: storage,
      prometheus: prometheus, alertmanager: alertmanager, grafana: grafana,
      exporters: exporters, operations: operations, publishes: publishes.map(\.value),
      origin: Origin(file: file, line: line))
  }
}

/// The one address at which people see what monitoring knows. None of it is open to the internet:
/// whoever may log in to a manager forwards a port of their own machine.
public struct OperationsAddress: Sendable, Hashable {
  /// On the machine of whoever looks.
  package let port: Int

  /// A port of one's own machine; another one each environment, so that several can be looked at.
  public static func throughSSH(port: Int) -> Self { Self(port: port) }
}

package struct MonitoringValue: Sendable {
  package let node: String
  package let scrapesEvery: Duration
  package let keeps: Duration
  package let storage: ByteCount
  package let prometheus: Size
  package let alertmanager: Size
  package let grafana: Size
  package let exporters: Size
  package let operations: OperationsAddress
  package let publishes: [PublicationValue]
  package let origin: Origin
}
