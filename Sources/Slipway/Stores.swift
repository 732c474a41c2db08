public import ServiceContract
package import SlipwayDiagnostics

/// PostgreSQL: one primary and its streaming replicas, each its own service with its own volume.
/// (engine fact F17)
public struct Database<S: Stage>: Sendable {
  package let value: DatabaseValue

  /// - Parameters:
  ///   - primary: The node that owns the primary's volume.
  ///   - replicas: The nodes that own the replicas' volumes, one each.
  ///   - maxConnections: What the server accepts; the sum of all pools must fit. (C-27)
  public init(
    primary: String, replicas: [String], maxConnections: Int, limit: Resources,
    reserve: Resources, publishes: [Publication<S>] = [],
    file: String = #filePath, line: Int = #line
  ) {
    value = DatabaseValue(
      primary: primary, replicas: replicas, maxConnections: maxConnections,
      size: Size(limit: limit, reserve: reserve), publishes: publishes.map(\.value),
      origin: Origin(file: file, line: line))
  }
}

package struct DatabaseValue: Sendable {
  package let primary: String
  package let replicas: [String]
  package let maxConnections: Int
  package let size: Size
  package let publishes: [PublicationValue]
  package let origin: Origin
}

/// The two Redis servers: what may be lost, and what may not. (C-37)
public struct RedisStores: Sendable {
  package let cache: RedisValue
  package let state: RedisValue

  public init(cache: RedisServer, state: RedisServer) {
    self.cache = cache.value
    self.state = state.value
  }
}

/// One Redis server. It always asks for a password; what holds state writes RDB and AOF. (C-38)
public struct RedisServer: Sendable {
  package let value: RedisValue

  /// - Parameters:
  ///   - node: The node that owns its volume.
  ///   - memoryMax: What the data may take; it must leave room under the limit.
  public static func on(
    _ node: String, memoryMax: ByteCount, limit: Resources, reserve: Resources,
    file: String = #filePath, line: Int = #line
  ) -> Self {
    Self(
      value: RedisValue(
        node: node, memoryMax: memoryMax, size: Size(limit: limit, reserve: reserve),
        origin: Origin(file: file, line: line)))
  }
}

package struct RedisValue: Sendable {
  package let node: String
  package let memoryMax: ByteCount
  package let size: Size
  package let origin: Origin
}
