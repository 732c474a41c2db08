/// Why a socket is closed, as its client is told: the code and the word are stable. Codes from 4000
/// on are ours. (RFC 6455 §7.4)
package enum SocketClose: String, Sendable, CaseIterable, Error {
  /// This replica ends; another one answers. (C-33)
  case draining
  /// A frame breaks the protocol.
  case protocolError = "protocol_error"
  /// Only text is understood.
  case notText = "not_text"
  /// A text that is not UTF-8.
  case notUnicode = "not_unicode"
  /// A message that nobody here understands.
  case malformedMessage = "malformed_message"
  case messageTooLarge = "message_too_large"
  case internalFault = "internal_fault"
  /// What was asked for cannot be read at the moment.
  case unavailable
  /// The session was signed out, or its person may not come in any more. (S04-AUTH-10)
  case sessionEnded = "session_ended"
  /// The access token is over, and no other one was sent.
  case tokenExpired = "token_expired"
  /// What was sent was not read in time. (S17-VAR-39)
  case slowReader = "slow_reader"
  /// No sign of life for two heartbeats. (S17-VAR-37)
  case silent
  case tooManyMessages = "too_many_messages"

  package var code: UInt16 {
    switch self {
    case .draining: 1_001
    case .protocolError: 1_002
    case .notText: 1_003
    case .notUnicode: 1_007
    case .malformedMessage: 1_008
    case .messageTooLarge: 1_009
    case .internalFault: 1_011
    case .unavailable: 1_013
    case .sessionEnded, .tokenExpired: 4_401
    case .slowReader, .silent: 4_408
    case .tooManyMessages: 4_429
    }
  }

  /// Whether a code may stand in a close frame of a client. (RFC 6455 §7.4.1, 7.4.2)
  static func isAllowed(_ code: UInt16) -> Bool {
    switch code {
    case 1_000...1_003, 1_007...1_011, 3_000...4_999: true
    default: false
    }
  }
}
