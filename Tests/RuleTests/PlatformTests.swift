import Slipway
import SlipwayDiagnostics
import SlipwayModel
import SlipwayPipeline
import SlipwayRules
import Testing

/// Which image may start where.
struct PlatformTests {
  private func messages(
    _ platforms: [String], on platform: String, places: String = "prometheus"
  ) throws -> [String] {
    var subject = try #require(RuleContractTests.clean)
    let image = LockedImage(
      name: "registry.example.com/it", tag: "1", digest: "sha256:0", platforms: platforms)
    let index = try #require(subject.environment.services.firstIndex { $0.name == places })
    subject.environment.services[index].image = .locked(image)
    let placement = subject.environment.services[index].placement
    subject.environment.nodes = subject.environment.nodes.map { node in
      guard placement.allows(node) else { return node }
      return Node(
        node.name, role: node.role, kinds: node.kinds, size: node.size, platform: platform)
    }
    return ImagesRunOnTheirNodes.findings(in: subject).map(\.message)
  }

  @Test func `an image starts where it is for the node's processor`() throws {
    #expect(try messages(["linux/amd64", "linux/arm64"], on: "linux/arm64") == [])
    #expect(try messages(["linux/arm64"], on: "linux/arm64") == [])
    #expect(
      try messages(["linux/amd64", "linux/s390x"], on: "linux/arm64") == [
        """
        'prometheus' may start on 'data-2', a linux/arm64; registry.example.com/it:1 is for \
        linux/amd64, linux/s390x
        """
      ])
  }

  @Test func `an image that nobody has read is held to be for the common processor alone`() throws {
    #expect(try messages([], on: "linux/amd64") == [])
    #expect(
      try messages([], on: "linux/arm64") == [
        """
        'prometheus' may start on 'data-2', a linux/arm64; nobody has read what \
        registry.example.com/it:1 is for
        """
      ])
  }
}
