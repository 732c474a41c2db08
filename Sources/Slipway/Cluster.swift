public import ServiceContract
public import SlipwayDiagnostics

/// What a node is for; services are placed by it.
public enum NodeKind: String, Sendable, Hashable, CaseIterable {
  /// Holds the public ports.
  case edge
  /// Runs what keeps no data.
  case app
  /// Holds volumes.
  case data
}

/// A machine of a cluster.
public struct Node: Sendable, Hashable {
  /// A machine's part in the cluster's own management.
  public enum Role: String, Sendable, Hashable { case manager, worker }

  /// The host name, as the engine knows it.
  public let name: String
  public let role: Role
  public let kinds: [NodeKind]
  public let size: Resources
  /// Operating system and processor: `linux/amd64`.
  public let platform: String
  public let origin: Origin

  public init(
    _ name: String, role: Role, kinds: [NodeKind], size: Resources,
    platform: String = "linux/amd64", file: String = #filePath, line: Int = #line
  ) {
    self.name = name
    self.role = role
    self.kinds = kinds
    self.size = size
    self.platform = platform
    origin = Origin(file: file, line: line)
  }
}

/// The machines that an environment runs on, and how a delivery reaches them.
public struct Cluster<S: Stage>: Sendable {
  package let value: ClusterValue
}

package struct ClusterValue: Sendable {
  package let nodes: [Node]
  package let access: AccessValue
  package let origin: Origin
}

extension Cluster where S: Deployed {
  public static func nodes(
    _ nodes: [Node], reachedBy access: Access, file: String = #filePath, line: Int = #line
  ) -> Self {
    Self(
      value: ClusterValue(
        nodes: nodes, access: access.value, origin: Origin(file: file, line: line)))
  }
}

extension Cluster<Development> {
  /// The developer's own machine.
  public static func thisMachine(
    _ size: Resources, file: String = #filePath, line: Int = #line
  ) -> Self {
    let origin = Origin(file: file, line: line)
    let node = Node(
      "localhost", role: .manager, kinds: NodeKind.allCases, size: size, file: file, line: line)
    return Self(value: ClusterValue(nodes: [node], access: .local, origin: origin))
  }
}

/// How a delivery workflow reaches a manager of the cluster.
public struct Access: Sendable {
  package let value: AccessValue

  /// A self-hosted runner on a manager, chosen by its labels.
  public static func runner(labels: [String]) -> Self { .init(value: .runner(labels: labels)) }

  /// SSH with a pinned host key; the account's key is bound to one forced command.
  ///
  /// - Parameters:
  ///   - hostKey: The secret that holds the line of `known_hosts`.
  ///   - key: The secret that holds the private key.
  ///   - signing: The secret that holds the private key with which bundles are signed; without it
  ///     whoever has the other key runs nothing.
  public static func ssh(
    host: String, port: Int = 22, user: String, hostKey: SecretKey, key: SecretKey,
    signing: SecretKey
  ) -> Self {
    .init(
      value: .ssh(
        host: host, port: port, user: user, hostKey: hostKey, key: key, signing: signing))
  }
}

package enum AccessValue: Sendable {
  case local
  case runner(labels: [String])
  case ssh(
    host: String, port: Int, user: String, hostKey: SecretKey, key: SecretKey, signing: SecretKey)
}
