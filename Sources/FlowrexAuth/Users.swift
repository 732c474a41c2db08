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

extension User {
  package func with(passwordHash: String) -> User {
    User(id: id, email: email, passwordHash: passwordHash, role: role, isDisabled: isDisabled)
  }

  package func with(role: Role) -> User {
    User(id: id, email: email, passwordHash: passwordHash, role: role, isDisabled: isDisabled)
  }

  package func with(isDisabled: Bool) -> User {
    User(id: id, email: email, passwordHash: passwordHash, role: role, isDisabled: isDisabled)
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
}
