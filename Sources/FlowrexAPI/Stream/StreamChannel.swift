import FlowrexServing
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// A connection that speaks HTTP/1.1 and may become a WebSocket: the framework's own, with a
/// decoder that can be taken out again.
struct StreamChannel: HTTPChannelHandler {
  typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

  let responder: HTTPChannelHandler.Responder
  let limits: NIOHTTPDecoderLimitConfiguration
  let idleTimeout: Duration
  /// Bytes of a WebSocket's frame.
  let frame: Int

  /// After a request that asks for another protocol the decoder keeps what comes, until the
  /// protocol is changed or the connection closed: not without an end.
  private static let kept = 128 * 1_024

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    channel.eventLoop.makeCompletedFuture {
      let pipeline = channel.pipeline.syncOperations
      let decoder = HTTPRequestDecoder(
        leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits)
      try pipeline.addHandler(HTTPResponseEncoder())
      try pipeline.addHandler(ByteToMessageHandler(decoder, maximumBufferSize: Self.kept))
      try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
      try pipeline.addHandler(ClosesWhenSaid())
      try pipeline.addHandler(
        HTTPConnectionStateHandler(idleTimeout: idleTimeout, logger: logger))
      try pipeline.addHandler(SocketSwitch(frame: frame))
      return try NIOAsyncChannel(
        wrappingChannelSynchronously: channel,
        configuration: .init(isOutboundHalfClosureEnabled: true))
    }
  }

  /// The end of a WebSocket is the end of the requests on its connection: nothing else comes of
  /// them any more.
  func handle(value: Value, logger: Logger) async {
    await handleHTTP(asyncChannel: value, logger: logger)
  }
}
