import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// nginx waits for an answer as long as was checked, at every location that forwards to our API.
/// Looks at the bytes. (C-35)
package enum TimeoutsAreWritten: Rule {
  package static let id = "edge/timeouts-are-written"
  package static let why = TimeoutsGrowOutwards.why
  package static let fix = "this is a defect of the generator: please report the location"
  package static let source = ["C-35", "S18-NGX-16"]

  package static let breakers: [Breaker] = [
    .file(
      "a location that waits longer than the engine", "nginx/nginx.conf",
      replacing: "  proxy_read_timeout ", with: "  proxy_read_timeout 9")
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    let environment = subject.environment
    guard let edge = environment.edge, let nginx = subject.nginx("nginx/nginx.conf"),
      let most = environment.project.contract.timeouts.first(where: { $0.place == .edge })?.limit
    else { return [] }
    // A web socket is silent for as long as its client likes.
    let sockets = edge.locations.filter(\.isWebSocket).map(\.match)
    return nginx.tree.nodes.patience(outside: sockets).compactMap { node in
      guard let text = node.arguments.first, let span = seconds(text), span > most else {
        return nil
      }
      return Violation(.strange(text, most), lands: nginx.landing(line: node.start.line))
    }
  }

  private static func seconds(_ text: String) -> Duration? {
    let digits = text.prefix { $0.isNumber }
    guard let number = Int64(digits) else { return nil }
    switch text.dropFirst(digits.count) {
    case "", "s": return .seconds(number)
    case "ms": return .milliseconds(number)
    case "m": return .seconds(number.saturatingTimes(60))
    case "h": return .seconds(number.saturatingTimes(3600))
    default: return nil
    }
  }
}

extension [LocatedNginxNode] {
  /// Every statement of how long an answer is waited for, but for these locations'.
  fileprivate func patience(outside sockets: [EdgeLocation.Match]) -> [LocatedNginxNode] {
    flatMap { node -> [LocatedNginxNode] in
      if node.name == "proxy_read_timeout" { return [node] }
      let isSocket = sockets.contains { match in
        switch match {
        case .exactly(let path), .prefix(let path), .template(let path):
          node.name == "location" && node.arguments.last == path
        }
      }
      return isSocket ? [] : node.children.patience(outside: sockets)
    }
  }
}

extension String {
  fileprivate static func strange(_ text: String, _ most: Duration) -> String {
    "the edge would wait \(text) for an answer; everything else was checked with "
      + "\(most.components.seconds) s"
  }
}
