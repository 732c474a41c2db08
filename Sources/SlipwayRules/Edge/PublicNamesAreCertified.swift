import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Every address that the platform tells about itself has a server that answers for its name, and
/// every such name is asked for in the certificate. Looks at the bytes. (C-70, S18-HS-06)
package enum PublicNamesAreCertified: Rule {
  package static let id = "edge/public-names-are-certified"
  package static let why =
    "a name without a server or a certificate is a warning page to every user"
  package static let fix = "state every public name in the edge's `names:`"
  package static let source = ["C-70", "S18-HS-06", "S18-NGX-06"]

  package static let breakers: [Breaker] = [
    .file(
      "a name that no server answers for", "nginx/nginx.conf",
      replacing: "server_name shop.example.com api.shop.example.com;",
      with: "server_name shop.example.com;"),
    .file(
      "a name that no certificate covers", "scripts/certificate",
      replacing: "--domains 'api.shop.example.com'", with: "--domains 'apis.shop.example.com'"),
  ]

  private static let domains = ByteSearch("--domains '")

  package static func check(_ subject: Subject) -> [Violation] {
    guard let edge = subject.environment.edge, let nginx = subject.nginx("nginx/nginx.conf") else {
      return []
    }
    let written = [edge.origin.at("names")]
    let served = Set(nginx.tree.nodes.serverNames)
    let unserved = edge.names.all.filter { !served.contains($0) }.map {
      Violation(.unserved($0), written: written, lands: Landing(path: nginx.file.path))
    }
    guard let script = subject.file("scripts/certificate") else { return unserved }
    let asked = Set(domains.words(after: script.text) { $0 != UInt8(ascii: "'") })
    return unserved
      + edge.names.all.filter { !asked.contains($0) }.map {
        Violation(.uncertified($0), written: written, lands: Landing(path: script.path))
      }
  }
}

extension [LocatedNginxNode] {
  /// The names of all servers that speak TLS.
  fileprivate var serverNames: [String] {
    flatMap { node -> [String] in
      guard node.name == "server" else { return node.children.serverNames }
      let speaks = node.children.contains { $0.name == "listen" && $0.arguments.contains("ssl") }
      return speaks
        ? node.children.filter { $0.name == "server_name" }.flatMap(\.arguments) : []
    }
  }
}

extension String {
  fileprivate static func unserved(_ name: String) -> String {
    "no server of the edge answers for '\(name)'"
  }
  fileprivate static func uncertified(_ name: String) -> String {
    "the certificate is not asked for '\(name)'"
  }
}
