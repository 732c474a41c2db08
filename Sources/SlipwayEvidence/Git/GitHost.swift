/// Where the repositories of actions are.
package struct GitHost: Hashable, Sendable {
  /// A URL, or a folder of this machine that holds repositories as `OWNER/NAME`.
  package let base: String

  /// Workflows name an action `OWNER/NAME`, and mean this host: the one place that says so.
  package static let ofActions = "github.com"

  /// Where the host of this name answers when nothing else was said.
  package init(host: String) { base = "https://\(host)" }

  /// Reads `https://…` or the absolute path of a folder.
  package init(mirror text: String) throws(AddressError) {
    let path = text.hasPrefix("https://") ? text.dropFirst("https:/".count) : text[...]
    guard path.hasPrefix("/"), path.count > 1, !path.hasPrefix("//") else {
      throw AddressError("'\(text)' is neither an https address nor the path of a folder")
    }
    base = text.hasSuffix("/") ? String(text.dropLast()) : text
  }

  /// What git is given.
  func repository(_ action: ActionName) -> String { "\(base)/\(action.repository)" }

  /// The address without its scheme, as `sources` name it.
  func source(_ action: ActionName, _ version: String) -> String {
    let repository = repository(action)
    let place = repository.firstRange(of: "://").map { repository[$0.upperBound...] }
    return "\(place ?? repository[...]) refs/tags/\(version)"
  }
}

/// The name of an action, as a workflow writes it behind `uses:`.
package struct ActionName: Hashable, Sendable {
  /// `github/codeql-action`; what follows in `github/codeql-action/upload-sarif` is a folder in it.
  package let repository: String

  /// `nil` if it is no name of an action.
  package init?(_ name: String) {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let isSound = parts.allSatisfy { part in
      part.first?.isOfName == true && part.allSatisfy { $0.isOfName || ".-".contains($0) }
    }
    guard parts.count >= 2, isSound else { return nil }
    repository = parts.prefix(2).joined(separator: "/")
  }

  /// A tag that git takes as it is: no pattern, no option, no other folder.
  package static func isVersion(_ version: String) -> Bool {
    version.first?.isOfName == true && !version.contains("..")
      && version.allSatisfy { $0.isOfName || ".-+/".contains($0) }
  }
}

extension Character {
  fileprivate var isOfName: Bool { isASCII && (isLetter || isNumber || self == "_") }
}
