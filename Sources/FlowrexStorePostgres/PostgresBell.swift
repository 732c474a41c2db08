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
      heard(.deaf)
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
      for text in texts { Self.hints(text, channel).forEach(heard) }
      if !texts.isEmpty { lastSign = .now }
      if ContinuousClock.now - lastSign > Self.silence {
        try await connection.perform { _ = try $0.command("SELECT 1") }
        lastSign = .now
      }
    }
  }

  /// The names of so many fit into the 8,000 bytes that a notification has.
  private static let mostNames = 200
  private static let session = "s:"

  /// What a transaction announced, as it is notified.
  static func notices(of changes: Set<Announcement>) -> [(channel: Channel, text: String)] {
    let named = changes.subtracting([.message])
    return (named.isEmpty ? [] : [(.changes, text(of: named))])
      + (named.count < changes.count ? [(.messages, "")] : [])
  }

  private static func text(of changes: Set<Announcement>) -> String {
    let names = changes.compactMap { change -> String? in
      switch change {
      case .account(let account): account.description
      case .session(let session): Self.session + session
      case .message, .everything: nil
      }
    }
    let isNamed = names.count == changes.count && names.count <= mostNames
    let text = names.sorted().joined(separator: ",")
    return isNamed && text.utf8.count < 8_000 ? text : "*"
  }

  /// What cannot be read may have been anything.
  static func hints(_ text: String, _ channel: Channel) -> [ChangeHint] {
    guard channel == .changes else { return [.messages] }
    let changes = text.split(separator: ",", omittingEmptySubsequences: false).map { name in
      if name.hasPrefix(session) { return Announcement.session(String(name.dropFirst(2))) }
      return AccountID(text: String(name)).map { .account($0) } ?? .everything
    }
    return ChangeHint.hints(of: changes)
  }
}
