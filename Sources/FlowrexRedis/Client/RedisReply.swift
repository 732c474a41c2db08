/// What Redis answered to one command.
package enum RedisReply: Sendable, Hashable {
  case null
  case integer(Int64)
  case bytes([UInt8])
  /// `OK`, `PONG`.
  case status(String)
  /// The server's own words; nothing of ours but the command's name is in them.
  case error(String)
  case array([RedisReply])

  package var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
  package var bytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
  package var array: [RedisReply]? { if case .array(let array) = self { array } else { nil } }
}

/// Why a command has no answer.
package enum RedisFault: Error, Hashable, Sendable {
  /// No connection; nothing was done.
  case unreachable(String)
  /// Nobody asked: the breaker is open. Nothing was done.
  case resting
  /// No answer in time: it may have been done.
  case timedOut
  /// The connection broke before the answer: it may have been done.
  case broken(String)
  /// The server answers, and cannot do what it is for: it loads, it has no memory, it does not
  /// know our password.
  case unable(String)
  /// An answer that this program does not understand.
  case unexpected(String)
}

extension RedisFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreachable(let why): "Redis cannot be reached: \(why)"
    case .resting: "Redis did not answer before; it is not asked for a while"
    case .timedOut: "Redis did not answer in time"
    case .broken(let why): "the connection to Redis broke: \(why)"
    case .unable(let why): "Redis answers: \(why)"
    case .unexpected(let why): "Redis answers what nobody asked: \(why)"
    }
  }
}

extension RedisFault {
  /// Errors that say that the server cannot work, not that the command is wrong.
  private static let inability: Set<Substring> = [
    "LOADING", "BUSY", "MASTERDOWN", "NOAUTH", "WRONGPASS", "READONLY", "OOM", "MISCONF",
    "NOREPLICAS", "CLUSTERDOWN", "TRYAGAIN",
  ]

  /// The fault that an answer is; `nil` for one that the caller can use.
  init?(_ reply: RedisReply) {
    guard case .error(let text) = reply,
      let word = text.split(separator: " ", maxSplits: 1).first, Self.inability.contains(word)
    else { return nil }
    self = .unable(text)
  }
}
