/// A frame as it came, unmasked.
package struct SocketFrame: Sendable, Equatable {
  package enum Kind: Sendable { case continuation, text, binary, close, ping, pong, reserved }
  package let kind: Kind
  package let isFinal: Bool
  package let isMasked: Bool
  /// One of the bits that belong to extensions; none was negotiated.
  package let hasReservedBits: Bool
  package let payload: [UInt8]

  package init(
    _ kind: Kind, _ payload: [UInt8] = [], isFinal: Bool = true, isMasked: Bool = true,
    hasReservedBits: Bool = false
  ) {
    self.kind = kind
    self.isFinal = isFinal
    self.isMasked = isMasked
    self.hasReservedBits = hasReservedBits
    self.payload = payload
  }
}

/// What a frame means.
package enum SocketEvent: Sendable, Equatable {
  /// More belongs to it, or it was a sign of life.
  case nothing
  case text(String)
  case ping([UInt8])
  /// The client says goodbye; its code is sent back.
  case closed(code: UInt16?)
  case violation(SocketClose)
}

/// Makes messages of frames: a client of a server masks, fragments in order, and says text.
/// (RFC 6455 §5)
package struct SocketReader: Sendable {
  /// In bytes, of a whole message.
  private let limit: Int
  private var parts: [UInt8]?
  /// An empty fragment is no message and costs nothing to send.
  private var fragments = 0
  private static let mostFragments = 64

  package init(limit: Int) { self.limit = limit }

  package mutating func receive(_ frame: SocketFrame) -> SocketEvent {
    guard frame.isMasked, !frame.hasReservedBits else { return .violation(.protocolError) }
    switch frame.kind {
    case .reserved: return .violation(.protocolError)
    case .binary: return .violation(.notText)
    case .ping, .pong, .close: return control(frame)
    case .text:
      guard parts == nil else { return .violation(.protocolError) }
      parts = []
      fragments = 0
      return add(frame)
    case .continuation:
      guard parts != nil else { return .violation(.protocolError) }
      return add(frame)
    }
  }

  private func control(_ frame: SocketFrame) -> SocketEvent {
    guard frame.isFinal, frame.payload.count <= 125 else { return .violation(.protocolError) }
    switch frame.kind {
    case .ping: return .ping(frame.payload)
    case .close: return Self.farewell(frame.payload)
    default: return .nothing
    }
  }

  private static func farewell(_ payload: [UInt8]) -> SocketEvent {
    guard !payload.isEmpty else { return .closed(code: nil) }
    guard payload.count >= 2 else { return .violation(.protocolError) }
    let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
    guard SocketClose.isAllowed(code) else { return .violation(.protocolError) }
    guard String(validating: payload.dropFirst(2), as: UTF8.self) != nil else {
      return .violation(.notUnicode)
    }
    return .closed(code: code)
  }

  private mutating func add(_ frame: SocketFrame) -> SocketEvent {
    fragments += 1
    guard fragments <= Self.mostFragments else { return .violation(.tooManyMessages) }
    guard (parts?.count ?? 0) + frame.payload.count <= limit else {
      return .violation(.messageTooLarge)
    }
    parts?.append(contentsOf: frame.payload)
    guard frame.isFinal else { return .nothing }
    defer { parts = nil }
    guard let text = String(validating: parts ?? [], as: UTF8.self) else {
      return .violation(.notUnicode)
    }
    return .text(text)
  }
}
