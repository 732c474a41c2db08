/// Paths inside a deployment: no leading slash, no `.`, no `..`.
enum Paths {
  /// The folder of a file with a slash at its end, or nothing at the top.
  static func folder(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return String(path[...slash])
  }

  /// The folders above a file, the top first.
  static func above(_ path: String) -> [String] {
    let parts = path.split(separator: "/").dropLast()
    return (0...parts.count).map { parts.prefix($0).joined(separator: "/") }
  }

  /// The last part.
  static func name(_ path: String) -> String {
    String(path.split(separator: "/").last ?? "")
  }

  /// Whether a name is what a pattern with `*` means.
  static func matches(_ name: String, pattern: String) -> Bool {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard parts.count > 1, let first = parts.first, let last = parts.last else {
      return name == pattern
    }
    guard name.hasPrefix(first), name.count >= first.count + last.count else { return false }
    var rest = name.dropFirst(first.count).dropLast(last.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let range = rest.firstRange(of: part) else { return false }
      rest = rest[range.upperBound...]
    }
    return name.hasSuffix(last)
  }

  /// `path` as seen from `folder`; a leading `..` above the top is dropped.
  static func join(_ folder: String, _ path: String) -> String {
    var parts: [Substring] = []
    for part in (folder + "/" + path).split(separator: "/") {
      switch part {
      case ".": continue
      case "..": _ = parts.popLast()
      default: parts.append(part)
      }
    }
    return parts.joined(separator: "/")
  }
}
