package import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// The lock file as a tree: what is not refreshed, such as the list of what could not be locked,
/// stays as it is, and so does what only a later version understands.
package struct LockFile: Sendable {
  package let path: String
  package let text: String
  package let images: [LockedEntry]
  package let actions: [LockedEntry]
  var root: JSONNode
  let lock: ImageLock

  /// Reads a lock file; a mistake in it is a finding that names the line.
  package static func read(_ text: String, path: String) throws(LockFault) -> LockFile {
    let lock: ImageLock
    switch ImageLock.read(text, path: path, bindings: .renewed) {
    case .success(let read): lock = read
    case .failure(let failure): throw LockFault(findings: failure.findings)
    }
    do throws(SyntaxError) {
      let root = try JSONReader.read(text).root
      guard root.map != nil else { throw SyntaxError(at: root.start, "it is not an object") }
      return LockFile(
        path: path, text: text, images: entries(root, .image), actions: entries(root, .action),
        root: try JSONNode(root), lock: lock)
    } catch {
      throw LockFault(findings: [.brokenLockFile(error.message, path: path)])
    }
  }

  private static func entries(
    _ root: LocatedValue, _ kind: LockedEntry.Kind
  ) -> [LockedEntry] {
    (root[kind.list]?.list ?? []).enumerated().map { index, value in
      var entry = LockedEntry(
        kind: kind, name: value["name"]?.string ?? "", version: value[kind.version]?.string ?? "",
        pin: value[kind.pin]?.string, platforms: texts(value["platforms"]),
        sources: texts(value["sources"]), line: value.start.line, index: index)
      let binding = entry.pin.map { ImageLock.binding(entry.name, entry.version, $0) }
      entry.isBound = binding != nil && value["binding"]?.string == binding
      return entry
    }
  }

  private static func texts(_ value: LocatedValue?) -> [String] {
    (value?.list ?? []).compactMap(\.string)
  }

  /// The images that environments can ask for and that have no pin yet, as `NAME:TAG`.
  package var missing: [String] {
    ThirdParty.allCases.compactMap { image in
      guard case .unlocked(let name, let tag) = lock.reference(image) else { return nil }
      return "\(name):\(tag)"
    }
  }
}

/// What is wrong with a lock file.
package struct LockFault: Error, Sendable {
  package let findings: [Finding]
}

/// An entry of the lock file, or one that is about to become one.
package struct LockedEntry: Hashable, Sendable {
  /// What is pinned, and how the file spells it.
  enum Kind: Hashable, Sendable {
    case image, action

    var list: String { self == .image ? "images" : "actions" }
    var version: String { self == .image ? "tag" : "version" }
    var pin: String { self == .image ? "digest" : "commit" }
  }

  let kind: Kind
  package let name: String
  /// The tag of an image, the version of an action.
  package let version: String
  /// The digest of an image, the commit of an action; `nil` while it is not known.
  package var pin: String?
  package var platforms: [String] = []
  package var sources: [String] = []
  var line: Int?
  /// In its list; `nil` for one that is not there yet.
  var index: Int?
  /// Whether the pin was read for this version; `false` after one of them was changed by hand.
  var isBound = false

  /// As people name it: `name:tag`, `name@version`.
  var title: String { kind == .image ? "\(name):\(version)" : "\(name)@\(version)" }

  /// Where it stands in the lock file.
  func landing(_ path: String) -> Landing {
    Landing(path: path, place: index.map { "\(kind.list)[\($0)]" } ?? "", line: line)
  }
}

extension JSONNode {
  /// A value that was read, to be printed again.
  init(_ value: LocatedValue) throws(SyntaxError) {
    switch value.content {
    case .null: self = .null()
    case .bool(let bool): self = .bool(bool)
    case .string(let text): self = .string(text)
    case .number(let text):
      guard let number = ExactNumber(text) else {
        throw SyntaxError(at: value.start, "'\(text)' is not a number")
      }
      self = .number(number)
    case .list(let elements):
      var nodes: [JSONNode] = []
      for element in elements { nodes.append(try JSONNode(element)) }
      self = .list(nodes)
    case .map(let members):
      var entries: [JSONEntry?] = []
      for member in members { entries.append(JSONEntry(member.key, try JSONNode(member.value))) }
      self = .map(entries)
    }
  }
}
