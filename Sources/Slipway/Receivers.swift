public import ServiceContract
package import SlipwayDiagnostics

/// Who is told of alerts: every severity reaches somebody. (C-69, S18-HS-08)
public struct Receivers<S: Stage>: Sendable {
  package let value: ReceiversValue

  /// - Parameters:
  ///   - critical: Who is woken up.
  ///   - warning: Who reads it in the morning.
  ///   - heartbeat: A service that raises the alarm when it hears nothing: the dead man's switch.
  public init(
    critical: [Receiver], warning: [Receiver], heartbeat: Receiver,
    file: String = #filePath, line: Int = #line
  ) {
    value = ReceiversValue(
      critical: critical, warning: warning, heartbeat: heartbeat,
      origin: Origin(file: file, line: line))
  }
}

extension Receivers<Development> {
  /// Alertmanager's own page; nobody is told.
  public static var pageOnly: Self {
    Self(value: ReceiversValue(critical: [], warning: [], heartbeat: nil, origin: .unstated))
  }
}

extension Receivers {
  fileprivate init(value: ReceiversValue) { self.value = value }
}

package struct ReceiversValue: Sendable {
  package let critical: [Receiver]
  package let warning: [Receiver]
  package let heartbeat: Receiver?
  package let origin: Origin

  /// The same, written here if it does not know where.
  func written(at place: Origin) -> Self {
    guard origin == .unstated else { return self }
    return Self(critical: critical, warning: warning, heartbeat: heartbeat, origin: place)
  }
}

/// One way to reach people. Addresses that hold a credential are secrets.
public struct Receiver: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case pagerDuty
    case slack(channel: String)
    case webhook
  }
  package let kind: Kind
  package let key: SecretKey
  package let origin: Origin

  /// - Parameter key: The secret that holds the routing key of an Events API v2 integration.
  public static func pagerDuty(
    _ key: SecretKey, file: String = #filePath, line: Int = #line
  ) -> Self {
    .init(kind: .pagerDuty, key: key, origin: Origin(file: file, line: line))
  }

  /// - Parameter webhook: The secret that holds the webhook's address.
  public static func slack(
    _ webhook: SecretKey, channel: String, file: String = #filePath, line: Int = #line
  ) -> Self {
    .init(
      kind: .slack(channel: channel), key: webhook, origin: Origin(file: file, line: line))
  }

  /// - Parameter url: The secret that holds the address.
  public static func webhook(
    _ url: SecretKey, file: String = #filePath, line: Int = #line
  ) -> Self {
    .init(kind: .webhook, key: url, origin: Origin(file: file, line: line))
  }
}
