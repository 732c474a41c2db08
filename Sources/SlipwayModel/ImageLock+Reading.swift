package import SlipwayDiagnostics
import SlipwayDocuments

extension ImageLock {
  /// Whether tags and digests must say that they were read together.
  package enum Bindings: Sendable {
    case held
    /// For `slipway lock`, which reads them together again.
    case renewed
  }

  /// Reads `Lock.json`; a mistake in it is a finding that names the line.
  package static func read(
    _ text: String, path: String, bindings: Bindings = .held
  ) -> Result<ImageLock, LockFindings> {
    do {
      let document = try JSONReader.read(text)
      var reader = LockReader(path: path, bindings: bindings)
      let lock = reader.lock(document.root)
      return reader.findings.isEmpty
        ? .success(lock) : .failure(LockFindings(findings: reader.findings))
    } catch {
      let finding = LockReader(path: path, bindings: bindings).finding(
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
  let bindings: ImageLock.Bindings
  var findings: [Finding] = []

  mutating func lock(_ root: LocatedValue) -> ImageLock {
    var images: [LockedImage] = []
    for value in root["images"]?.list ?? [] {
      guard let name = text("name", in: value), let tag = text("tag", in: value),
        let digest = text("digest", in: value)
      else { continue }
      let platforms = (value["platforms"]?.list ?? []).compactMap(\.string)
      let image = LockedImage(name: name, tag: tag, digest: digest, platforms: platforms)
      if !digest.hasPrefix("sha256:") || !isHexadecimal(digest.dropFirst(7), count: 64) {
        findings.append(
          finding("image '\(name)' has no digest of 64 digits", line: value.start.line))
      } else {
        hold("tag '\(tag)' of image '\(name)' and its digest", name, image.binding, in: value)
      }
      images.append(image)
    }
    var actions: [LockedAction] = []
    for value in root["actions"]?.list ?? [] {
      guard let name = text("name", in: value), let version = text("version", in: value),
        let commit = text("commit", in: value)
      else { continue }
      let action = LockedAction(name: name, version: version, commit: commit)
      if !isHexadecimal(commit[...], count: 40) {
        findings.append(
          finding("action '\(name)' has no commit of 40 digits", line: value.start.line))
      } else {
        let pair = "version '\(version)' of action '\(name)' and its commit"
        hold(pair, name, action.binding, in: value)
      }
      actions.append(action)
    }
    return ImageLock(images: images, actions: actions)
  }

  /// Refuses a pair of which one was changed by hand.
  private mutating func hold(
    _ pair: String, _ name: String, _ binding: String, in value: LocatedValue
  ) {
    guard bindings == .held, value["binding"]?.string != binding else { return }
    findings.append(
      Finding(
        rule: "supply/lock-file-is-sound", message: "\(pair) were not read together",
        lands: Landing(path: path, line: value.start.line),
        why: "a digest that was read for another tag deploys something else than the reviewers "
          + "read (C-30)",
        fix: "run `slipway lock --only \(name)` where it can be asked, or restore the entry from "
          + "the last commit"))
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
