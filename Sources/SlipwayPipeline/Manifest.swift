package import SlipwayModel

/// What a run wrote: one line a file. It tells a hand edit from an old file. (design §5)
package struct Manifest: Sendable, Hashable {
  package struct Entry: Sendable, Hashable {
    package let path: String
    package let digest: String
  }
  package let version: String
  package let entries: [Entry]

  package init(version: String, entries: [Entry]) {
    self.version = version
    self.entries = entries.sorted { $0.path < $1.path }
  }

  /// The manifest of some files.
  package init(of files: [PrintedArtefact]) {
    self.init(
      version: SlipwayVersion.current,
      entries: files.map { Entry(path: $0.path, digest: $0.digest) })
  }

  package subscript(path: String) -> String? { entries.first { $0.path == path }?.digest }

  /// Where the manifest of an environment stands; an empty name is that of the shared files.
  package static func path(of name: String) -> String {
    name.isEmpty ? "generated/MANIFEST" : "generated/\(name)/MANIFEST"
  }

  package var text: String {
    "slipway \(version)\n" + entries.map { "\($0.digest)  \($0.path)\n" }.joined()
  }

  /// What a text says of which we know what it should be: most often it is that.
  init?(text: String, expecting expected: Manifest) {
    if text == expected.text {
      self = expected
    } else {
      self.init(text: text)
    }
  }

  /// Reads a manifest; `nil` if this is none, such as after a merge conflict.
  package init?(text: String) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.last == "", let head = lines.first, head.hasPrefix("slipway ") else { return nil }
    lines.removeLast()
    var entries: [Entry] = []
    for line in lines.dropFirst() {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, parts[0].utf8.count == 64 else { return nil }
      let path = parts[1].drop { $0 == " " }
      guard ArtefactPrinter.isInside(String(path)) else { return nil }
      entries.append(Entry(path: String(path), digest: String(parts[0])))
    }
    self.init(version: String(head.dropFirst("slipway ".count)), entries: entries)
  }
}

/// Marks that a merge leaves in a file.
package enum MergeConflict {
  package static func isMarked(_ text: String) -> Bool {
    text.split(separator: "\n").contains {
      $0.hasPrefix("<<<<<<< ") || $0.hasPrefix(">>>>>>> ")
    }
  }
}
