package import FlowrexCache
import FlowrexContract
package import Testing

/// What every store of views keeps. (S03-ARCH-02, S03-ARCH-09, C-37)
package enum ViewStoreSuite {
  /// - Parameters:
  ///   - pass: lets so much time pass for the store, or more.
  ///   - make: a store that keeps nothing yet.
  package static func check(
    pass: @escaping (Duration) async throws -> Void,
    _ place: SourceLocation = #_sourceLocation,
    _ make: () async throws -> any ViewStore
  ) async throws {
    try await keeps(try await make(), place)
    try await namesAreApart(try await make(), place)
    try await oneClaims(try await make(), place)
    try await ends(try await make(), pass, place)
    try await isRenewed(try await make(), pass, place)
    try await forgets(try await make(), place)
    try await keepsNothingOld(try await make(), place)
    try await claimEnds(try await make(), pass, place)
  }

  private static let times = ViewTimes(
    life: .seconds(60), ahead: .seconds(1), claim: .seconds(60))
  private static let name = ViewName(.positions, of: "ann", "page=1")

  private static func put(
    _ text: String, _ name: ViewName, in store: any ViewStore, _ place: SourceLocation
  ) async throws {
    let claim = try #require(try await store.look(name, times).claim, sourceLocation: place)
    try await store.keep(Array(text.utf8), by: claim, times)
  }

  private static func text(_ name: ViewName, in store: any ViewStore) async throws -> String? {
    try await store.look(name, times).view.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  private static func keeps(_ store: any ViewStore, _ place: SourceLocation) async throws {
    let first = try await store.look(name, times)
    #expect(first.view == nil, sourceLocation: place)
    let claim = try #require(first.claim, sourceLocation: place)
    #expect(
      try await store.look(name, times) == ViewLook(view: nil, claim: nil), sourceLocation: place)
    // Any byte, and none.
    let bytes = Array(UInt8.min...UInt8.max) + Array("\r\n$5\r\n".utf8)
    try await store.keep(bytes, by: claim, times)
    let look = try await store.look(name, times)
    #expect(look.view?.bytes == bytes && look.claim == nil, sourceLocation: place)
    #expect(look.view.map { $0.age < times.life } == true, sourceLocation: place)
    let other = ViewName(.guards, of: "ann")
    try await put("", other, in: store, place)
    #expect(try await text(other, in: store) == "", sourceLocation: place)
  }

  private static func namesAreApart(_ store: any ViewStore, _ place: SourceLocation) async throws {
    let names = [
      name, ViewName(.positions, of: "ann", "page=2"), ViewName(.positions, of: "bob", "page=1"),
      ViewName(.guards, of: "ann", "page=1"), ViewName(.positions, of: "ann"),
      ViewName(.positions, of: "ann:page=1"), ViewName(.positions, of: "", "ann:page=1"),
    ]
    for (number, name) in names.enumerated() { try await put("\(number)", name, in: store, place) }
    for (number, name) in names.enumerated() {
      #expect(try await text(name, in: store) == "\(number)", sourceLocation: place)
    }
  }

  private static func oneClaims(_ store: any ViewStore, _ place: SourceLocation) async throws {
    let claims = try await withThrowingTaskGroup(of: ViewClaim?.self) { group in
      for _ in 0..<200 { group.addTask { try await store.look(name, times).claim } }
      return try await group.reduce(into: [ViewClaim]()) { if let claim = $1 { $0.append(claim) } }
    }
    #expect(claims.count == 1, sourceLocation: place)
    try await store.release(try #require(claims.first, sourceLocation: place))
    #expect(try await store.look(name, times).claim != nil, sourceLocation: place)
  }

  private static func ends(
    _ store: any ViewStore, _ pass: (Duration) async throws -> Void, _ place: SourceLocation
  ) async throws {
    let short = ViewTimes(life: .milliseconds(200), ahead: .zero)
    let claim = try #require(try await store.look(name, short).claim, sourceLocation: place)
    try await store.keep([1], by: claim, short)
    try await pass(.milliseconds(210))
    let look = try await store.look(name, short)
    #expect(look.view == nil && look.claim != nil, sourceLocation: place)
  }

  /// Shortly before the end one reader is asked to make it anew, and the others are not.
  private static func isRenewed(
    _ store: any ViewStore, _ pass: (Duration) async throws -> Void, _ place: SourceLocation
  ) async throws {
    let long = ViewTimes(life: .seconds(60), ahead: .milliseconds(59_900))
    let claim = try #require(try await store.look(name, long).claim, sourceLocation: place)
    try await store.keep([1], by: claim, long)
    try await pass(.milliseconds(110))
    let first = try await store.look(name, long)
    #expect(first.view?.bytes == [1], sourceLocation: place)
    #expect(first.view.map { $0.age >= .milliseconds(100) } == true, sourceLocation: place)
    let renewal = try #require(first.claim, sourceLocation: place)
    let second = try await store.look(name, long)
    #expect(second.view?.bytes == [1] && second.claim == nil, sourceLocation: place)
    try await store.keep([2], by: renewal, long)
    #expect(try await store.look(name, times).view?.bytes == [2], sourceLocation: place)
  }

  private static func forgets(_ store: any ViewStore, _ place: SourceLocation) async throws {
    let (second, bobs) = (ViewName(.positions, of: "ann"), ViewName(.positions, of: "bob"))
    let guards = ViewName(.guards, of: "ann")
    for name in [name, second, bobs, guards] { try await put("old", name, in: store, place) }
    try await store.forget(.positions, scope: "ann")
    #expect(try await text(bobs, in: store) == "old", sourceLocation: place)
    #expect(try await text(guards, in: store) == "old", sourceLocation: place)
    for name in [name, second] {
      #expect(try await text(name, in: store) == nil, sourceLocation: place)
    }
    try await store.forget(.positions, scope: nil)
    #expect(try await text(bobs, in: store) == nil, sourceLocation: place)
    #expect(try await text(guards, in: store) == "old", sourceLocation: place)
    try await put("new", ViewName(.positions, of: "cid"), in: store, place)
    // Twice in one moment is twice.
    try await store.forget(.positions, scope: "cid")
    try await store.forget(.positions, scope: "cid")
    #expect(
      try await text(ViewName(.positions, of: "cid"), in: store) == nil, sourceLocation: place)
  }

  /// What was read before it changed is not kept after it was forgotten.
  private static func keepsNothingOld(_ store: any ViewStore, _ place: SourceLocation) async throws
  {
    for scope in ["ann", nil] {
      let claim = try #require(try await store.look(name, times).claim, sourceLocation: place)
      try await store.forget(.positions, scope: scope)
      try await store.keep([9], by: claim, times)
      #expect(try await text(name, in: store) == nil, sourceLocation: place)
      try await store.forget(.positions, scope: scope)
    }
  }

  private static func claimEnds(
    _ store: any ViewStore, _ pass: (Duration) async throws -> Void, _ place: SourceLocation
  ) async throws {
    let brief = ViewTimes(life: .seconds(60), ahead: .seconds(1), claim: .milliseconds(100))
    #expect(try await store.look(name, brief).claim != nil, sourceLocation: place)
    try await pass(.milliseconds(110))
    let next = try #require(try await store.look(name, brief).claim, sourceLocation: place)
    try await store.keep([3], by: next, times)
    #expect(try await store.look(name, times).view?.bytes == [3], sourceLocation: place)
  }
}
