import FlowrexStore
import Ledger
import Synchronization

/// Keys that this process is answering. Between processes the store holds them.
final class KeysInFlight: Sendable {
  private struct Name: Hashable {
    let account: AccountID
    let key: ClientKey
  }

  private let names = Mutex<Set<Name>>([])

  /// Runs `body` unless the key is being answered already.
  func holding<Value>(
    _ key: ClientKey, of account: AccountID, _ body: () async throws -> Value
  ) async throws -> Value {
    let name = Name(account: account, key: key)
    guard names.withLock({ $0.insert(name).inserted }) else { throw TradingFault.keyInFlight(key) }
    defer { names.withLock { _ = $0.remove(name) } }
    return try await body()
  }
}
