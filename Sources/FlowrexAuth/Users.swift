/// A person who may sign in.
package struct User: Sendable, Equatable {
  package let id: String
  /// As it is compared: ``EmailAddress``.
  package let email: EmailAddress
  package let passwordHash: String
  package let role: Role
  package let isDisabled: Bool

  package init(
    id: String, email: EmailAddress, passwordHash: String, role: Role, isDisabled: Bool = false
  ) {
    self.id = id
    self.email = email
    self.passwordHash = passwordHash
    self.role = role
    self.isDisabled = isDisabled
  }
}

/// An address in the one form in which it is stored and compared: lower case, without blanks
/// around it, so that a variant in case is neither another account nor another lock-out.
package struct EmailAddress: Sendable, Hashable, CustomStringConvertible {
  package let text: String

  /// `nil` for what cannot be one; whether it exists is not judged here.
  package init?(_ text: String) {
    let bytes = text.utf8.drop { $0 == 0x20 }
    let trimmed = String(decoding: bytes.reversed().drop { $0 == 0x20 }.reversed(), as: UTF8.self)
      .lowercased()
    let parts = trimmed.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, trimmed.utf8.count <= 254,
      trimmed.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { return nil }
    self.text = trimmed
  }

  package var description: String { text }
}

/// Where people are kept.
package protocol UserStore: Sendable {
  func user(email: EmailAddress) async throws -> User?
  func user(id: String) async throws -> User?
  /// Adds a person.
  ///
  /// - Returns: False when the address or the id is taken; nothing is changed then.
  func add(_ user: User) async throws -> Bool
  /// Keeps a person out, or lets them in again.
  ///
  /// - Returns: False when there is no such person.
  func set(isDisabled: Bool, of id: String) async throws -> Bool
}

/// People in memory, for a laptop and for tests.
package actor MemoryUserStore: UserStore {
  private var users: [String: User] = [:]
  private var ids: [EmailAddress: String] = [:]

  package init() {}

  package func user(email: EmailAddress) -> User? { ids[email].flatMap { users[$0] } }

  package func user(id: String) -> User? { users[id] }

  package func add(_ user: User) -> Bool {
    guard users[user.id] == nil, ids[user.email] == nil else { return false }
    users[user.id] = user
    ids[user.email] = user.id
    return true
  }

  package func set(isDisabled: Bool, of id: String) -> Bool {
    guard let user = users[id] else { return false }
    users[id] = User(
      id: id, email: user.email, passwordHash: user.passwordHash, role: user.role,
      isDisabled: isDisabled)
    return true
  }
}
