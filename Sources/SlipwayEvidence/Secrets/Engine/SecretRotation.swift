/// New beside old, readers rolled one after another, old retired. (engine facts F3, F6)
extension SecretKeeper {
  /// Brings the readers of some values to the versions that the specification names. Values whose
  /// bytes belong together, such as a certificate and its key, are given at once.
  package func rotate(_ names: [String]) async throws(SecretRefusal) {
    let entries = try entries(of: names)
    let held = try await held()
    let readers = try await readers()
    try refuseOlder(entries, held)
    let stale = entries.filter { entry in
      held.keys.contains { name in entry.version(of: name).map { $0 < entry.version } ?? false }
    }
    guard !stale.isEmpty else {
      let words = entries.map { "\($0.key) is at version \($0.version)" }
      throw SecretRefusal(
        "\(unique(words).joined(separator: ", ")) in '\(plan.environment)', and nothing older is "
          + "there; write the next number into `versions:` of its secrets, generate, run this again"
      )
    }
    try await refuseSame(stale, held)
    try await create(entries, held)
    try await roll(entries, readers)
    try await retire(entries)
  }

  private func unique(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }

  private func entries(of names: [String]) throws(SecretRefusal) -> [SecretPlan.Entry] {
    let unknown = names.filter { name in !plan.entries.contains { $0.key == name } }
    guard unknown.isEmpty else {
      throw SecretRefusal(
        unknown.map { "'\(plan.environment)' has no secret '\($0)'" })
    }
    return plan.entries.filter { names.contains($0.key) }
  }

  private func readers() async throws(SecretRefusal) -> [EngineReader] {
    try await asked("to list its services") { () throws(EngineRefusal) in
      try await engine.services(of: plan.stack)
    }
  }

  /// An old checkout must not bring back an old value.
  private func refuseOlder(
    _ entries: [SecretPlan.Entry], _ held: [String: EngineSecret]
  ) throws(SecretRefusal) {
    var reasons: [String] = []
    for entry in entries {
      let newest = held.keys.compactMap(entry.version).max() ?? 0
      if newest > entry.version {
        reasons.append(
          "the engine has version \(newest) of \(entry.name), the specification says "
            + "\(entry.version); generate from the newest commit")
      }
    }
    guard reasons.isEmpty else { throw SecretRefusal(reasons) }
  }

  /// A new name for an old value protects nobody; and a version that was begun is of one value.
  private func refuseSame(
    _ entries: [SecretPlan.Entry], _ held: [String: EngineSecret]
  ) async throws(SecretRefusal) {
    let values = try await values(of: entries.map(\.key))
    var reasons: [String] = []
    for entry in entries {
      guard let value = values[entry.key] else { continue }
      let now = Self.fingerprint(entry.bytes(of: value))
      if let begun = held[entry.engine], begun.labels[Self.fingerprint] != now {
        reasons.append(
          "'\(entry.engine)' is there and of another value than \(source.name) has; "
            + "write the next number into `versions:`")
        continue
      }
      let before = held.values.filter { secret in
        entry.version(of: secret.name).map { $0 < entry.version } ?? false
      }
      if held[entry.engine] == nil,
        before.contains(where: { $0.labels[Self.fingerprint] == now })
      {
        reasons.append(
          "\(source.name) still has the value of an older version of \(entry.key); "
            + "put a new one there first")
      }
    }
    guard reasons.isEmpty else { throw SecretRefusal(unique(reasons)) }
  }

  // MARK: Readers

  private func swaps(_ reader: EngineReader, _ entries: [SecretPlan.Entry]) -> [SecretSwap] {
    reader.mounts.compactMap { mount in
      guard
        let entry = entries.first(where: { entry in
          entry.engine != mount.secret && entry.version(of: mount.secret) != nil
        })
      else { return nil }
      return SecretSwap(mount, new: entry.engine)
    }
  }

  private func roll(
    _ entries: [SecretPlan.Entry], _ readers: [EngineReader]
  ) async throws(SecretRefusal) {
    var order: [String] = []
    for name in entries.flatMap(\.services) where !order.contains(name) { order.append(name) }
    order += readers.map(\.name).filter { !order.contains($0) }
    var done: [(service: String, swaps: [SecretSwap])] = []
    for name in order {
      guard let reader = readers.first(where: { $0.name == name }) else { continue }
      let swaps = swaps(reader, entries)
      guard !swaps.isEmpty else { continue }
      do throws(SecretRefusal) {
        try await asked("to roll '\(name)'") { () throws(EngineRefusal) in
          try await engine.replace(in: name, swaps)
        }
        try await settle(name, swaps.map(\.new))
      } catch {
        let failed = try? await self.readers().first { $0.name == name }
        if let failed,
          swaps.allSatisfy({ swap in failed.mounts.contains { $0.secret == swap.new } })
        {
          done.append((name, swaps))
        }
        throw SecretRefusal(error.reasons + [await goBack(done)])
      }
      done.append((name, swaps))
      say("'\(name)' runs with \(swaps.map(\.new).joined(separator: ", "))")
    }
  }

  /// Until a service runs as asked; the engine calls an update that it took back a success. (F3)
  private func settle(_ name: String, _ secrets: [String]) async throws(SecretRefusal) {
    while true {
      let now = try await readers().first { $0.name == name }
      switch now?.state {
      case nil: throw SecretRefusal("'\(name)' is no longer there")
      case .tookBack(let word): throw SecretRefusal("the engine took '\(name)' back: \(word)")
      case .settled:
        let has = secrets.allSatisfy { secret in
          now?.mounts.contains { $0.secret == secret } ?? false
        }
        guard has else { throw SecretRefusal("somebody else changed '\(name)' meanwhile") }
        return
      case .rolling: break
      }
      guard await pause() else { throw SecretRefusal("'\(name)' did not settle in time") }
    }
  }

  /// Readers that were rolled already get the old version again: all have one, or it is told.
  private func goBack(_ done: [(service: String, swaps: [SecretSwap])]) async -> String {
    var left: [String] = []
    for (service, swaps) in done.reversed() {
      do throws(SecretRefusal) {
        try await asked("to take '\(service)' back") { () throws(EngineRefusal) in
          try await engine.replace(in: service, swaps.map(\.reversed))
        }
        try await settle(service, swaps.map(\.mount.secret))
      } catch {
        left.append("'\(service)': \(error.reasons.joined(separator: "; "))")
      }
    }
    return left.isEmpty
      ? "all readers have the version before it; nothing was removed; run this again"
      : "some readers could not be taken back: \(left.joined(separator: ", ")); nothing was removed"
  }

  // MARK: What was before

  /// Removes older versions that nobody mounts and no recorded release would go back to.
  private func retire(_ entries: [SecretPlan.Entry]) async throws(SecretRefusal) {
    let mounted = Set(try await readers().flatMap(\.mounts).map(\.secret))
    let names = try await held().keys.sorted()
    for entry in entries {
      for name in names {
        guard let version = entry.version(of: name), version < entry.version else { continue }
        if mounted.contains(name) {
          say("kept \(name): a service mounts it")
        } else if recorded.contains(name) {
          say("kept \(name): a recorded release goes back to it")
        } else {
          try await asked("to remove '\(name)'") { () throws(EngineRefusal) in
            try await engine.remove(name)
          }
          say("retired \(name)")
        }
      }
    }
  }
}
