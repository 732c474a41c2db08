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
  package static func read(_ text: String, path: String) -> Result<LockFile, LockFindings> {
    do {
      let lock = try ImageLock.read(text, path: path).get()
      let root = try JSONReader.read(text).root
      return .success(
        LockFile(
          path: path, text: text, images: entries(root, "images", ("tag", "digest")),
          actions: entries(root, "actions", ("version", "commit")), root: try JSONNode(root),
          lock: lock))
    } catch let error as LockFindings {
      return .failure(error)
    } catch {
      return .failure(LockFindings(findings: [.brokenLockFile("\(error)", path: path)]))
    }
  }

  private static func entries(
    _ root: LocatedValue, _ list: String, _ keys: (version: String, pin: String)
  ) -> [LockedEntry] {
    (root[list]?.list ?? []).enumerated().map { index, value in
      LockedEntry(
        name: value["name"]?.string ?? "", version: value[keys.version]?.string ?? "",
        pin: value[keys.pin]?.string, platforms: texts(value["platforms"]),
        sources: texts(value["sources"]), place: "\(list)[\(index)]", line: value.start.line,
        index: index)
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

/// An entry of the lock file, or one that is about to become one.
package struct LockedEntry: Hashable, Sendable {
  package let name: String
  /// The tag of an image, the version of an action.
  package let version: String
  /// The digest of an image, the commit of an action; `nil` while it is not known.
  package let pin: String?
  package let platforms: [String]
  package let sources: [String]
  /// `images[3]`
  let place: String
  let line: Int?
  /// In its list; `nil` for one that is not there yet.
  let index: Int?

  /// One that is not in the file yet.
  init(name: String, version: String) {
    self.init(
      name: name, version: version, pin: nil, platforms: [], sources: [], place: "", line: nil,
      index: nil)
  }

  init(
    name: String, version: String, pin: String?, platforms: [String], sources: [String],
    place: String, line: Int?, index: Int?
  ) {
    self.name = name
    self.version = version
    self.pin = pin
    self.platforms = platforms
    self.sources = sources
    self.place = place
    self.line = line
    self.index = index
  }

  /// Where it stands in the lock file.
  func landing(_ path: String) -> Landing { Landing(path: path, place: place, line: line) }
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
