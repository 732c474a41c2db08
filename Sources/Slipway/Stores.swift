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
  ///   - jobs: How long each kind of work on the data may take, and how much room it has.
  public init(
    primary: String, replicas: [String], maxConnections: Int, limit: Resources,
    reserve: Resources, jobs: DatabaseJobs = DatabaseJobs(), publishes: [Publication<S>] = [],
    file: String = #filePath, line: Int = #line
  ) {
    value = DatabaseValue(
      primary: primary, replicas: replicas, maxConnections: maxConnections,
      size: Size(limit: limit, reserve: reserve), jobs: jobs,
      publishes: publishes.map(\.value), origin: Origin(file: file, line: line))
  }
}

/// What a job may take: it is ended after `within`, and gets no more than `limit`.
public struct JobLimit: Sendable, Equatable {
  package let within: Duration
  package let limit: Resources

  public static func within(_ time: Duration, limit: Resources) -> Self {
    Self(within: time, limit: limit)
  }
}

/// How long work on the database may take, and how much room it has. A job that is ended half way
/// leaves no backup, so the defaults are for hundreds of gibibytes. (F17, F18)
public struct DatabaseJobs: Sendable, Equatable {
  package let dumps: JobLimit
  package let copies: JobLimit
  package let migration: JobLimit
  package let others: JobLimit

  /// - Parameters:
  ///   - dumps: A logical dump: taking, proving or restoring one.
  ///   - copies: The whole server: a copy, its proof, a moment of it, a new replica.
  ///   - migration: Bringing the schema to what a release needs.
  ///   - others: What only asks, or switches.
  public init(
    dumps: JobLimit = .within(.hours(6), limit: .cpus(2, memory: .gibibytes(2))),
    copies: JobLimit = .within(.hours(12), limit: .cpus(2, memory: .gibibytes(4))),
    migration: JobLimit = .within(.hours(1), limit: .cpus(1, memory: .gibibytes(1))),
    others: JobLimit = .within(.hours(1), limit: .cpus(1, memory: .gibibytes(1)))
  ) {
    self.dumps = dumps
    self.copies = copies
    self.migration = migration
    self.others = others
  }
}

package struct DatabaseValue: Sendable {
  package let primary: String
  package let replicas: [String]
  package let maxConnections: Int
  package let size: Size
  package let jobs: DatabaseJobs
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
