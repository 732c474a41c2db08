/// The entries that a run asks about.
package struct LockQuestions: Hashable, Sendable {
  package let images: [LockedEntry]
  package let actions: [LockedEntry]
}

/// What is wrong with the names that a person gave; one sentence.
package struct UnknownName: Error, Hashable, Sendable {
  package let message: String
}

extension LockFile {
  /// The entries that are meant: all of them, or those that are named, or new ones.
  ///
  /// - Parameters:
  ///   - only: Names, or names with their tag or version, as they stand in the file.
  ///   - adding: `NAME:TAG` of an image, `OWNER/NAME@VERSION` of an action. Whoever adds one asks
  ///     for nothing else.
  package func questions(
    only: [String] = [], adding: [String] = []
  ) throws(UnknownName) -> LockQuestions {
    var images = only.isEmpty && adding.isEmpty ? self.images : []
    var actions = only.isEmpty && adding.isEmpty ? self.actions : []
    for name in only {
      let (someImages, someActions) = (named(name, self.images), named(name, self.actions))
      guard !someImages.isEmpty || !someActions.isEmpty else {
        throw UnknownName(
          message: "--only '\(name)' is not in '\(path)'; to add it: --add \(name)")
      }
      images += someImages.filter { !images.contains($0) }
      actions += someActions.filter { !actions.contains($0) }
    }
    for text in adding {
      let entry = try Self.entry(text)
      let known = named(entry.title, self.images + self.actions).first ?? entry
      switch known.kind {
      case .image: if !images.contains(known) { images.append(known) }
      case .action: if !actions.contains(known) { actions.append(known) }
      }
    }
    return LockQuestions(images: images, actions: actions)
  }

  private func named(_ name: String, _ entries: [LockedEntry]) -> [LockedEntry] {
    entries.filter { name == $0.name || name == $0.title }
  }

  private static func entry(_ text: String) throws(UnknownName) -> LockedEntry {
    let unclear = UnknownName(
      message: "--add '\(text)' is neither NAME:TAG of an image nor OWNER/NAME@VERSION of an action"
    )
    if let at = text.lastIndex(of: "@") {
      let (name, version) = (String(text[..<at]), String(text[text.index(after: at)...]))
      guard ActionName(name) != nil, ActionName.isVersion(version) else { throw unclear }
      return LockedEntry(kind: .action, name: name, version: version)
    }
    guard let colon = text.lastIndex(of: ":") else { throw unclear }
    let (name, tag) = (String(text[..<colon]), String(text[text.index(after: colon)...]))
    guard let image = ImageName(name), ImageName.isTag(tag) else { throw unclear }
    // The file holds full names, so that what it says does not hang on a reader's habits.
    return LockedEntry(
      kind: .image, name: "\(image.registry)/\(image.repository)", version: tag)
  }
}
