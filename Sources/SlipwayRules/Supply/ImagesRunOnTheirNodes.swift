import Slipway
import SlipwayModel

/// Every image of somebody else is there for the processor of each node that may start it. What the
/// lock file does not record is taken to be for the most common processor alone: `slipway lock`
/// reads the truth from the registry. (C-30, engine fact F13)
package enum ImagesRunOnTheirNodes: Rule {
  package static let id = "supply/images-run-on-their-nodes"
  package static let why =
    "a node takes the task, finds no image for its processor, and tries again for ever"
  package static let fix =
    "place the service on other nodes, or lock an image that is there for theirs"
  package static let source = ["C-30"]

  /// What an image is held to be for when nobody has read it.
  package static let assumed = "linux/amd64"

  package static let breakers: [Breaker] = [
    .model("an image for another processor") { environment in
      environment.edit("prometheus") { $0.image = image(for: ["linux/arm64", "linux/s390x"]) }
    },
    .model("an image of which nothing is recorded, on uncommon nodes") { environment in
      environment.edit("prometheus") { $0.image = image(for: []) }
      environment.nodes = environment.nodes.map { node in
        Node(
          node.name, role: node.role, kinds: node.kinds, size: node.size, platform: "linux/arm64")
      }
    },
  ]

  package static let implies = ["stack/settings-are-written"]

  private static func image(for platforms: [String]) -> ImageReference {
    .locked(
      LockedImage(
        name: "registry.example.com/prometheus", tag: "1",
        digest: "sha256:" + String(repeating: "0", count: 64), platforms: platforms))
  }

  package static func check(_ subject: Subject) -> [Violation] {
    let environment = subject.environment
    return environment.services.compactMap { service in
      guard case .locked(let image) = service.image else { return nil }
      let platforms = image.platforms.isEmpty ? [assumed] : image.platforms
      let stranger = environment.nodes.first {
        service.placement.allows($0) && !platforms.contains($0.platform)
      }
      guard let stranger else { return nil }
      return Violation(
        image.platforms.isEmpty
          ? .unread(image, service.name, stranger) : .missing(image, service.name, stranger),
        written: [stranger.origin] + service.written(.placement), label: "declared here",
        fix: image.platforms.isEmpty
          ? "run `slipway lock` where the registry can be reached, and commit the lock file" : nil)
    }
  }
}

extension String {
  fileprivate static func missing(_ image: LockedImage, _ service: String, _ node: Node) -> String {
    "'\(service)' may start on '\(node.name)', a \(node.platform); \(image.name):\(image.tag) is "
      + "for \(image.platforms.joined(separator: ", "))"
  }
  fileprivate static func unread(_ image: LockedImage, _ service: String, _ node: Node) -> String {
    "'\(service)' may start on '\(node.name)', a \(node.platform); nobody has read what "
      + "\(image.name):\(image.tag) is for"
  }
}
