package import SlipwayDiagnostics
package import SlipwayModel

/// What a run does to the disk: decided here, done next door.
package struct WritePlan: Sendable {
  /// What a file is called until it is renamed to its own name.
  package static let stagedSuffix = ".slipway-new"

  /// In the order in which they are put in their places, manifests last: whatever interrupts a
  /// run, what a manifest records has been there.
  package let writes: [PrintedArtefact]
  package let removals: [String]
  package let unchanged: Int
  package let findings: [Finding]

  /// - Parameter forced: Paths whose hand edits may be thrown away.
  package init(_ generation: Generation, on disk: DiskState, forced: Set<String>) {
    var writes: [PrintedArtefact] = []
    var removals: [String] = []
    var findings: [Finding] = []
    var unchanged = 0
    var ways = Ways(disk)
    for part in generation.parts {
      let path = Manifest.path(of: part.name)
      let old = disk.files[path]
      let files = part.files.map(\.printed)
      let expected = Manifest(of: files)
      let manifest = old.flatMap { Manifest(text: $0, expecting: expected) }
      // A manifest that a merge has marked says nothing; everything is made anew.
      let isMerging = old.map { manifest == nil && MergeConflict.isMarked($0) } ?? false
      // One that was to be put in its place last, by a run that was interrupted: what it records
      // may be there already, and is no edit.
      let staged = disk.files[path + Self.stagedSuffix].flatMap(Manifest.init(text:))
      let manifests = [manifest, staged].compactMap(\.self)
      let all = files + [PrintedArtefact(path: path, text: expected.text, isExecutable: false)]
      for file in all {
        let place = Self.place(
          file, disk, &ways, manifests, isManifest: file.path == path, isMerging: isMerging,
          forced)
        switch place {
        case .same: unchanged += 1
        case .write: writes.append(file)
        case .refuse(let finding): findings.append(finding)
        }
      }
      let wanted = Set(all.map(\.path))
      for entry in manifest?.entries ?? []
      where !wanted.contains(entry.path) && disk.files[entry.path] != nil {
        removals.append(entry.path)
      }
    }
    removals += disk.files.keys.filter { $0.hasSuffix(Self.stagedSuffix) }
    let wanted = Set(writes.map(\.path))
    let manifests = Set(generation.parts.map { Manifest.path(of: $0.name) })
    self.writes = writes.sorted {
      (manifests.contains($0.path) ? 1 : 0, $0.path)
        < (manifests.contains($1.path) ? 1 : 0, $1.path)
    }
    self.removals = removals.filter { !wanted.contains($0) }.sorted()
    self.unchanged = unchanged
    // What stands in the way of many files is said once.
    self.findings = Set(findings).sorted()
  }

  private enum Place { case same, write, refuse(Finding) }

  private static func place(
    _ file: PrintedArtefact, _ disk: DiskState, _ ways: inout Ways, _ manifests: [Manifest],
    isManifest: Bool, isMerging: Bool, _ forced: Set<String>
  ) -> Place {
    if disk.obstacles.contains(file.path) || disk.folders.contains(file.path) {
      return .refuse(
        refusal(
          "output/is-a-plain-file", "'\(file.path)' is a link or a folder, not a file", file.path,
          why: "writing through it would change something outside the output folder",
          fix: "remove what stands there, then run again"))
    }
    if let folder = ways.noFolder(above: file.path) {
      return .refuse(
        refusal(
          "output/is-a-plain-folder", "'\(folder)' is a link or a file, not a folder", folder,
          why: "writing below it would fail, or change something outside the output folder",
          fix: "remove what stands there, then run again"))
    }
    guard let text = disk.files[file.path] else { return .write }
    if text == file.text { return .same }
    if isManifest || isMerging || forced.contains(file.path) || MergeConflict.isMarked(text) {
      return .write
    }
    let digest = SHA256.hex(text)
    if manifests.contains(where: { $0[file.path] == digest }) { return .write }
    return .refuse(
      refusal(
        "drift/edited-by-hand", "'\(file.path)' was changed after it was generated", file.path,
        why: "this run would silently undo the edit",
        fix: "move the change into the specification, or throw it away with "
          + "`--force \(file.path)`"))
  }

  private static func refusal(
    _ rule: String, _ message: String, _ path: String, why: String, fix: String
  ) -> Finding {
    Finding(rule: rule, message: message, lands: Landing(path: path), why: why, fix: fix)
  }
}

/// What stands on the ways to files; many files have one way.
private struct Ways {
  private let disk: DiskState
  private var known: [Substring: String?] = [:]

  init(_ disk: DiskState) { self.disk = disk }

  /// The first folder of a path at which something else stands.
  mutating func noFolder(above path: String) -> String? {
    guard let end = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
    let way = path[..<end]
    if let found = known[way] { return found }
    let found = first(on: way)
    known[way] = .some(found)
    return found
  }

  private func first(on way: Substring) -> String? {
    var folder = ""
    for part in way.split(separator: "/") {
      folder += (folder.isEmpty ? "" : "/") + part
      if disk.obstacles.contains(folder) || disk.files[folder] != nil { return folder }
    }
    return nil
  }
}
