package import FlowrexConfiguration
import NIOCore
import NIOHTTP1
package import NIOPosix

/// Why a server of the inner network gave no answer.
package enum InsideFault: Error, Hashable, Sendable {
  /// There was no connection: nothing was said.
  case unreachable
  /// Something was said, and may have been done.
  case unanswered
}

/// An answer, whole.
package struct InsideReply: Sendable {
  package let status: Int
  package let headers: [(name: String, value: String)]
  package let body: [UInt8]
}

/// Plain HTTP inside the environment's network, a connection for each request. (S17-VAR-70)
///
/// No connection is kept: one that the other side has just closed would make of every write a
/// question whether it was done, and each new one goes to the replica that the engine chooses.
package struct InsideCall: Sendable {
  private let address: InsideAddress
  private let loops: any EventLoopGroup
  private let largestAnswer: Int

  private static let connectTimeout = TimeAmount.seconds(2)

  /// - Parameter largestAnswer: in bytes; a longer one is none.
  package init(
    to address: InsideAddress, on loops: MultiThreadedEventLoopGroup, largestAnswer: Int
  ) {
    self.address = address
    self.loops = loops
    self.largestAnswer = largestAnswer
  }

  /// - Parameter limit: from now to the answer's end; two seconds and more, for a connection that
  ///   does not come is waited for so long.
  package func send(
    _ method: String, _ path: String, _ headers: [(name: String, value: String)] = [],
    _ body: [UInt8] = [], within limit: Duration
  ) async throws(InsideFault) -> InsideReply {
    let end = ContinuousClock.now + limit
    let channel: Connection
    do { channel = try await connected() } catch { throw .unreachable }
    var fields = HTTPHeaders([
      ("Host", "\(address.host):\(address.port)"), ("Connection", "close"),
    ])
    for (name, value) in headers { fields.add(name: name, value: value) }
    if !body.isEmpty { fields.add(name: "Content-Length", value: "\(body.count)") }
    let head = HTTPRequestHead(
      version: .http1_1, method: HTTPMethod(rawValue: method), uri: path, headers: fields)
    let most = largestAnswer
    do {
      return try await Deadline.run(until: end, orThrow: InsideFault.unanswered) {
        try await Self.exchange(head, body, on: channel, most)
      }
    } catch {
      throw .unanswered
    }
  }

  private typealias Connection = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

  private func connected() async throws -> Connection {
    try await ClientBootstrap(group: loops)
      .connectTimeout(Self.connectTimeout)
      .channelOption(.socketOption(.tcp_nodelay), value: 1)
      .connect(host: address.host, port: address.port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          return try Connection(wrappingChannelSynchronously: channel)
        }
      }
  }

  private static func exchange(
    _ head: HTTPRequestHead, _ body: [UInt8], on channel: Connection, _ most: Int
  ) async throws -> InsideReply {
    try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(.head(head))
      if !body.isEmpty { try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: body)))) }
      try await outbound.write(.end(nil))
      return try await answer(inbound, most)
    }
  }

  private static func answer(
    _ inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>, _ most: Int
  ) async throws -> InsideReply {
    var head: HTTPResponseHead?
    var body: [UInt8] = []
    for try await part in inbound {
      switch part {
      case .head(let found): head = found
      case .body(let bytes):
        guard body.count + bytes.readableBytes <= most else { throw InsideFault.unanswered }
        body += bytes.readableBytesView
      case .end:
        guard let head else { throw InsideFault.unanswered }
        return InsideReply(
          status: Int(head.status.code), headers: head.headers.map { ($0.name, $0.value) },
          body: body)
      }
    }
    throw InsideFault.unanswered
  }
}
