/// A fact of an environment that a service is told through one of its keys.
///
/// Nobody writes these values in a specification: they follow from it, so that a host name or a
/// port cannot be stated twice and differ.
public enum Fact: String, Sendable, Hashable, CaseIterable {
  /// `development`, `staging` or `production`. (C-06)
  case stage
  /// The environment's own name, which no other has, whatever its stage: `staging`. (C-49)
  case environment
  /// The component's own name: `backend`.
  case component
  /// The folder in which secrets are mounted as files. (C-16)
  case secretsFolder
  case databaseHost, databasePort, databaseName, databaseUser
  /// The hosts of the read replicas, separated by commas; empty without any. (engine fact F17)
  case databaseReplicaHosts
  /// The user that may only read.
  case databaseReader
  /// `disable` or `verify-full`. (C-60)
  case databaseTLS
  case redisCacheHost, redisStateHost, redisPort
  /// `true` or `false`. (C-60)
  case redisTLS
  /// The file of the environment's own certificate authority.
  case authorityFile
  /// `https://…` of the site and of the API.
  case siteURL, apiURL
  /// `wss://…/ws`.
  case webSocketURL
  /// The host names that are answered, separated by commas.
  case trustedHosts
  /// Where a browser's page may come from, separated by commas. (C-15)
  case allowedOrigins
  /// Where one component reaches another inside: `http://backend:8000`.
  case apiInsideURL
}

/// Which key carries a fact.
public struct Binding: Sendable, Hashable {
  public let fact: Fact
  public let key: String
  /// What stands in front of the fact, and behind it.
  public let before: String
  public let after: String

  public static func fact(
    _ fact: Fact, in key: String, before: String = "", after: String = ""
  ) -> Self {
    .init(fact: fact, key: key, before: before, after: after)
  }
}

/// What only the build of an image knows. The image tells its programs: an environment cannot.
public enum BuildFact: String, Sendable, Hashable, CaseIterable {
  /// The release that people name.
  case version
  /// The commit that was built, in full.
  case revision
  /// The run of the build, so that replicas of two builds of one commit can be told apart.
  case build
}

/// Which key carries a fact of the build.
public struct Stamp: Sendable, Hashable {
  public let fact: BuildFact
  public let key: String

  public static func stamp(_ fact: BuildFact, in key: String) -> Self {
    .init(fact: fact, key: key)
  }
}

/// Connections that one process of a service may hold open: the sum of what these keys say, and
/// those beside its pool. (C-27)
public struct ConnectionPool: Sendable, Hashable {
  /// The server that they lead to.
  public enum Server: String, Sendable, Hashable { case primary, replicas }
  public let server: Server
  public let keys: [String]
  /// Whatever the keys say.
  public let beside: Int

  public static func to(_ server: Server, keys: [String], beside: Int = 0) -> Self {
    Self(server: server, keys: keys, beside: beside)
  }
}

/// How a service is told about the stores and names that stand around it.
public struct Bindings: Sendable {
  public let facts: [Binding]
  /// What its images state.
  public let stamps: [Stamp]
  /// The password with which the service writes to the database.
  public let databasePassword: SecretKey?
  /// The password with which it reads from replicas.
  public let readerPassword: SecretKey?
  /// The password of both Redis servers.
  public let redisPassword: SecretKey?
  /// What its processes hold open; a component opens a pool whose keys it reads.
  public let pools: [ConnectionPool]

  public init(
    facts: [Binding] = [], stamps: [Stamp] = [], databasePassword: SecretKey? = nil,
    readerPassword: SecretKey? = nil,
    redisPassword: SecretKey? = nil, pools: [ConnectionPool] = []
  ) {
    self.facts = facts
    self.stamps = stamps
    self.databasePassword = databasePassword
    self.readerPassword = readerPassword
    self.redisPassword = redisPassword
    self.pools = pools
  }
}
