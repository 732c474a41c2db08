import SlipwayDocuments

/// A release: a commit and images by digest, as the build that made it wrote it. (F13)
package struct ReleaseRecord: Sendable, Hashable {
  package let commit: String
  package let created: PointInTime
  /// Of the code that migrates; empty if it has none.
  package let schema: String
  package let previous: String
  /// By variable, in their order.
  package let images: [Image]

  package struct Image: Sendable, Hashable {
    package let variable: String
    package let reference: String
    /// `sha256:…`
    package var digest: String { String(reference.split(separator: "@").last ?? "") }
    package init(variable: String, reference: String) {
      self.variable = variable
      self.reference = reference
    }
  }

  package init(
    commit: String, created: PointInTime, schema: String = "", previous: String = "",
    images: [Image] = []
  ) {
    self.commit = commit
    self.created = created
    self.schema = schema
    self.previous = previous
    self.images = images
  }
}

extension ReleaseRecord {
  /// What a manager keeps of a release; `nil` if there is no such file.
  /// - Throws: for a file that is there and cannot be read, with its path.
  package static func kept(at path: String) throws(ReadingFailure) -> ReleaseRecord? {
    guard let bytes = try FactFile.bytesIfThere(path) else { return nil }
    do throws(ReadingFailure) {
      return try read(bytes)
    } catch {
      throw ReadingFailure("'\(path)': \(error.clause)")
    }
  }

  package static func read(_ bytes: [UInt8]) throws(ReadingFailure) -> ReleaseRecord {
    let root = try JSONFields(bytes)
    let commit = try root.text("commit")
    guard commit.isHex(40) else { throw ReadingFailure("its 'commit' is not of 40 digits") }
    let images = try root.object("images").members.map { member throws(ReadingFailure) in
      let reference = try member.value.asText("images.\(member.key)")
      let parts = reference.split(separator: "@", omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, !parts[0].contains(where: \.isWhitespace),
        parts[1].hasPrefix("sha256:"), parts[1].dropFirst(7).isHex(64)
      else { throw ReadingFailure("its image '\(member.key)' is not pinned by a digest") }
      return Image(variable: member.key, reference: reference)
    }
    return ReleaseRecord(
      commit: commit, created: try root.moment("created"),
      schema: try root.optionalText("schema") ?? "",
      previous: try root.optionalText("previous") ?? "", images: images)
  }
}

extension String {
  /// The start of a commit, as people write it.
  var shortCommit: String { String(prefix(12)) }
}

extension StringProtocol {
  /// Whether it is this many hexadecimal digits, in lower case.
  func isHex(_ count: Int) -> Bool {
    utf8.count == count
      && utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}
