import SlipwayDocuments
import SlipwayModel

/// What an entry becomes.
struct LockEdit: Hashable, Sendable {
  let entry: LockedEntry
  let pin: String
  /// None for an action.
  let platforms: [String]
  let sources: [String]
}

extension LockFile {
  /// The text of the tree, in the form of this file.
  package var printed: String {
    get throws { try Document.json(root).print() }
  }

  /// The text with these entries as they are now. Everything else keeps its place and its words.
  func text(with edits: [LockEdit], read day: String) throws(PrintError) -> String {
    var root = root
    for edit in edits {
      guard let index = edit.entry.index else { continue }
      root.edit(edit.entry.kind.list) { list in
        for field in edit.fields(day) { list[index].set(field.key, field.value) }
      }
    }
    // New entries last: they move the places of the others.
    for edit in edits where edit.entry.index == nil {
      let mine = [edit.entry.name, edit.entry.version]
      root.edit(edit.entry.kind.list) { list in
        let place = list.firstIndex { element in
          let other = [element.text("name"), element.text(edit.entry.kind.version)]
          return mine.lexicographicallyPrecedes(other)
        }
        list.insert(.map(edit.fields(day)), at: place ?? list.endIndex)
      }
      // It says why something is not locked; this now is.
      root.edit("unlocked", ifPresent: true) { list in
        list.removeAll {
          $0.text("name") == edit.entry.name && $0.text("tag") == edit.entry.version
        }
      }
    }
    return try Document.json(root).print()
  }
}

extension LockEdit {
  fileprivate func fields(_ day: String) -> [JSONEntry] {
    var fields = [
      JSONEntry("name", .string(entry.name)),
      JSONEntry(entry.kind.version, .string(entry.version)),
      JSONEntry(entry.kind.pin, .string(pin)),
    ]
    let binding = ImageLock.binding(entry.name, entry.version, pin)
    fields.append(JSONEntry("binding", .string(binding)))
    if entry.kind == .image {
      fields.append(JSONEntry("platforms", .list(platforms.map { .string($0) })))
    }
    fields.append(JSONEntry("read", .string(day)))
    fields.append(JSONEntry("sources", .list(sources.map { .string($0) })))
    return fields
  }
}

extension JSONNode {
  /// Sets a member in its place, or adds it behind the others.
  fileprivate mutating func set(_ key: String, _ value: JSONNode) {
    guard case .map(var entries) = content else { return }
    if let index = entries.firstIndex(where: { $0.key == key }) {
      entries[index].value = value
    } else {
      entries.append(JSONEntry(key, value))
    }
    content = .map(entries)
  }

  /// Changes the list of this name; an absent one is empty.
  fileprivate mutating func edit(
    _ key: String, ifPresent: Bool = false, _ change: (inout [JSONNode]) -> Void
  ) {
    guard case .map(let entries) = content else { return }
    let existing = entries.first { $0.key == key }?.value
    guard existing != nil || !ifPresent else { return }
    var list: [JSONNode] = []
    if case .list(let elements)? = existing?.content { list = elements }
    change(&list)
    set(key, .list(list))
  }

  fileprivate func text(_ key: String) -> String {
    guard case .map(let entries) = content,
      case .string(let text)? = entries.first(where: { $0.key == key })?.value.content
    else { return "" }
    return text
  }
}
