package import SlipwayDiagnostics
import SlipwayDocuments

/// What follows from the answers: the new text of the lock file, or why there is none.
package struct LockDecision: Sendable {
  /// The text that the lock file should have. The old one if anything went wrong.
  package private(set) var text: String
  package private(set) var changes: [LockChange] = []
  /// Answers that came and must not be believed, and mistakes in the file itself.
  package private(set) var refusals: [Finding] = []
  /// Answers that could not be had.
  package private(set) var gaps: [Finding] = []
  /// What a person should look at before committing.
  package private(set) var warnings: [Finding] = []

  private let file: LockFile

  /// - Parameter day: The date of an entry that changes. An entry that stays keeps its own, so that
  ///   a run that finds nothing new changes no byte.
  package init(_ file: LockFile, _ answers: LockAnswers, day: String) {
    self.file = file
    text = file.text
    refusals = answers.unnamed.map { .notAName($0, file.path) }
    for silence in answers.silences { refuse(silence.failure, .silence(silence, file.path)) }
    for answer in answers.images { decide(answer) }
    for answer in answers.actions { decide(answer) }
    guard refusals.isEmpty, gaps.isEmpty else {
      changes = []
      return
    }
    do throws(PrintError) {
      if !changes.isEmpty { text = try file.text(with: changes.map(\.edit), read: day) }
    } catch {
      refusals = [.brokenLockFile("\(error)", path: file.path)]
    }
  }

  /// Where the lock file says something else than the world; that only its sources would grow is
  /// no difference.
  package var differences: [Finding] {
    changes.filter(\.isDifference).map { .difference($0, file.path) }
  }

  private mutating func refuse(_ failure: RegistryFailure, _ finding: Finding) {
    if failure.isGap { gaps.append(finding) } else { refusals.append(finding) }
  }

  private mutating func decide(_ answer: LockAnswers.Image) {
    let entry = answer.entry
    switch answer.result {
    case .failure(let failure):
      refuse(failure, .unread(entry, file.path, at: answer.source, failure))
    case .success(.unchanged):
      // The pin is what the tag means, and the file does not say so yet.
      guard let pin = entry.pin, !entry.isBound else { return }
      add(
        LockEdit(
          entry: entry, pin: pin, platforms: entry.platforms,
          sources: sources(entry, pin, answer.source)))
    case .success(.read(let digest, let platforms)):
      add(
        LockEdit(
          entry: entry, pin: digest, platforms: platforms,
          sources: sources(entry, digest, answer.source)))
    }
  }

  private mutating func decide(_ answer: LockAnswers.Action) {
    let entry = answer.entry
    switch answer.result {
    case .failure(let failure):
      let finding = Finding.unread(entry, file.path, at: answer.source, failure)
      if failure.isGap { gaps.append(finding) } else { refusals.append(finding) }
    case .success(let commit):
      add(
        LockEdit(
          entry: entry, pin: commit, platforms: [],
          sources: sources(entry, commit, answer.source)))
      // A pin of another version has not moved: a person changed the version.
      if let pin = entry.pin, pin != commit, entry.isBound {
        warnings.append(.movedVersion(entry, file.path, to: commit))
      }
    }
  }

  /// Who vouched for another pin does not vouch for this one.
  private func sources(_ entry: LockedEntry, _ pin: String, _ source: String) -> [String] {
    guard entry.pin == pin else { return [source] }
    return entry.sources.contains(source) ? entry.sources : entry.sources + [source]
  }

  private mutating func add(_ edit: LockEdit) {
    let entry = edit.entry
    let isSame =
      edit.pin == entry.pin && edit.sources == entry.sources
      && edit.platforms == entry.platforms && entry.isBound
    if !isSame { changes.append(LockChange(edit: edit)) }
  }
}

/// An entry that becomes another.
package struct LockChange: Hashable, Sendable {
  let edit: LockEdit

  package var isMoved: Bool { edit.entry.pin != nil && edit.entry.pin != edit.pin }
  package var isNew: Bool { edit.entry.pin == nil }
  var hasOtherPlatforms: Bool { edit.platforms != edit.entry.platforms }
  /// The pin is right, and the file does not say that it was read for this version.
  var isUnbound: Bool { !edit.entry.isBound }
  var isDifference: Bool { isMoved || isNew || hasOtherPlatforms || isUnbound }

  /// One line for people.
  package var line: String {
    let name = edit.entry.title
    if isNew { return "\(name)  added at \(edit.pin.short)" }
    if let old = edit.entry.pin, isMoved { return "\(name)  \(old.short) -> \(edit.pin.short)" }
    if hasOtherPlatforms {
      return "\(name)  for \(edit.platforms.joined(separator: " "))"
    }
    if isUnbound { return "\(name)  bound to \(edit.pin.short)" }
    return "\(name)  confirmed by \(edit.sources.last ?? "")"
  }
}

extension String {
  /// Twelve digits tell any two apart that a person will ever compare.
  var short: String {
    hasPrefix("sha256:") ? "sha256:" + dropFirst(7).prefix(12) : String(prefix(12))
  }
}
