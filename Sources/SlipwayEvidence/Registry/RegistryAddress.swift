package import Foundation

/// Where a registry answers.
package struct RegistryAddress: Hashable, Sendable {
  /// `https`, or `http` on loopback.
  package let scheme: String
  /// `host` or `host:port`.
  package let authority: String
  /// What stands before the repository in a mirror that keeps several registries: `hub/`, or empty.
  package let prefix: String

  /// Registries that do not answer at the host that names their images: the one place that knows.
  ///
  /// Docker Hub's images are named `docker.io/…`; its distribution API answers at another host.
  private static let answersAt = ["docker.io": "registry-1.docker.io"]

  /// Where the registry of this name answers when nothing else was said.
  package init(registry: String) {
    scheme = "https"
    authority = Self.answersAt[registry] ?? registry
    prefix = ""
  }

  /// Reads `[https://]host[:port][/prefix]`; `http://` only for this machine, and only if asked for.
  package init(mirror text: String, insecureLoopback: Bool) throws(AddressError) {
    var rest = text[...]
    var scheme = "https"
    if let range = rest.firstRange(of: "://") {
      scheme = String(rest[..<range.lowerBound])
      rest = rest[range.upperBound...]
    }
    let authority = String(rest.prefix { $0 != "/" })
    let prefix = rest.dropFirst(authority.count).split(separator: "/").map { $0 + "/" }.joined()
    guard let url = URL(string: "\(scheme)://\(authority)/\(prefix)"), let host = url.host,
      !host.isEmpty, url.user == nil, url.query == nil, url.fragment == nil
    else { throw AddressError("'\(text)' is not an address: [https://]host[:port][/prefix]") }
    switch scheme {
    case "https": break
    case "http":
      guard url.isLoopback else {
        throw AddressError("'\(text)' would be read over a line that anyone can write on")
      }
      guard insecureLoopback else {
        throw AddressError("'\(text)' is not encrypted; if that is meant: --insecure-loopback")
      }
    default: throw AddressError("'\(text)' is neither https nor http")
    }
    self.scheme = scheme
    self.authority = authority
    self.prefix = prefix
  }

  /// The address of an end point, without its scheme, as `sources` name it.
  package func source(_ repository: String, _ rest: String) -> String {
    "\(authority)/v2/\(prefix)\(repository)/\(rest)"
  }

  /// The end point that says whether the distribution API is spoken here.
  var ping: URL? { URL(string: "\(scheme)://\(authority)/v2/") }

  func url(_ repository: String, _ rest: String) -> URL? {
    URL(string: "\(scheme)://\(source(repository, rest))")
  }
}

/// What is wrong with an address that was given.
package struct AddressError: Error, Hashable, Sendable {
  package let message: String
  init(_ message: String) { self.message = message }
}

extension URL {
  /// Whether the address never leaves this machine.
  package var isLoopback: Bool {
    guard let host else { return false }
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return host == "localhost" || host == "::1" || host == "[::1]"
      || (numbers.count == 4 && numbers.allSatisfy { $0 != nil } && numbers[0] == 127)
  }
}

/// `from=to`, several times: who is asked in place of whom.
package struct Detours<Target: Sendable>: Sendable {
  private var targets: [String: Target] = [:]

  package init() {}

  /// Reads the values of an option; each `from` once.
  package init(
    _ texts: [String], option: String, _ target: (String) throws(AddressError) -> Target
  ) throws(AddressError) {
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw AddressError("\(option) '\(text)' does not say from=to")
      }
      let from = String(parts[0])
      guard targets[from] == nil else {
        throw AddressError("\(option) sends '\(from)' to two places")
      }
      targets[from] = try target(String(parts[1]))
    }
  }

  package subscript(from: String) -> Target? { targets[from] }
}

extension Detours<RegistryAddress> {
  /// Where the registry of this name is asked.
  package func address(of registry: String) -> RegistryAddress {
    self[registry] ?? RegistryAddress(registry: registry)
  }
}
