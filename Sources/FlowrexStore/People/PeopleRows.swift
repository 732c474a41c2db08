package import FlowrexAuth
package import Ledger

/// People who may sign in.
package protocol PeopleRows {
  /// - Returns: false when the address or the id is taken; nothing is changed then.
  func insert(_ user: User) throws(StoreFault) -> Bool
  func user(_ id: String) throws(StoreFault) -> User?
  func user(at email: EmailAddress) throws(StoreFault) -> User?
  /// The same, held exclusively until the transaction ends.
  func held(at email: EmailAddress) throws(StoreFault) -> User?
  func held(person id: String) throws(StoreFault) -> User?
  /// Administrators who may come in; until the transaction ends nobody else asks.
  func administrators() throws(StoreFault) -> [User]
  /// - Returns: false when there is no such person.
  func save(_ user: User) throws(StoreFault) -> Bool
  /// People whose address comes after another one, in the order of their addresses.
  func users(after email: EmailAddress?, limit: Int) throws(StoreFault) -> [User]
  /// Digests of the hashes that were mounted for the first administrator, the newest last.
  func mountedPasswords() throws(StoreFault) -> [String]
  func keepMountedPassword(_ digest: String, at now: Timestamp) throws(StoreFault)
}

/// Sessions and every refresh token that was ever given out for them, as digests. (C-02, C-37)
package protocol SessionRows {
  func insert(_ session: Session, digest: String) throws(StoreFault)
  /// Exchanges a refresh token; two transactions with tokens of one session follow one another.
  /// A session whose person may not come in any more ends here.
  func rotate(digest: String, to next: String, now: Int64) throws(StoreFault) -> Rotation
  func revoke(session: String) throws(StoreFault) -> EndedSession?
  func revokeSessions(of person: String) throws(StoreFault) -> Int
  /// Ends all sessions of everybody.
  ///
  /// - Returns: how many there were.
  func revokeAllSessions() throws(StoreFault) -> Int
  /// Whose sessions these are; what is over or never was is not there.
  func holders(
    of sessions: [String], now: Int64
  ) throws(StoreFault) -> [String: SessionHolder]
  /// - Returns: how many were forgotten; as many as the limit when there may be more.
  func removeSessions(endedBefore moment: Int64, limit: Int) throws(StoreFault) -> Int
}

/// A session that was ended now.
package struct EndedSession: Hashable, Sendable {
  /// The id of its person.
  package let person: String
}

/// Failed sign-ins. (S04-AUTH-08, C-45)
package protocol SignInRows {
  func attempt(account: String, address: String, now: Int64) throws(StoreFault) -> SignInAttempt
  func succeeded(account: String, address: String) throws(StoreFault)
  /// An attempt that nobody judged was none.
  func takeBack(account: String, address: String) throws(StoreFault)
  /// - Returns: how many were forgotten; as many as the limit when there may be more.
  func removeFailures(overAt now: Int64, limit: Int) throws(StoreFault) -> Int
}

/// What is known of the schema itself.
package protocol SchemaRows {
  /// In the order of their numbers.
  func appliedMigrations() throws(StoreFault) -> [Migrator.Applied]
}
