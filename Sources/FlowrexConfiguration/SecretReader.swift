import FlowrexContract
import ServiceContract

/// Reads the mounted secrets: one file each, and never a variable outside development. (C-16,
/// S17-SEC-01 … 03)
package struct SecretReader {
  /// The bytes of a file of the secrets' folder; `nil` when there is none.
  package typealias Files = @Sendable (_ name: String) -> [UInt8]?

  package private(set) var namesRead: Set<String> = []
  private let files: Files
  private var values: [(SecretKey, SecretValue)] = []

  package init(_ files: @escaping Files) { self.files = files }

  /// A secret that must be there.
  mutating func required(_ key: SecretKey, _ reader: inout KeyReader) -> SecretValue {
    if let value = optional(key, &reader) { return value }
    reader.refuse(key.name, "no file '\(key.fileName)' in \(Derived.secretsDirectory.name)")
    return SecretValue([])
  }

  /// A secret that may be missing; if it is there, it must be strong.
  mutating func optional(_ key: SecretKey, _ reader: inout KeyReader) -> SecretValue? {
    namesRead.insert(key.name)
    var bytes = files(key.fileName)
    if let text = reader.variable(of: key) {
      if reader.stage.isDeployed {
        reader.refuse(key.name, "is a secret and may not be a variable")
      } else {
        bytes = bytes ?? Array(text.utf8)
      }
    }
    guard var bytes else { return nil }
    // An editor's line end; a second one is the secret's own fault.
    if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    let value = SecretValue(bytes)
    let denied = Contract.flowrex.deniedSecrets
    if let fault = SecretStrength.fault(value, key, denied: denied) {
      reader.refuse(key.name, fault)
    }
    values.append((key, value))
    return value
  }

  /// Refuses pairs that must differ and do not. (C-47)
  func refuseTwins(_ reader: inout KeyReader) {
    for (one, other) in Contract.flowrex.distinctSecrets {
      guard let first = values.first(where: { $0.0 == one })?.1,
        let second = values.first(where: { $0.0 == other })?.1, !first.isEmpty
      else { continue }
      let isSame = first.withBytes { left in second.withBytes { left == $0 } }
      if isSame { reader.refuse(other.name, "is the same as \(one.name)") }
    }
  }
}

/// The secrets of the API. A `nil` is development's only.
package struct BackendSecrets: Sendable {
  /// Signs access tokens; without one, a laptop's process draws one that dies with it.
  package let tokenKey: SecretValue?
  package let previousTokenKey: SecretValue?
  package let securityKey: SecretValue?
  package let adminPasswordHash: SecretValue?
  package let databasePassword: SecretValue?
  package let readerPassword: SecretValue?
  package let redisPassword: SecretValue?

  init(
    _ secrets: inout SecretReader, _ reader: inout KeyReader, database: DatabaseSettings,
    replicas: ReplicaSettings, redis: RedisSettings
  ) {
    func read(
      _ key: SecretKey, if isNeeded: Bool, _ secrets: inout SecretReader,
      _ reader: inout KeyReader
    ) -> SecretValue? {
      isNeeded ? secrets.required(key, &reader) : secrets.optional(key, &reader)
    }
    let isDeployed = reader.stage.isDeployed
    tokenKey = read(.jwtSecretKey, if: isDeployed, &secrets, &reader)
    previousTokenKey = read(.jwtPreviousKey, if: isDeployed, &secrets, &reader)
    securityKey = read(.securitySecretKey, if: isDeployed, &secrets, &reader)
    adminPasswordHash = read(.adminPasswordHash, if: isDeployed, &secrets, &reader)
    let isServer = database.engine == .postgresql
    databasePassword = read(.databasePassword, if: isServer, &secrets, &reader)
    readerPassword = read(
      .databaseReaderPassword, if: isServer && !replicas.hosts.isEmpty, &secrets, &reader)
    redisPassword = read(.redisPassword, if: redis.engine == .redis, &secrets, &reader)
    secrets.refuseTwins(&reader)
  }
}
