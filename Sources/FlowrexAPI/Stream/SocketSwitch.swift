import FlowrexServing
import FlowrexStream
import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOWebSocket

/// Changes a connection's protocol behind the answer that says so, if somebody was admitted.
final class SocketSwitch: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let frame: Int
  private var expected: StreamSession?
  private var isSwitching = false

  init(frame: Int) { self.frame = frame }

  func expect(_ session: StreamSession) { expected = session }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(let head):
      isSwitching = head.status == .switchingProtocols && expected != nil
      // Another answer was given: nobody was let in.
      if !isSwitching { giveUp() }
    case .end where isSwitching:
      context.writeAndFlush(data, promise: promise)
      change(context)
      return
    case .body, .end: break
    }
    context.write(data, promise: promise)
  }

  func channelInactive(context: ChannelHandlerContext) {
    giveUp()
    context.fireChannelInactive()
  }

  private func giveUp() {
    expected?.ended()
    expected = nil
  }

  /// Takes out what speaks HTTP; the decoder last, so that what it kept reaches the new one. The
  /// framework's reader stays at the end of the line, and hears of nothing but the end.
  private func change(_ context: ChannelHandlerContext) {
    guard let session = expected else { return }
    expected = nil
    let pipeline = context.pipeline.syncOperations
    do {
      try pipeline.addHandlers(
        [
          WebSocketFrameEncoder(),
          ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: frame)),
          SocketHandler(session),
        ], position: .before(self))
      let gone: [any RemovableChannelHandler] = try [
        pipeline.handler(type: HTTPConnectionStateHandler.self),
        pipeline.handler(type: ClosesWhenSaid.self),
        pipeline.handler(type: HTTP1ToHTTPServerCodec.self),
        pipeline.handler(type: HTTPResponseEncoder.self), self,
        pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self),
      ]
      for handler in gone { _ = pipeline.removeHandler(handler) }
    } catch {
      session.ended()
      context.close(promise: nil)
    }
  }
}
