public import ServiceContract
package import SlipwayDiagnostics

/// Everything that runs in one environment, and all that watches it.
public struct Environment<S: Stage>: Sendable {
  package let value: Specification

  /// - Parameters:
  ///   - name: Its name in paths, networks and databases: `prod`.
  ///   - cluster: The machines.
  ///   - configuration: What the service is told; only a contract can make one.
  ///   - runs: The repository's own components.
  ///   - edge: The nginx in front, or `nil` when nothing is reached from outside.
  ///   - database: PostgreSQL, or `nil` when nothing needs it.
  ///   - redis: Redis, or `nil` when nothing needs it.
  ///   - watches: What is measured, drawn and alerted on.
  public init(
    _ name: String, cluster: Cluster<S>, configuration: Configuration<S>, runs: [Run<S>],
    edge: Edge<S>?, database: Database<S>?, redis: RedisStores?, secrets: Secrets<S>,
    backups: Backups<S>, monitoring: Monitoring<S>, receivers: Receivers<S>,
    watches: Observability, delivery: Delivery<S>,
    file: String = #filePath, line: Int = #line
  ) {
    let here = Origin(file: file, line: line)
    value = Specification(
      name: name, stage: S.kind, cluster: cluster.value, settings: configuration.settings,
      runs: runs.map(\.value), edge: edge?.value, database: database?.value, redis: redis,
      secrets: secrets.value.written(at: here.at("secrets")), backups: backups.value,
      monitoring: monitoring.value, receivers: receivers.value.written(at: here.at("receivers")),
      watches: watches, delivery: delivery.value, origin: here)
  }
}

extension Origin {
  /// Of a value without arguments, which cannot ask for its line: the call that takes it stands in.
  static let unstated = Origin(file: "", line: 0)
}

/// An ``Environment`` without its stage, for the generator.
package struct Specification: Sendable {
  package let name: String
  package let stage: StageKind
  package let cluster: ClusterValue
  package let settings: [Setting]
  package let runs: [RunValue]
  package let edge: EdgeValue?
  package let database: DatabaseValue?
  package let redis: RedisStores?
  package let secrets: SecretsValue
  package let backups: BackupsValue?
  package let monitoring: MonitoringValue
  package let receivers: ReceiversValue
  package let watches: Observability
  package let delivery: DeliveryValue?
  package let origin: Origin
}

/// An environment of any stage.
public struct AnyEnvironment: Sendable {
  package let value: Specification
  public init<S: Stage>(_ environment: Environment<S>) { value = environment.value }
}
