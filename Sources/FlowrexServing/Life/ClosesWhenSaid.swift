import HTTPTypes
package import NIOCore
package import NIOHTTPTypes

/// Ends a connection whose answer says `Connection: close`: a client that does not do it itself
/// would keep its place. (engine fact F9)
package final class ClosesWhenSaid: ChannelOutboundHandler, RemovableChannelHandler {
  package typealias OutboundIn = HTTPResponsePart
  package typealias OutboundOut = HTTPResponsePart

  private var isLast = false

  package init() {}

  package func write(
    context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
  ) {
    switch unwrapOutboundIn(data) {
    case .head(let head): isLast = head.headerFields[.connection]?.lowercased() == "close"
    case .end where isLast:
      context.writeAndFlush(data, promise: promise)
      // Our half only: what the client still sends must not turn the answer into a reset.
      context.close(mode: .output, promise: nil)
      return
    case .body, .end: break
    }
    context.write(data, promise: promise)
  }
}
