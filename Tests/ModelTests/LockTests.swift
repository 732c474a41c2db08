import SlipwayDiagnostics
import SlipwayModel
import Testing

struct LockTests {
  private static let digest = "sha256:" + String(repeating: "a", count: 64)

  private func messages(_ text: String) -> [String] {
    switch ImageLock.read(text, path: "environments/Lock.json") {
    case .success: []
    case .failure(let failure): failure.findings.map(\.message)
    }
  }

  @Test func `images and actions are read`() throws {
    let text = """
      {"images": [{"name": "docker.io/library/redis", "tag": "7.4", "digest": "\(Self.digest)",
       "platforms": ["linux/amd64"]}],
       "actions": [{"name": "actions/checkout", "version": "v1",
       "commit": "\(String(repeating: "b", count: 40))"}]}
      """
    let lock = try ImageLock.read(text, path: "Lock.json").get()
    #expect(lock.reference(.redis) == .locked(lock.images[0]))
    #expect(lock.images[0].reference == "docker.io/library/redis:7.4@\(Self.digest)")
    #expect(lock.action("actions/checkout")?.version == "v1")
    #expect(lock.reference(.nginx) == .unlocked(name: "docker.io/library/nginx", tag: "1.30"))
  }

  @Test func `a builder and a runtime of one repository are told apart`() throws {
    let images = ["6.3.3-noble", "6.3.3-slim"].map {
      LockedImage(name: "docker.io/library/swift", tag: $0, digest: Self.digest, platforms: [])
    }
    let lock = ImageLock(images: images)
    #expect(lock.reference(.swift) == .locked(images[0]))
    #expect(lock.reference(.swiftSlim) == .locked(images[1]))
  }

  @Test func `a short digest, a missing tag and broken text are refused`() {
    #expect(
      messages(#"{"images": [{"name": "a", "tag": "1", "digest": "sha256:00"}]}"#) == [
        "image 'a' has no digest of 64 digits"
      ])
    #expect(
      messages(#"{"images": [{"name": "a", "digest": "sha256:00"}]}"#) == [
        "an entry has no 'tag'"
      ])
    #expect(
      messages(#"{"actions": [{"name": "a", "version": "v1", "commit": "main"}]}"#) == [
        "action 'a' has no commit of 40 digits"
      ])
    #expect(messages("{").count == 1)
  }
}
