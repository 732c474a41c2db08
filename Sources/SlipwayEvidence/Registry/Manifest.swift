import SlipwayDocuments

/// What a tag points at: an index over platforms, or the manifest of one.
package enum Manifest: Hashable, Sendable {
  case index(platforms: [String])
  /// The digest of the configuration, which alone knows the platform.
  case single(configuration: String)

  /// All that a registry may answer with; what is not named here comes translated, and a
  /// translation has another digest.
  package static let mediaTypes = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
  ]

  /// Reads the bytes of a manifest.
  package static func read(_ bytes: [UInt8]) throws(MalformedAnswer) -> Manifest {
    let root = try MalformedAnswer.json(bytes)
    if let manifests = root["manifests"]?.list {
      let platforms = manifests.compactMap { platform($0["platform"]) }
      return .index(platforms: Set(platforms).sorted())
    }
    if let digest = root["config"]?["digest"]?.string {
      guard isDigest(digest) else { throw MalformedAnswer("its configuration has no digest") }
      return .single(configuration: digest)
    }
    throw MalformedAnswer("it is neither an index nor a manifest")
  }

  /// The platform that an image's configuration names.
  package static func platform(ofConfiguration bytes: [UInt8]) throws(MalformedAnswer) -> String {
    guard let platform = platform(try MalformedAnswer.json(bytes)) else {
      throw MalformedAnswer("its configuration names no platform")
    }
    return platform
  }

  /// `os/architecture[/variant]`; `nil` for what is no program, such as a proof of origin.
  private static func platform(_ value: LocatedValue?) -> String? {
    guard let system = value?["os"]?.string, let architecture = value?["architecture"]?.string,
      system != "unknown", architecture != "unknown"
    else { return nil }
    let variant = value?["variant"]?.string ?? ""
    // Engines take `arm64` and `arm64/v8` for the same.
    let isUsual = variant.isEmpty || (architecture == "arm64" && variant == "v8")
    return isUsual ? "\(system)/\(architecture)" : "\(system)/\(architecture)/\(variant)"
  }

  /// `sha256:` and 64 digits: the one form that the lock file holds.
  package static func isDigest(_ text: String) -> Bool {
    text.hasPrefix("sha256:") && text.dropFirst(7).isHexadecimal(count: 64)
  }
}

/// Why an answer cannot be used; `reason` is a clause.
package struct MalformedAnswer: Error, Hashable, Sendable {
  package let reason: String
  package init(_ reason: String) { self.reason = reason }

  static func json(_ bytes: [UInt8]) throws(MalformedAnswer) -> LocatedValue {
    do {
      return try JSONReader.read(bytes: bytes).root
    } catch {
      throw MalformedAnswer("it is not JSON: \(error)")
    }
  }
}

extension StringProtocol {
  /// Whether this is so many digits of base 16, in lower case.
  func isHexadecimal(count: Int) -> Bool {
    utf8.count == count
      && utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}
