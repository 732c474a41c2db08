import SlipwayDocuments
import SlipwayModel

/// A folder with reports of other people's tools, which know neither commit nor time. The file
/// `about.json` beside them says both, and the digest of each, so that none can be exchanged.
package struct ReportFolder: Sendable {
  /// What `about.json` says.
  package struct About: Sendable, Hashable {
    package let commit: String
    package let made: PointInTime
    package let source: String
    /// SHA-256 by file name.
    package let files: [String: String]
  }

  package static let about = "about.json"
  package let path: String
  /// As people are told: the path under the folder that was given.
  let shown: String
  let entry: Result<About, ReadingFailure>

  /// A folder and the folders below it, as CI's artefacts are laid out.
  package static func all(under root: String) -> Result<[ReportFolder], ReadingFailure> {
    var found: [ReportFolder] = []
    do throws(ReadingFailure) {
      try walk(root, shown: "", depth: 0, into: &found)
    } catch {
      return .failure(error)
    }
    return .success(found)
  }

  /// An artefact, and an artefact that was passed on inside another.
  private static let depthMax = 3
  /// Nobody has as many; a folder that never ends would be walked for ever.
  private static let foldersMax = 500

  private static func walk(
    _ path: String, shown: String, depth: Int, into found: inout [ReportFolder]
  ) throws(ReadingFailure) {
    let names: [String]
    do throws(BoundedFile.Failure) {
      names = try BoundedFile.names(in: path)
    } catch {
      switch error {
      case .missing: throw ReadingFailure("there is no folder '\(path)'")
      case .unreadable(let why): throw ReadingFailure("the folder '\(path)': \(why)")
      }
    }
    guard found.count < foldersMax else {
      throw ReadingFailure("'\(path)' is one of more than \(foldersMax) folders of evidence")
    }
    found.append(ReportFolder(path: path, shown: shown, names: names))
    guard depth < depthMax else { return }
    for name in names where BoundedFile.isFolder("\(path)/\(name)") {
      try walk(
        "\(path)/\(name)", shown: shown.isEmpty ? name : "\(shown)/\(name)", depth: depth + 1,
        into: &found)
    }
  }

  let names: [String]

  private init(path: String, shown: String, names: [String]) {
    self.path = path
    self.shown = shown
    self.names = names
    entry = Result { () throws(ReadingFailure) in try About.read(in: path) }
  }

  private func shown(_ name: String) -> String { shown.isEmpty ? name : "\(shown)/\(name)" }

  /// One report of this folder, if `about.json` vouches for it.
  package func report<Value>(
    _ name: String, _ read: ([UInt8]) throws(ReadingFailure) -> Value
  ) -> Sight<Value> {
    let shown = shown(name)
    do throws(ReadingFailure) {
      let about = try entry.get()
      let bytes = try Self.bytes("\(path)/\(name)")
      guard let digest = about.files[name] else {
        throw ReadingFailure("'\(Self.about)' beside it does not name it")
      }
      guard SHA256.hex(bytes) == digest else {
        throw ReadingFailure("it is not the file that '\(Self.about)' beside it vouches for")
      }
      return .seen(
        Evidence(try read(bytes), commit: about.commit, made: about.made, source: about.source))
    } catch {
      return .unreadable("'\(shown)': \(error.clause)")
    }
  }

  fileprivate static func bytes(_ path: String) throws(ReadingFailure) -> [UInt8] {
    do throws(BoundedFile.Failure) {
      return try BoundedFile(path, limit: BoundedFile.reportBytes).bytes()
    } catch {
      switch error {
      case .missing: throw ReadingFailure("it is not there")
      case .unreadable(let why): throw ReadingFailure(why)
      }
    }
  }
}

extension ReportFolder.About {
  fileprivate static func read(in folder: String) throws(ReadingFailure) -> Self {
    let bytes: [UInt8]
    do throws(ReadingFailure) {
      bytes = try ReportFolder.bytes("\(folder)/\(ReportFolder.about)")
    } catch {
      throw ReadingFailure("'\(ReportFolder.about)' beside it: \(error.clause)")
    }
    do throws(ReadingFailure) {
      return try read(bytes)
    } catch {
      throw ReadingFailure("'\(ReportFolder.about)' beside it: \(error.clause)")
    }
  }

  package static func read(_ bytes: [UInt8]) throws(ReadingFailure) -> Self {
    let root = try JSONFields(bytes)
    let commit = try root.text("commit")
    guard commit.isHex(40) else { throw ReadingFailure("its 'commit' is not of 40 digits") }
    var files: [String: String] = [:]
    for member in try root.object("files").members {
      let digest = try member.value.asText("files.\(member.key)")
      guard digest.isHex(64) else {
        throw ReadingFailure("its 'files.\(member.key)' is no SHA-256 of 64 digits")
      }
      files[member.key] = digest
    }
    return Self(
      commit: commit, made: try root.moment("made"), source: try root.text("source"), files: files)
  }
}

extension [Sight<TestReport>] {
  /// All runs as one; one that cannot be read spoils all, for it may be the one that failed.
  func joined(none: String) -> Sight<TestReport> {
    guard let first else { return .missing(none) }
    return self[1...].reduce(first) { left, right in
      guard case .seen(let one) = left else { return left }
      guard case .seen(let other) = right else { return right }
      guard one.commit == other.commit else {
        let commits = [one.commit ?? "", other.commit ?? ""].map(\.shortCommit)
        return .unreadable("they are of two commits, \(commits[0]) and \(commits[1])")
      }
      let older = Swift.min(one.made, other.made)
      return .seen(
        Evidence(
          one.value + other.value, commit: one.commit, made: older, source: one.source))
    }
  }
}
