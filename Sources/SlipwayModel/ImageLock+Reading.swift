package import SlipwayDiagnostics
import SlipwayDocuments

extension ImageLock {
  /// Reads `Lock.json`; a mistake in it is a finding that names the line.
  package static func read(
    _ text: String, path: String
  ) -> Result<ImageLock, LockFindings> {
    do {
      let document = try JSONReader.read(text)
      var reader = LockReader(path: path)
      let lock = reader.lock(document.root)
      return reader.findings.isEmpty
        ? .success(lock) : .failure(LockFindings(findings: reader.findings))
    } catch {
      let finding = LockReader(path: path).finding(
        "the lock file cannot be read: \(error.message)", line: error.position.line)
      return .failure(LockFindings(findings: [finding]))
    }
  }
}

/// What is wrong with a lock file.
package struct LockFindings: Error, Sendable {
  package let findings: [Finding]
}

private struct LockReader {
  let path: String
  var findings: [Finding] = []

  mutating func lock(_ root: LocatedValue) -> ImageLock {
    var images: [LockedImage] = []
    for value in root["images"]?.list ?? [] {
      guard let name = text("name", in: value), let tag = text("tag", in: value),
        let digest = text("digest", in: value)
      else { continue }
      if !digest.hasPrefix("sha256:") || !isHexadecimal(digest.dropFirst(7), count: 64) {
        findings.append(
          finding("image '\(name)' has no digest of 64 digits", line: value.start.line))
      }
      let platforms = (value["platforms"]?.list ?? []).compactMap(\.string)
      images.append(LockedImage(name: name, tag: tag, digest: digest, platforms: platforms))
    }
    var actions: [LockedAction] = []
    for value in root["actions"]?.list ?? [] {
      guard let name = text("name", in: value), let version = text("version", in: value),
        let commit = text("commit", in: value)
      else { continue }
      if !isHexadecimal(commit[...], count: 40) {
        findings.append(
          finding("action '\(name)' has no commit of 40 digits", line: value.start.line))
      }
      actions.append(LockedAction(name: name, version: version, commit: commit))
    }
    return ImageLock(images: images, actions: actions)
  }

  private mutating func text(_ key: String, in value: LocatedValue) -> String? {
    if let text = value[key]?.string, !text.isEmpty { return text }
    findings.append(finding("an entry has no '\(key)'", line: value.start.line))
    return nil
  }

  private func isHexadecimal(_ text: Substring, count: Int) -> Bool {
    text.utf8.count == count
      && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }

  func finding(_ message: String, line: Int) -> Finding {
    Finding(
      rule: "supply/lock-file-is-sound", message: message,
      lands: Landing(path: path, line: line),
      why: "what runs outside development is pinned by it (C-30)",
      fix: "run `slipway lock`, or restore the file from the last commit")
  }
}
