package import FlowrexConfiguration
import FlowrexServing
import NIOCore
import NIOHTTP1
package import NIOPosix

/// One request to the API.
package struct APIRequest: Sendable {
  package let method: String
  package let path: String
  package let headers: [(name: String, value: String)]
  package let body: [UInt8]

  package init(
    _ method: String, _ path: String, headers: [(name: String, value: String)], body: [UInt8] = []
  ) {
    self.method = method
    self.path = path
    self.headers = headers
    self.body = body
  }
}

/// An answer of the API, whole.
package struct APIReply: Sendable {
  package let status: Int
  package let headers: [(name: String, value: String)]
  package let body: [UInt8]

  package init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// All values of a header, in their order.
  package func values(_ name: String) -> [String] {
    headers.filter { $0.name.lowercased() == name }.map(\.value)
  }
}

/// What carries a request to the API and an answer back.
package protocol APITransport: Sendable {
  /// - Throws: `APIFault.unreachable` or `.unanswered`, never anything else.
  func send(_ request: APIRequest, within limit: Duration) async throws -> APIReply
}

/// Plain HTTP inside the environment's network, a connection for each request. (S17-VAR-70)
///
/// No connection is kept: one that the other side has just closed would make of every write a
/// question whether it was done, and each new one goes to the replica that the engine chooses.
package struct InsideTransport: APITransport {
  private let address: InsideAddress
  private let loops: any EventLoopGroup

  private static let connectTimeout = TimeAmount.seconds(2)
  /// The longest list of ours is far below.
  private static let largestAnswer = 4 * 1_024 * 1_024

  package init(_ address: InsideAddress, on loops: MultiThreadedEventLoopGroup) {
    self.address = address
    self.loops = loops
  }

  package func send(_ request: APIRequest, within limit: Duration) async throws -> APIReply {
    let end = ContinuousClock.now + limit
    let address = address
    let channel: Connection
    do {
      channel = try await connected()
    } catch {
      throw APIFault.unreachable
    }
    do {
      return try await Deadline.run(until: end, orThrow: APIFault.unanswered) {
        try await Self.exchange(request, on: channel, host: "\(address.host):\(address.port)")
      }
    } catch {
      throw APIFault.unanswered
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
    _ request: APIRequest, on channel: Connection, host: String
  ) async throws -> APIReply {
    var headers = HTTPHeaders([("Host", host), ("Connection", "close")])
    for (name, value) in request.headers { headers.add(name: name, value: value) }
    if !request.body.isEmpty {
      headers.add(name: "Content-Length", value: "\(request.body.count)")
    }
    let head = HTTPRequestHead(
      version: .http1_1, method: HTTPMethod(rawValue: request.method), uri: request.path,
      headers: headers)
    return try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(.head(head))
      if !request.body.isEmpty {
        try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: request.body))))
      }
      try await outbound.write(.end(nil))
      return try await answer(inbound)
    }
  }

  private static func answer(
    _ inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>
  ) async throws -> APIReply {
    var head: HTTPResponseHead?
    var body: [UInt8] = []
    for try await part in inbound {
      switch part {
      case .head(let found): head = found
      case .body(let bytes):
        guard body.count + bytes.readableBytes <= largestAnswer else {
          throw APIFault.unanswered
        }
        body += bytes.readableBytesView
      case .end:
        guard let head else { throw APIFault.unanswered }
        return APIReply(
          status: Int(head.status.code), headers: head.headers.map { ($0.name, $0.value) },
          body: body)
      }
    }
    throw APIFault.unanswered
  }
}
