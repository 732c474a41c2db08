/// The name of an image, cut into who keeps it and what it is called there.
package struct ImageName: Hashable, Sendable {
  /// As names say it: `docker.io`, `quay.io`, `registry.example:5000`.
  package let registry: String
  /// `library/nginx`.
  package let repository: String

  /// A name as an engine reads it: without a registry it means Docker Hub, and there a single word
  /// means an official image. `nil` if it is no name of an image.
  package init?(_ name: String) {
    var parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard let first = parts.first else { return nil }
    let isHost = parts.count > 1 && (first.contains { ".:".contains($0) } || first == "localhost")
    let registry = isHost ? parts.removeFirst() : Self.dockerHub
    if registry == Self.dockerHub, parts.count == 1 { parts.insert("library", at: 0) }
    let isSound = parts.allSatisfy { part in
      part.first?.isPlain == true && part.allSatisfy { $0.isPlain || "._-".contains($0) }
        && !part.contains("..")
    }
    guard isSound, registry.allSatisfy({ $0.isPlain || $0.isUppercase || ".:-".contains($0) })
    else { return nil }
    self.registry = registry
    repository = parts.joined(separator: "/")
  }

  /// A tag by the distribution specification.
  package static func isTag(_ tag: String) -> Bool {
    let isWord = { (character: Character) in
      character.isASCII && (character.isLetter || character.isNumber || character == "_")
    }
    return tag.count <= 128 && tag.first.map(isWord) == true
      && tag.allSatisfy { isWord($0) || ".-".contains($0) }
  }

  private static let dockerHub = "docker.io"
}

extension Character {
  fileprivate var isPlain: Bool { ("a"..."z").contains(self) || ("0"..."9").contains(self) }
}
