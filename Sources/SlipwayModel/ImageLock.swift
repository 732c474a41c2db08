/// A third-party image, pinned.
package struct LockedImage: Sendable, Hashable {
  package let name: String
  package let tag: String
  package let digest: String
  package let platforms: [String]

  package init(name: String, tag: String, digest: String, platforms: [String]) {
    self.name = name
    self.tag = tag
    self.digest = digest
    self.platforms = platforms
  }

  /// `name:tag@sha256:…`, as every engine takes it.
  package var reference: String { "\(name):\(tag)@\(digest)" }

  /// What says that tag and digest were read together: whoever changes one of them by hand leaves
  /// the other behind. (C-30)
  package var binding: String { ImageLock.binding(name, tag, digest) }
}

/// An action of a workflow, pinned.
package struct LockedAction: Sendable, Hashable {
  package let name: String
  package let version: String
  package let commit: String

  package init(name: String, version: String, commit: String) {
    self.name = name
    self.version = version
    self.commit = commit
  }

  /// What says that version and commit were read together. (C-30)
  package var binding: String { ImageLock.binding(name, version, commit) }
}

/// What `environments/Lock.json` says: the digests of third-party images, the commits of actions.
package struct ImageLock: Sendable, Hashable {
  package let images: [LockedImage]
  package let actions: [LockedAction]

  package init(images: [LockedImage] = [], actions: [LockedAction] = []) {
    self.images = images
    self.actions = actions
  }

  /// Ties a pin to what it was read for: the digest of `NAME:VERSION@PIN`.
  package static func binding(_ name: String, _ version: String, _ pin: String) -> String {
    "sha256:" + SHA256.hex("\(name):\(version)@\(pin)")
  }

  package func action(_ name: String) -> LockedAction? { actions.first { $0.name == name } }
}
