import FlowrexStream
import NIOCore
import NIOWebSocket

/// Carries frames between a connection and its session, on the connection's own thread.
final class SocketHandler: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private enum Stage {
    case open
    /// Our farewell is written, and the client's may come.
    case closing
    case closed
  }

  /// A client that does not answer a farewell is not waited for.
  private static let patience = TimeAmount.seconds(2)

  private let session: StreamSession
  private var context: ChannelHandlerContext?
  private var stage = Stage.open

  init(_ session: StreamSession) { self.session = session }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    let line = Line(handler: NIOLoopBound(self, eventLoop: context.eventLoop))
    session.open(on: line)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    session.ended()
  }

  func channelInactive(context: ChannelHandlerContext) {
    stage = .closed
    session.ended()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard stage != .closed else { return }
    switch session.receive(SocketFrame(unwrapInboundIn(data))) {
    case .nothing: break
    case .pong(let payload):
      // Who does not read needs no answers either.
      guard stage == .open, context.channel.isWritable else { break }
      write(.pong, payload, context)
      context.flush()
    case .farewell(let code): answerFarewell(code, context)
    case .close(let reason): close(reason)
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    flush()
    context.fireChannelWritabilityChanged()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // What comes behind a broken frame: the farewell is on its way, and would be lost with the
    // connection.
    if error is ByteToMessageDecoderError { return }
    guard let error = error as? NIOWebSocketError else {
      context.close(promise: nil)
      return
    }
    session.close(error == .invalidFrameLength ? .messageTooLarge : .protocolError)
  }

  fileprivate func flush() {
    guard let context, stage == .open else { return }
    var isWritten = false
    while context.channel.isWritable, let text = session.next() {
      write(.text, text, context)
      isWritten = true
    }
    if isWritten { context.flush() }
  }

  fileprivate func ping() {
    guard let context, stage == .open, context.channel.isWritable else { return }
    write(.ping, [], context)
    context.flush()
  }

  fileprivate func close(_ reason: SocketClose) {
    guard let context, stage == .open else { return }
    stage = .closing
    let code = [UInt8(reason.code >> 8), UInt8(reason.code & 0xFF)]
    write(.connectionClose, code + Array(reason.rawValue.utf8), context)
    context.flush()
    let channel = context.channel
    context.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
  }

  private func answerFarewell(_ code: UInt16?, _ context: ChannelHandlerContext) {
    let channel = context.channel
    if stage == .open {
      let payload = code.map { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } ?? []
      write(.connectionClose, payload, context)
      context.flush()
    }
    stage = .closed
    channel.close(promise: nil)
  }

  private func write(
    _ opcode: WebSocketOpcode, _ payload: [UInt8], _ context: ChannelHandlerContext
  ) {
    let frame = WebSocketFrame(fin: true, opcode: opcode, data: ByteBuffer(bytes: payload))
    context.write(wrapOutboundOut(frame), promise: nil)
  }
}

/// The way to a handler from other threads.
private struct Line: SocketLine {
  let handler: NIOLoopBound<SocketHandler>

  func flush() { perform { $0.flush() } }
  func ping() { perform { $0.ping() } }
  func close(_ reason: SocketClose) { perform { $0.close(reason) } }

  private func perform(_ body: @escaping @Sendable (SocketHandler) -> Void) {
    handler.eventLoop.execute { body(handler.value) }
  }
}

extension SocketFrame {
  fileprivate init(_ frame: WebSocketFrame) {
    let kind: Kind =
      switch frame.opcode {
      case .continuation: .continuation
      case .text: .text
      case .binary: .binary
      case .connectionClose: .close
      case .ping: .ping
      case .pong: .pong
      default: .reserved
      }
    self.init(
      kind, Array(frame.unmaskedData.readableBytesView), isFinal: frame.fin,
      isMasked: frame.maskKey != nil, hasReservedBits: frame.rsv1 || frame.rsv2 || frame.rsv3)
  }
}
