package import FlowrexStore
import Ledger

/// Hears of every process that works on the same database, on a connection of its own. When that
/// breaks it is made anew, and the listener looks at everything: nobody knows what was missed.
package struct PostgresBell: ChangeBell {
  /// What is listened to: nobody is woken for what is another's.
  package enum Channel: String, Sendable {
    /// Which accounts changed.
    case changes = "flowrex_changes"
    /// That there is something to say to a venue.
    case messages = "flowrex_outbox"
  }

  /// So long a server may be silent before it is asked whether it is still there.
  private static let silence = Duration.seconds(10)
  /// A call to libpq waits this long, so that a cancellation is seen.
  private static let turn = Duration.milliseconds(500)
  private static let firstPause = Duration.milliseconds(100)
  private static let longestPause = Duration.seconds(5)

  /// So many names fit into the 8,000 bytes that a notification has.
  private static let mostAccounts = 200

  private let settings: PostgresSettings
  private let channel: Channel

  package init(_ settings: PostgresSettings, _ channel: Channel) {
    self.settings = settings
    self.channel = channel
  }

  package func listen(_ heard: @escaping @Sendable (ChangeHint) -> Void) async {
    var pause = Self.firstPause
    while !Task.isCancelled {
      let began = ContinuousClock.now
      try? await hear(heard)
      // Who held for a while is tried again soon.
      if ContinuousClock.now - began > Self.longestPause { pause = Self.firstPause }
      try? await Task.sleep(for: pause)
      pause = min(pause * 2, Self.longestPause)
    }
  }

  /// Ends with a connection's end, or the task's.
  private func hear(_ heard: @escaping @Sendable (ChangeHint) -> Void) async throws {
    let connection = try await settings.connect(
      statementTimeout: settings.statementTimeout, lockTimeout: Span(microseconds: 0))
    let channel = channel
    try await connection.perform { _ = try $0.command("LISTEN \(channel.rawValue)") }
    heard(.everything)
    var lastSign = ContinuousClock.now
    while !Task.isCancelled {
      let texts = try await connection.perform { try $0.notifications(within: Self.turn) }
      for text in texts { heard(Self.hint(text, channel)) }
      if !texts.isEmpty { lastSign = .now }
      if ContinuousClock.now - lastSign > Self.silence {
        try await connection.perform { _ = try $0.command("SELECT 1") }
        lastSign = .now
      }
    }
  }

  /// A hint as listeners are sent it; what is said by nobody has none.
  static func notice(_ hint: ChangeHint) -> (channel: Channel, text: String)? {
    switch hint {
    case .accounts(let accounts) where accounts.count <= mostAccounts:
      (.changes, accounts.map(\.description).joined(separator: ","))
    case .accounts: (.changes, "*")
    case .messages: (.messages, "")
    case .everything: nil
    }
  }

  /// What cannot be read may have been anything.
  static func hint(_ text: String, _ channel: Channel) -> ChangeHint {
    guard channel == .changes else { return .messages }
    let names = text.split(separator: ",", omittingEmptySubsequences: false)
    let accounts = names.compactMap { AccountID(text: String($0)) }
    return accounts.count == names.count ? .accounts(accounts) : .everything
  }
}
