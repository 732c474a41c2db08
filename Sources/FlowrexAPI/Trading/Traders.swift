import Crypto
import FlowrexAuth
package import FlowrexTrading
package import Ledger
import Synchronization

/// Who trades: a person, and the one account that a person has. (C-65)
struct Trader: Hashable, Sendable {
  let person: PersonID
  let account: AccountID
}

/// Finds the account of whoever asks, and opens it for who asks first. (S17-ENV-03)
package final class Traders: Sendable {
  private let desk: Desk
  /// Paper money that a new account begins with; `nil` where money is real.
  private let opening: Amount?
  /// Accounts that are known to be there: none is ever taken away.
  private let known = Mutex<Set<AccountID>>([])
  private static let mostKnown = 100_000

  package init(_ desk: Desk, opening: Amount?) {
    self.desk = desk
    self.opening = opening
  }

  func of(_ call: Call) async throws -> Trader {
    let person = PersonID(subject: try call.caller().subject)
    let trader = Trader(person: person, account: AccountID(person.bits))
    guard !known.withLock({ $0.contains(trader.account) }) else { return trader }
    try await desk.openAccount(trader.account, of: person)
    // Under the account's own name: said twice it is booked once.
    if let opening {
      _ = try await desk.move(opening, of: trader.account, named: trader.account.bits)
    }
    known.withLock { known in
      if known.count >= Self.mostKnown { known = [] }
      known.insert(trader.account)
    }
    return trader
  }
}

extension Identifier where Kind == PersonKind {
  /// The person that a token speaks for. Who has a name in place of a number has the number that
  /// follows from the name.
  package init(subject: String) {
    if let id = Self(text: subject) {
      self = id
    } else {
      let digest = SHA256.hash(data: Array("person \(subject)".utf8))
      self.init(digest.prefix(16).reduce(UInt128(0)) { $0 << 8 | UInt128($1) })
    }
  }
}
