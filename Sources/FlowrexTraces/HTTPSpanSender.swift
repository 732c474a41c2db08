package import FlowrexConfiguration
package import NIOCore
import NIOHTTP1
import NIOPosix

/// Posts a document to a collector, on a connection of its own, within a time.
package struct HTTPSpanSender: SpanSender {
  enum Failure: Error { case status(UInt), ended, late }

  private static let connectTimeout = TimeAmount.seconds(2)
  private static let answerTimeout = TimeAmount.seconds(5)

  private let endpoint: TraceEndpoint
  private let loops: any EventLoopGroup

  package init(_ endpoint: TraceEndpoint, on loops: any EventLoopGroup) {
    self.endpoint = endpoint
    self.loops = loops
  }

  package func send(_ document: [UInt8]) async throws {
    let endpoint = endpoint
    let answered = loops.any().makePromise(of: Void.self)
    let bootstrap = ClientBootstrap(group: loops).connectTimeout(Self.connectTimeout)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          try channel.pipeline.syncOperations.addHandler(StatusReader(answered))
        }
      }
    let channel: any Channel
    do {
      channel = try await bootstrap.connect(host: endpoint.host, port: endpoint.port).get()
    } catch {
      answered.fail(error)
      throw error
    }
    defer { channel.close(promise: nil) }
    let late = channel.eventLoop.scheduleTask(in: Self.answerTimeout) {
      answered.fail(Failure.late)
    }
    defer { late.cancel() }
    let head = HTTPRequestHead(
      version: .http1_1, method: .POST, uri: endpoint.path,
      headers: [
        "host": "\(endpoint.host):\(endpoint.port)", "content-type": "application/json",
        "content-length": "\(document.count)", "connection": "close",
      ])
    channel.write(HTTPClientRequestPart.head(head), promise: nil)
    channel.write(
      HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: document))), promise: nil)
    channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
    try await withTaskCancellationHandler {
      try await answered.futureResult.get()
    } onCancel: {
      answered.fail(Failure.late)
    }
  }
}

/// Wants to know of an answer only whether it says yes.
private final class StatusReader: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart

  private let answered: EventLoopPromise<Void>

  init(_ answered: EventLoopPromise<Void>) { self.answered = answered }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .head(let head) = unwrapInboundIn(data) else { return }
    if (200..<300).contains(head.status.code) {
      answered.succeed()
    } else {
      answered.fail(HTTPSpanSender.Failure.status(head.status.code))
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    answered.fail(HTTPSpanSender.Failure.ended)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    answered.fail(error)
    context.close(promise: nil)
  }
}
