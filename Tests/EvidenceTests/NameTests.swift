import Foundation
import SlipwayEvidence
import TestSupport
import Testing

/// Names and addresses: who is asked for what.
struct NameTests {
  @Test(arguments: [
    ("docker.io/library/nginx", "docker.io", "library/nginx"),
    ("docker.io/nginx", "docker.io", "library/nginx"), ("nginx", "docker.io", "library/nginx"),
    ("grafana/grafana", "docker.io", "grafana/grafana"),
    ("quay.io/prometheus/node-exporter", "quay.io", "prometheus/node-exporter"),
    ("localhost/a", "localhost", "a"), ("host:5000/a/b_c", "host:5000", "a/b_c"),
  ])
  func `a name says its registry, or means Docker Hub`(
    text: String, registry: String, repository: String
  ) throws {
    let name = try #require(ImageName(text))
    #expect(name.registry == registry)
    #expect(name.repository == repository)
  }

  @Test(arguments: [
    "", "/", "a/", "/a", "quay.io/", "quay.io/A", "quay.io/a..b", "quay.io/a/../b", "quay.io/a?b",
    "quay.io/a b", "quay.io/-a", "quay.io@evil.example/a", "a\nb",
  ])
  func `what is no name of an image is none`(text: String) {
    #expect(ImageName(text) == nil)
  }

  @Test func `Docker Hub answers at another host than its images are named by`() throws {
    let hub = RegistryAddress(registry: "docker.io")
    #expect(
      hub.source("library/nginx", "manifests/1")
        == "registry-1.docker.io/v2/library/nginx/manifests/1"
    )
    #expect(RegistryAddress(registry: "quay.io").source("a", "b") == "quay.io/v2/a/b")
    #expect(RegistryAddress(registry: "quay.io").scheme == "https")
  }

  @Test(arguments: [
    "", "https://", "//a", "https://a:b@c", "https://a?b", "a b", "https://a#b", "127.0.0.1:x",
  ])
  func `what is no address is refused`(text: String) {
    #expect(throws: AddressError.self) {
      try RegistryAddress(mirror: text, insecureLoopback: true)
    }
  }

  @Test(arguments: [
    ("http://127.0.0.1:5000", true), ("http://127.9.9.9", true), ("http://localhost", true),
    ("http://[::1]:5000", true), ("http://127.0.0.1.example", false), ("http://128.0.0.1", false),
    ("http://localhost.example", false), ("http://0.0.0.0", false),
  ])
  func `only this machine is read without encryption`(text: String, isLoopback: Bool) {
    let address = try? RegistryAddress(mirror: text, insecureLoopback: true)
    #expect((address != nil) == isLoopback)
    #expect((try? RegistryAddress(mirror: text, insecureLoopback: false)) == nil)
  }

  @Test func `an index names each platform once, in the words of engines`() throws {
    let platforms = [
      #"{"os": "linux", "architecture": "arm64", "variant": "v8"}"#,
      #"{"os": "linux", "architecture": "arm64"}"#, #"{"os": "linux", "architecture": "amd64"}"#,
      #"{"os": "linux", "architecture": "arm", "variant": "v7"}"#,
      #"{"os": "unknown", "architecture": "unknown"}"#, "{}", "null",
    ]
    let entries = platforms.map { #"{"platform": \#($0)}"# }.joined(separator: ",")
    let manifest = try Manifest.read(Array(#"{"manifests": [\#(entries)]}"#.utf8))
    #expect(manifest == .index(platforms: ["linux/amd64", "linux/arm/v7", "linux/arm64"]))
  }

  @Test func `the committed lock file is printed as it stands`() async throws {
    let path = "\(packageRoot)/environments/Lock.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let file = try LockFile.read(text, path: path)
    #expect(try file.printed == text)
    #expect(file.images.count >= 16)
    #expect(file.actions.count >= 11)
    for image in file.images {
      #expect(ImageName(image.name) != nil && ImageName.isTag(image.version))
    }
    for action in file.actions {
      #expect(ActionName(action.name) != nil && ActionName.isVersion(action.version))
    }
  }
}
