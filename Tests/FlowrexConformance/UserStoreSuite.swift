package import FlowrexAuth
package import Testing

/// What every store of people keeps.
package enum UserStoreSuite {
  package static func check(
    _ store: any UserStore, _ place: SourceLocation = #_sourceLocation
  ) async throws {
    let email = try #require(EmailAddress("ann@example.com"), sourceLocation: place)
    let other = try #require(EmailAddress("bob@example.com"), sourceLocation: place)
    let ann = User(id: "1", email: email, passwordHash: "h", role: .user)
    #expect(try await store.user(email: email) == nil, sourceLocation: place)
    #expect(try await store.add(ann), sourceLocation: place)
    #expect(try await store.user(email: email) == ann, sourceLocation: place)
    #expect(try await store.user(id: "1") == ann, sourceLocation: place)
    // Neither a second person under one address nor a second address under one id.
    let twin = User(id: "2", email: email, passwordHash: "x", role: .admin)
    #expect(try await !store.add(twin), sourceLocation: place)
    let same = User(id: "1", email: other, passwordHash: "x", role: .admin)
    #expect(try await !store.add(same), sourceLocation: place)
    #expect(try await store.user(email: email) == ann, sourceLocation: place)
    #expect(try await store.user(email: other) == nil, sourceLocation: place)
    #expect(try await store.user(id: "2") == nil, sourceLocation: place)
  }
}
