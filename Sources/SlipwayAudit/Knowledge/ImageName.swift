/// The name of an image as Compose, Dockerfiles and workflows write it.
struct ImageName: Hashable, Sendable {
  /// As written.
  let written: String
  /// The name without registry, tag and digest: `prom/prometheus`, `shop-backend`.
  let repository: String
  /// Whether the name says which registry it comes from, if only through a variable.
  let hasRegistry: Bool
  /// The tag, with defaults of variables filled in; `nil` if there is none.
  let tag: String?
  let hasDigest: Bool
  /// Whether a variable without a default decides the tag or the digest.
  let isDecidedOutside: Bool

  init(_ written: String) {
    self.written = written
    let filled = ImageName.filled(written)
    let (name, digest) = filled.cut(at: "@")
    hasDigest = digest != nil
    var parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let last = parts.popLast() ?? ""
    let (base, tag) = last.cut(at: ":")
    let first = parts.first ?? ""
    let isHost = first.contains(".") || first.contains(":") || first == "localhost"
    hasRegistry = isHost || first.hasPrefix("$") || first.hasPrefix("{{")
    if hasRegistry { parts.removeFirst() }
    if parts.first == "library" { parts.removeFirst() }
    repository = (parts + [base]).joined(separator: "/").lowercased()
    self.tag = tag
    isDecidedOutside = (tag ?? digest ?? base).contains("$")
  }

  /// The last part of the name.
  var base: String { String(repository.split(separator: "/").last ?? "") }

  /// Whether the owner's name begins the image's: `clickhouse/clickhouse-server`, which no
  /// Dockerfile of the deployment makes.
  var isOfItsMaker: Bool {
    let parts = repository.split(separator: "/")
    return parts.count > 1 && parts[parts.count - 1].hasPrefix(parts[parts.count - 2])
  }

  /// Defaults in place of variables, `$` for those without.
  private static func filled(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let start = rest.firstRange(of: "${") {
      result += rest[..<start.lowerBound]
      var depth = 0
      var end = rest.endIndex
      for index in rest.indices[start.lowerBound...] {
        if rest[index] == "{" { depth += 1 }
        if rest[index] == "}" { depth -= 1 }
        if rest[index] == "}", depth == 0 {
          end = rest.index(after: index)
          break
        }
      }
      let whole = String(rest[start.lowerBound..<end])
      let variable = Interpolation.all(in: whole).first
      let hasDefault = variable.map { [":-", "-"].contains($0.operation) } ?? false
      result += hasDefault ? (variable?.argument ?? "") : "$"
      rest = rest[end...]
    }
    return result + rest
  }
}
