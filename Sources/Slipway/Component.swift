public import ServiceContract
public import SlipwayDiagnostics

/// Says what a thing is, in every environment. How much of it an environment runs is said by
/// ``Run``.
public struct Component: Sendable, Hashable {
  public let name: String
  public let image: Image
  /// The words after the image's entry point.
  public let arguments: [String]
  public let ports: [Port]
  public let health: HealthCheck
  /// The configuration keys that it reads; it is told no others.
  public let keys: [KeyDeclaration]
  /// The secrets that are mounted into it; it sees no others. (C-16)
  public let reads: [SecretKey]
  /// What it talks to; it is attached to no network but these need. (S18-DC-08)
  public let needs: [Need]
  /// How its image works on the database that it is kept in; `nil` for one that has none.
  /// (F4, S17-MIG-05)
  public let migrates: Migration?
  /// How long it may take to finish after it was told to stop. (C-35)
  public let stopsWithin: Duration
  public let origin: Origin

  public init(
    _ name: String, image: Image, runs arguments: [String], ports: [Port], health: HealthCheck,
    keys: [KeyDeclaration], reads: [SecretKey], needs: [Need], migrates: Migration? = nil,
    stopsWithin: Duration,
    file: String = #filePath, line: Int = #line
  ) {
    self.name = name
    self.image = image
    self.arguments = arguments
    self.ports = ports
    self.health = health
    self.keys = keys
    self.reads = reads
    self.needs = needs
    self.migrates = migrates
    self.stopsWithin = stopsWithin
    origin = Origin(file: file, line: line)
  }
}

/// The words with which an image works on its database, and what they read: less than the service
/// that the image also is, for they are run once and by themselves.
public struct Migration: Sendable, Hashable {
  /// Bring the schema to what the image needs, once, before a release replaces anything. (F4)
  public let up: [String]
  /// Print what schema the database has: one line of JSON with `applied`, `failed`, `changed` and
  /// `serves`. The gate asks for it before anything is replaced. (S17-HS-05, S17-GATE-04)
  public let status: [String]
  /// Make a database of an earlier moment fit for people: what was ended since is ended again.
  /// They are run after a restore, when the schema fits and before anything writes; empty where
  /// nothing is. (C-52)
  public let restored: [String]
  /// Prove that a log that the database keeps is whole. Their last line is its head, which is kept
  /// outside of the database and told the next time as `--head`; empty where there is no such log.
  /// (S18-AUD-02)
  public let proof: [String]
  /// The configuration keys that these words read.
  public let keys: [KeyDeclaration]
  /// The secrets that they read; they see no others. (C-16)
  public let reads: [SecretKey]

  public static func words(
    up: [String], status: [String], restored: [String] = [], proof: [String] = [],
    keys: [KeyDeclaration], reads: [SecretKey]
  ) -> Self {
    Self(up: up, status: status, restored: restored, proof: proof, keys: keys, reads: reads)
  }
}

/// Something that a component talks to.
public enum Need: String, Sendable, Hashable, CaseIterable {
  /// PostgreSQL: the primary and its replicas.
  case database
  /// Redis: the cache and the state store.
  case redis
  /// The outside world: brokers, market data.
  case internet
}

/// How an engine asks a container whether it lives. A long-running component without one cannot
/// be written. (S18-HS-01)
public struct HealthCheck: Sendable, Hashable {
  /// The words that are run inside the container; exit status 0 means healthy.
  public let command: [String]
  public let every: Duration
  public let within: Duration
  public let retries: Int
  public let startingWithin: Duration

  /// The image's own verb, so that the image needs no HTTP client. (C-32)
  public static func command(
    _ words: String..., every: Duration, within: Duration, retries: Int = 3,
    startingWithin: Duration
  ) -> Self {
    Self(
      command: words, every: every, within: within, retries: retries,
      startingWithin: startingWithin)
  }
}
