import Crypto
import FlowrexContract
import Foundation
package import HTTPTypes

/// A request to turn a connection into a WebSocket. (RFC 6455 §4.2.1)
package struct SocketHandshake: Sendable {
  private let accept: String
  private let isProtocolNamed: Bool

  /// - Returns: `nil` when no upgrade to a WebSocket is asked for.
  package init?(_ request: HTTPRequest) throws(Problem) {
    let headers = request.headerFields
    guard Self.words(headers, .upgrade).contains(where: { $0.lowercased() == "websocket" }),
      Self.words(headers, .connection).contains(where: { $0.lowercased() == "upgrade" })
    else { return nil }
    guard headers[values: .secWebSocketVersion] == ["13"] else { throw Self.required }
    let keys = headers[values: .secWebSocketKey]
    // The connection belongs to the stream from now on: nothing of a body may be left in it.
    guard keys.count == 1, Data(base64Encoded: keys[0])?.count == 16,
      headers[.transferEncoding] == nil, (headers[.contentLength] ?? "0") == "0"
    else { throw Problem(.malformedRequest, headers: [.connection: "close"]) }
    let protocols = Self.words(headers, .secWebSocketProtocol)
    isProtocolNamed = !protocols.isEmpty
    guard !isProtocolNamed || protocols.contains(StreamProtocol.version) else {
      throw Problem(.malformedRequest, headers: [.connection: "close"])
    }
    let digest = Insecure.SHA1.hash(
      data: Data((keys[0] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
    accept = Data(digest).base64EncodedString()
  }

  /// Answers that an upgrade is needed, and which.
  package static let required = Problem(
    .upgradeRequired,
    headers: [.upgrade: "websocket", .connection: "Upgrade, close", .secWebSocketVersion: "13"])

  /// What the switch of protocols says. No extension is taken: none can be attacked.
  package var headers: HTTPFields {
    var headers: HTTPFields = [
      .upgrade: "websocket", .connection: "Upgrade", .secWebSocketAccept: accept,
    ]
    if isProtocolNamed { headers[.secWebSocketProtocol] = StreamProtocol.version }
    return headers
  }

  /// The token of the request as `Authorization` would have it: from there, or from a protocol's
  /// name, and not from both.
  package static func authorization(_ headers: HTTPFields) throws(Problem) -> String? {
    let stated = headers[values: .authorization]
    let prefix = StreamProtocol.tokenPrefix
    let named = words(headers, .secWebSocketProtocol).filter { $0.hasPrefix(prefix) }
    guard stated.count + named.count < 2 else { throw Problem(.malformedRequest) }
    return stated.first ?? named.first.map { "Bearer " + $0.dropFirst(prefix.count) }
  }

  private static func words(_ headers: HTTPFields, _ name: HTTPField.Name) -> [String] {
    headers[values: name].flatMap { $0.split(separator: ",") }
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
