/// The connection below a stream. What it is asked for it does later, on its own thread.
package protocol SocketLine: Sendable {
  /// Something waits: take it with ``StreamSession/next()`` as long as there is room.
  func flush()
  func ping()
  /// Says why, and ends the connection with the client or soon without it.
  func close(_ reason: SocketClose)
}

/// What a connection does about a frame.
package enum SocketReply: Sendable, Equatable {
  case nothing
  case pong([UInt8])
  /// Says the same code back, and ends.
  case farewell(code: UInt16?)
  case close(SocketClose)
}
