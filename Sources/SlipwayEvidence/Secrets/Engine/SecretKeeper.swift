package import SlipwayModel

/// Why nothing, or no more, was done: sentences, all that are known.
package struct SecretRefusal: Error, Sendable, Hashable {
  package let reasons: [String]
  init(_ reasons: [String]) { self.reasons = reasons }
  init(_ reason: String) { reasons = [reason] }
}

/// Brings values from their source to the engine. What the engine holds says how far an earlier run
/// came, so an interrupted one is simply run again; nothing is removed that somebody reads.
/// (engine facts F3, F6, F8)
package struct SecretKeeper: Sendable {
  let plan: SecretPlan
  let expectations: SecretExpectations
  let source: any SecretSource
  let engine: any SecretEngine
  /// Engine names that recorded releases refer to: a way back needs them.
  let recorded: Set<String>
  /// Waits a moment before the engine is asked again; `false` when the time is up.
  let pause: @Sendable () async -> Bool
  let say: @Sendable (String) -> Void

  package init(
    _ plan: SecretPlan, _ expectations: SecretExpectations, from source: any SecretSource,
    to engine: any SecretEngine, recorded: Set<String>,
    pause: @escaping @Sendable () async -> Bool, say: @escaping @Sendable (String) -> Void
  ) {
    self.plan = plan
    self.expectations = expectations
    self.source = source
    self.engine = engine
    self.recorded = recorded
    self.pause = pause
    self.say = say
  }

  static let fingerprint = "slipway.fingerprint"

  /// The first 8 digits of a digest: says whether two values are one, and is too short to find one
  /// by guessing. Whoever may read the label could mount the secret itself.
  static func fingerprint(_ bytes: [UInt8]) -> String { String(SHA256.hex(bytes).prefix(8)) }

  func labels(_ entry: SecretPlan.Entry, _ bytes: [UInt8]) -> [String: String] {
    [
      "slipway.environment": plan.environment, "slipway.key": entry.key,
      "slipway.version": "\(entry.version)", Self.fingerprint: Self.fingerprint(bytes),
    ]
  }

  // MARK: Values

  /// The values of some keys, each judged as the gate judges it; all faults at once.
  func values(of keys: [String]) async throws(SecretRefusal) -> [String: [UInt8]] {
    var values: [String: [UInt8]] = [:]
    var reasons: [String] = []
    let denied = Set(expectations.denied)
    let partners = expectations.distinct.filter { !$0.allSatisfy { !keys.contains($0) } }
    for key in expectations.keys {
      let isWanted = keys.contains(key.name)
      guard isWanted || partners.contains(where: { $0.contains(key.name) }) else { continue }
      do throws(ReadingFailure) {
        guard let value = try await source.value(of: key) else {
          if isWanted { reasons.append("\(key.name) is missing in \(source.name)") }
          continue
        }
        let text = value.withoutLineEnd
        if isWanted, let fault = SecretStrength.fault(text, key, denied: denied) {
          reasons.append("\(key.name) \(fault.words)")
        }
        values[key.name] = text
      } catch {
        throw SecretRefusal("\(source.name): \(error.clause)")
      }
    }
    for names in partners {
      let found = names.compactMap { values[$0] }
      if Set(found).count < found.count {
        reasons.append("\(names.joined(separator: " and ")) have one value and must differ")
      }
    }
    guard reasons.isEmpty else { throw SecretRefusal(reasons) }
    return values.filter { keys.contains($0.key) }
  }

  func asked<Value: Sendable>(
    _ what: String, _ body: () async throws(EngineRefusal) -> Value
  ) async throws(SecretRefusal) -> Value {
    do throws(EngineRefusal) {
      return try await body()
    } catch {
      throw SecretRefusal("the engine refused \(what): \(error.clause)")
    }
  }

  func held() async throws(SecretRefusal) -> [String: EngineSecret] {
    let secrets = try await asked("to list its secrets") { () throws(EngineRefusal) in
      try await engine.secrets()
    }
    return Dictionary(secrets.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Creates what is missing of these; what is there must be of the same value.
  @discardableResult
  func create(
    _ entries: [SecretPlan.Entry], _ held: [String: EngineSecret]
  ) async throws(SecretRefusal) -> Int {
    let missing = entries.filter { held[$0.engine] == nil }
    guard !missing.isEmpty else { return 0 }
    let values = try await values(of: missing.map(\.key))
    var made = 0
    for entry in missing {
      guard let value = values[entry.key] else {
        throw SecretRefusal("\(entry.key) is not among the secrets that the gate expects")
      }
      let bytes = entry.bytes(of: value)
      try await asked("'\(entry.engine)' after it took \(made) of \(missing.count)") {
        () throws(EngineRefusal) in
        try await engine.create(entry.engine, bytes, labels: labels(entry, bytes))
      }
      made += 1
      say("created \(entry.engine)")
    }
    return made
  }

  // MARK: Verbs

  /// Gives the engine every secret that the specification names and it does not have.
  package func sync() async throws(SecretRefusal) -> Int {
    try await create(plan.entries, try await held())
  }
}

extension [UInt8] {
  /// Editors and `echo` end a file with a line feed; nobody means it.
  package var withoutLineEnd: [UInt8] {
    guard last == 0x0A else { return self }
    return Array(dropLast(count > 1 && self[count - 2] == 0x0D ? 2 : 1))
  }
}
