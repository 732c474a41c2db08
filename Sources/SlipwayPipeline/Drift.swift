package import SlipwayDiagnostics
import SlipwayModel

/// What stands on disk under the output folders: path → text.
package struct DiskState: Sendable {
  package let files: [String: String]
  /// Paths at which something stands that is neither an ordinary file nor a folder.
  package let obstacles: Set<String>
  package let folders: Set<String>

  package init(
    files: [String: String], obstacles: Set<String> = [], folders: Set<String> = []
  ) {
    self.files = files
    self.obstacles = obstacles
    self.folders = folders
  }
}

/// How a file on disk differs from what would be written.
package enum Drift: Sendable, Hashable {
  /// The specification changed, the file did not.
  case notRegenerated
  /// Somebody changed the file.
  case editedByHand
  /// The file is not there.
  case missing
  /// The file is there, and nothing makes it any more.
  case orphan
  /// Another version of the generator made it.
  case olderGenerator(String)
}

/// Compares what would be written with what stands there.
package struct DriftReport: Sendable {
  package struct Item: Sendable, Hashable {
    package let path: String
    package let drift: Drift

    package init(path: String, drift: Drift) {
      self.path = path
      self.drift = drift
    }
  }
  package let items: [Item]

  package init(_ generation: Generation, on disk: DiskState) {
    var items: [Item] = []
    let expected = generation.files.map(\.printed)
    let manifests = generation.parts.map { part in
      let expected = Manifest(of: part.files.map(\.printed))
      let text = disk.files[Manifest.path(of: part.name)]
      return (part.name, text.flatMap { Manifest(text: $0, expecting: expected) })
    }
    let older = manifests.compactMap(\.1?.version).first { $0 != SlipwayVersion.current }
    var recorded: [String: String] = [:]
    for (_, manifest) in manifests {
      for entry in manifest?.entries ?? [] { recorded[entry.path] = entry.digest }
    }
    for file in expected {
      guard let text = disk.files[file.path] else {
        items.append(Item(path: file.path, drift: .missing))
        continue
      }
      guard text != file.text else { continue }
      let digest = SHA256.hex(text)
      if let record = recorded[file.path], record != digest, !MergeConflict.isMarked(text) {
        items.append(Item(path: file.path, drift: .editedByHand))
      } else if let older {
        items.append(Item(path: file.path, drift: .olderGenerator(older)))
      } else {
        items.append(Item(path: file.path, drift: .notRegenerated))
      }
    }
    items += Self.manifestItems(generation, disk, older: older)
    let wanted = Set(expected.map(\.path))
    let manifestPaths = Set(generation.parts.map { Manifest.path(of: $0.name) })
    for path in disk.files.keys.sorted()
    where !wanted.contains(path) && !manifestPaths.contains(path) && path != ".env.example"
      && (path.hasPrefix(OutputFolder.generated) || recorded[path] != nil)
    {
      items.append(Item(path: path, drift: .orphan))
    }
    self.items = items.sorted { $0.path < $1.path }
  }

  private static func manifestItems(
    _ generation: Generation, _ disk: DiskState, older: String?
  ) -> [Item] {
    generation.parts.compactMap { part in
      let path = Manifest.path(of: part.name)
      let text = Manifest(of: part.files.map(\.printed)).text
      guard let there = disk.files[path] else { return Item(path: path, drift: .missing) }
      if there == text { return nil }
      return Item(path: path, drift: older.map { .olderGenerator($0) } ?? .notRegenerated)
    }
  }

  /// One finding a file; the command that mends it is the same for all.
  package func findings(command: String) -> [Finding] {
    items.map { item in
      let (rule, message, why, fix) = Self.words(item, command)
      return Finding(
        rule: rule, message: message, lands: Landing(path: item.path), why: why, fix: fix)
    }
  }

  private static func words(
    _ item: Item, _ command: String
  ) -> (rule: String, message: String, why: String, fix: String) {
    switch item.drift {
    case .notRegenerated:
      (
        "drift/not-regenerated", "'\(item.path)' is older than its specification",
        "reviewers would read something else than what the specification says", command
      )
    case .editedByHand:
      (
        "drift/edited-by-hand", "'\(item.path)' was changed after it was generated",
        "the next run would silently undo this edit",
        "move the change into the specification, then `\(command)`; to throw it away: "
          + "`slipway generate --force \(item.path)`"
      )
    case .missing:
      (
        "drift/missing", "'\(item.path)' is not there",
        "what refers to it would find nothing", command
      )
    case .orphan:
      (
        "drift/orphan", "'\(item.path)' is there, and nothing makes it any more",
        "people would go on reading it", "\(command), or delete it if it is your own"
      )
    case .olderGenerator(let version):
      (
        "drift/older-generator",
        "'\(item.path)' was generated by Slipway \(version), this is \(SlipwayVersion.current)",
        "a change of the generator is reviewed like any other", command
      )
    }
  }
}
