package import FlowrexConfiguration
import FlowrexServing
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
package struct InsideTransport: APITransport {
  private let line: InsideCall

  /// The longest list of ours is far below.
  private static let largestAnswer = 4 * 1_024 * 1_024

  package init(_ address: InsideAddress, on loops: MultiThreadedEventLoopGroup) {
    line = InsideCall(to: address, on: loops, largestAnswer: Self.largestAnswer)
  }

  package func send(_ request: APIRequest, within limit: Duration) async throws -> APIReply {
    do throws(InsideFault) {
      let reply = try await line.send(
        request.method, request.path, request.headers, request.body, within: limit)
      return APIReply(status: reply.status, headers: reply.headers, body: reply.body)
    } catch {
      switch error {
      case .unreachable: throw APIFault.unreachable
      case .unanswered: throw APIFault.unanswered
      }
    }
  }
}
