import Crypto
import FlowrexContract
import HTTPTypes

/// Style, script and icon: part of the program, so that no file can be missing or another's.
///
/// The name holds the digest of the content: it can be kept for a year, and another release's
/// page asks for another file. (S18-NGX-21)
package struct StaticFiles: Sendable {
  /// A file that pages refer to.
  package enum Name: String, Sendable, CaseIterable {
    case style = "css"
    case script = "js"
    case icon = "svg"

    fileprivate var type: String {
      switch self {
      case .style: "text/css; charset=utf-8"
      case .script: "text/javascript; charset=utf-8"
      case .icon: "image/svg+xml"
      }
    }

    fileprivate var content: [UInt8] {
      switch self {
      case .style: PackageResources.console_css
      case .script: PackageResources.console_js
      case .icon: PackageResources.console_svg
      }
    }
  }

  private let files: [String: Name]
  private let links: [Name: Link]

  package init() {
    var files: [String: Name] = [:]
    var links: [Name: Link] = [:]
    for name in Name.allCases {
      let digest = SHA256.hash(data: name.content).prefix(8).map { byte in
        String(UInt16(byte) | 0x100, radix: 16).dropFirst()
      }.joined()
      let file = "console.\(digest).\(name.rawValue)"
      files[file] = name
      links[name] = Link(.staticFile, file)
    }
    self.files = files
    self.links = links
  }

  package func link(_ name: Name) -> Link { links[name] ?? Link(.home) }

  /// - Throws: `PageFault.notFound` for every other name, that of another release too.
  package func answer(_ file: String) throws -> PageAnswer {
    guard let name = files[file] else { throw PageFault.notFound }
    return PageAnswer(
      status: .ok,
      headers: [
        .contentType: name.type, .cacheControl: "public, max-age=31536000, immutable",
      ],
      body: name.content)
  }
}
