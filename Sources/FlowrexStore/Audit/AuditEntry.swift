package import FlowrexAuth
package import Ledger

/// What is worth an entry in the audit log.
package enum AuditAction: String, CaseIterable, Sendable {
  /// Somebody who signed in asks for a change, or for anything as an administrator; it is written
  /// down before it is done. (S18-AUD-01)
  case requested
  /// What was said to them, with its status; before they have it. (S18-AUD-02)
  case answered
  case signedIn = "signed_in"
  case signInFailed = "sign_in_failed"
  case signedOut = "signed_out"
  case tokenRefreshed = "token_refreshed"
  /// A refresh token came twice; its session is over. The actor is who it was given to.
  case tokenReused = "token_reused"
  /// All of everybody, as after a restore.
  case sessionsEnded = "sessions_ended"
  case userCreated = "user_created"
  case userDisabled = "user_disabled"
  case userEnabled = "user_enabled"
  case passwordReset = "password_reset"
  case roleChanged = "role_changed"
  /// A person let a halted account trade again, or settled a difference with the venue; why is in
  /// the ruling of the same transaction.
  case ruled
}

/// Who did what to whom, and from where. No password, token or address of e-mail is ever in one:
/// people are named by their ids. (S18-AUD-01, S18-AUD-02, C-57)
package struct AuditEntry: Hashable, Sendable {
  package let at: Timestamp
  package let action: AuditAction
  /// The id of a person, or the command that an operator ran; `nil` for who is not known.
  package let actor: String?
  /// The id of whom or what it was done to.
  package let subject: String?
  /// The request, where there was one.
  package let occasion: Occasion
  /// Of the answer, as HTTP has it.
  package let status: Int?
  /// What was so before, and is so now: words of the contract.
  package let was: String?
  package let became: String?

  package init(
    _ action: AuditAction, at: Timestamp, actor: String? = nil, subject: String? = nil,
    from occasion: Occasion = .none, status: Int? = nil, was: String? = nil,
    became: String? = nil
  ) {
    self.action = action
    self.at = at
    self.actor = actor
    self.subject = subject
    self.occasion = occasion
    self.status = status
    self.was = was
    self.became = became
  }
}

/// How far the log goes; kept elsewhere, it proves that nobody wrote the log anew.
package struct AuditHead: Hashable, Sendable {
  /// 0 is the empty log.
  package let number: Int64
  /// SHA-256 in hexadecimal.
  package let hash: String

  package init(number: Int64, hash: String) {
    self.number = number
    self.hash = hash
  }

  /// Reads `12:3f…`, as it is printed.
  package init?(text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Int64(parts[0]), number > 0, parts[1].utf8.count == 64,
      parts[1].utf8.allSatisfy({ byte in
        (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= byte
          || (UInt8(ascii: "a")...UInt8(ascii: "f")) ~= byte
      })
    else { return nil }
    self.init(number: number, hash: String(parts[1]))
  }
}

extension AuditHead: CustomStringConvertible {
  package var description: String { "\(number):\(hash)" }
}

/// The audit log, inside a transaction.
package protocol AuditRows {
  /// Adds an entry. Whoever adds one waits for those who did before, so it is the last thing that
  /// a transaction does.
  func append(_ entry: AuditEntry) throws(StoreFault)
  func auditHead() throws(StoreFault) -> AuditHead
  /// The head with what stands in the log at the same moment; `nil` when somebody took it away.
  func auditExtent() throws(StoreFault) -> AuditExtent?
  /// Rows as they stand, whatever they hold, in the order of their numbers.
  func auditRows(after number: Int64, limit: Int) throws(StoreFault) -> [AuditRow]
}

/// What the head says, and what there is.
package struct AuditExtent: Hashable, Sendable {
  package let head: AuditHead
  package let rows: Int64
  /// The numbers of the first and the last row; `nil` without any.
  package let first: Int64?
  package let last: Int64?
}
