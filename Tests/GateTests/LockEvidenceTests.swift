import SlipwayEvidence
import SlipwayModel
import Testing

/// F13, C-30: what others build is pinned.
struct LockEvidenceTests {
  private static let reference = "docker.io/library/redis:7@\(Scene.digest)"
  private static let locked = LockedImage(
    name: "docker.io/library/redis", tag: "7", digest: Scene.digest, platforms: [])

  private func ruling(
    _ origins: [ImageExpectation.Origin], _ lock: Sight<ImageLock>? = nil,
    seat: GateSeat = .cluster
  ) -> Ruling {
    var scene = Scene()
    scene.seat = seat
    scene.expectations.images = origins.map { ImageExpectation(service: "s", origin: $0) }
    if let lock { scene.evidence.lock = lock }
    return scene.judge(LockIsComplete())
  }

  @Test func `what is pinned passes, and our own images are the record's affair`() {
    #expect(
      ruling([.locked(Self.reference), .locked(Self.reference), .release("A_IMAGE")])
        == .pass("1 image pinned"))
    #expect(
      ruling(
        [.locked(Self.reference)], .fresh(ImageLock(images: [Self.locked]), of: .none),
        seat: .delivery) == .pass("1 image pinned as the lock file says"))
  }

  @Test func `what is not pinned fails`() {
    #expect(
      ruling([.locked(Self.reference), .unlocked("redis:7"), .unlocked("redis:7")])
        == .fail(
          "not pinned: redis:7", fix: "run `slipway lock --add` for each, then `make generate`"))
    #expect(
      ruling([.locked("redis:7")])
        == .fail(
          "no digest in: redis:7", fix: "run `make generate`; gate.json was edited by hand"))
    #expect(
      ruling([.locked(Self.reference)], .fresh(ImageLock(), of: .none), seat: .delivery)
        == .fail(
          "the lock file does not say: \(Self.reference)",
          fix: "run `make generate`, so that files and lock file are of one commit"))
  }

  @Test func `without the lock file a delivery proves nothing`() {
    #expect(
      ruling(
        [.locked(Self.reference)], .missing("there is no lock file 'Lock.json'"), seat: .delivery)
        == .unproven(
          "there is no lock file 'Lock.json'", fix: "check out the commit, with its lock file"))
    #expect(
      ruling([.locked(Self.reference)], .unreadable("'Lock.json': it is empty"), seat: .delivery)
        == .unproven(
          "the lock file cannot be used: 'Lock.json': it is empty", fix: "run `slipway lock`"))
  }
}
