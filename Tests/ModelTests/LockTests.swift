import SlipwayDiagnostics
import SlipwayModel
import TestSupport
import Testing

struct LockTests {
  private static let digest = "sha256:" + String(repeating: "a", count: 64)
  private static let commit = String(repeating: "b", count: 40)

  private func messages(_ text: String) -> [String] {
    switch ImageLock.read(text, path: "environments/Lock.json") {
    case .success: []
    case .failure(let failure): failure.findings.map(\.message)
    }
  }

  @Test func `images and actions are read`() throws {
    let text = """
      {"images": [{"name": "docker.io/library/redis", "tag": "7.4", "digest": "\(Self.digest)",
       "binding": "\(ImageLock.binding("docker.io/library/redis", "7.4", Self.digest))",
       "platforms": ["linux/amd64"]}],
       "actions": [{"name": "actions/checkout", "version": "v1",
       "commit": "\(Self.commit)",
       "binding": "\(ImageLock.binding("actions/checkout", "v1", Self.commit))"}]}
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

  /// A lock file whose only entries were read together, then edited.
  private func edited(_ old: String, _ new: String) -> Result<ImageLock, LockFindings> {
    let text = """
      {"images": [{"name": "docker.io/library/redis", "tag": "7.4", "digest": "\(Self.digest)",
       "binding": "\(ImageLock.binding("docker.io/library/redis", "7.4", Self.digest))"}],
       "actions": [{"name": "actions/checkout", "version": "v1", "commit": "\(Self.commit)",
       "binding": "\(ImageLock.binding("actions/checkout", "v1", Self.commit))"}]}
      """
    return ImageLock.read(text.replacing(old, with: new), path: "environments/Lock.json")
  }

  @Test(
    .covers("C-30"),
    arguments: [
      (#""tag": "7.4""#, #""tag": "8.0""#, "8.0"),
      (digest, "sha256:" + String(repeating: "c", count: 64), "7.4"),
      (#""binding": "sha256:"#, #""was": "sha256:"#, "7.4"),
    ])
  func `a tag or a digest that is edited alone is refused`(
    old: String, new: String, tag: String
  ) throws {
    guard case .failure(let failure) = edited(old, new) else {
      Issue.record("the edit went through")
      return
    }
    let finding = try #require(failure.findings.first)
    #expect(finding.rule == "supply/lock-file-is-sound")
    #expect(
      finding.message
        == "tag '\(tag)' of image 'docker.io/library/redis' and its digest were not read together")
    #expect(
      finding.fix == "run `slipway lock --only docker.io/library/redis` where it can be asked, or "
        + "restore the entry from the last commit")
    #expect(finding.lands?.line == 1)
  }

  @Test func `a version and its commit are held together, too`() {
    let message =
      "version 'v2' of action 'actions/checkout' and its commit were not read together"
    guard case .failure(let failure) = edited(#""version": "v1""#, #""version": "v2""#) else {
      Issue.record("the edit went through")
      return
    }
    #expect(failure.findings.map(\.message) == [message])
    guard case .success = edited("", "") else {
      Issue.record("what was read together is refused")
      return
    }
  }
}
