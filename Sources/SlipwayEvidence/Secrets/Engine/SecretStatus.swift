import SlipwayModel

/// What is true of one secret of the engine.
package struct SecretStatus: Sendable, Hashable {
  package let name: String
  package let version: Int
  /// What is wrong, as clauses; empty if nothing is.
  package let faults: [String]
}

extension SecretKeeper {
  /// Compares the specification, the engine and the source.
  package func status(now: PointInTime) async throws(SecretRefusal) -> [SecretStatus] {
    let held = try await held()
    let readers = try await asked("to list its services") { () throws(EngineRefusal) in
      try await engine.services(of: plan.stack)
    }
    var values: [String: [UInt8]] = [:]
    var clauses: [String: String] = [:]
    let denied = Set(expectations.denied)
    for key in expectations.keys {
      do throws(ReadingFailure) {
        guard let value = try await source.value(of: key)?.withoutLineEnd else {
          clauses[key.name] = "the source has no value"
          continue
        }
        values[key.name] = value
        clauses[key.name] = SecretStrength.fault(value, key, denied: denied).map {
          "the source's value \($0.words)"
        }
      } catch {
        throw SecretRefusal("\(source.name): \(error.clause)")
      }
    }
    return plan.entries.map { entry in
      var faults = [clauses[entry.key]].compactMap { $0 }
      if let secret = held[entry.engine] {
        let known = secret.labels[Self.fingerprint]
        if let value = values[entry.key], let known,
          Self.fingerprint(entry.bytes(of: value)) != known
        {
          faults.append("the source has another value than version \(entry.version)")
        }
        if let created = secret.created, now.since(created) > .seconds(entry.days * 86_400) {
          faults.append("it is older than \(entry.days) days")
        }
      } else {
        faults.append("the engine does not have it")
      }
      for reader in readers {
        for mount in reader.mounts {
          if let version = entry.version(of: mount.secret), version != entry.version {
            faults.append("'\(reader.name)' still reads version \(version)")
          }
        }
      }
      return SecretStatus(name: entry.name, version: entry.version, faults: faults)
    }
  }
}
