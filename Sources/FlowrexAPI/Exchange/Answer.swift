import Foundation
package import HTTPTypes
package import Hummingbird
import NIOCore

/// What a handler answers: whole, for none of our answers is a stream.
package struct Answer: Sendable {
  package var status: HTTPResponse.Status
  package var headers: HTTPFields
  package let body: [UInt8]
  package let type: String?

  package init(
    status: HTTPResponse.Status, headers: HTTPFields = [:], body: [UInt8] = [],
    type: String? = nil
  ) {
    self.status = status
    self.headers = headers
    self.body = body
    self.type = type
  }

  /// JSON with its fields in order, so that the same answer is the same bytes.
  package static func json(
    _ value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
  ) throws -> Answer {
    Answer(
      status: status, headers: headers, body: Array(try encoder.encode(value)),
      type: "application/json")
  }

  static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }

  package var response: Response {
    var headers = headers
    if let type { headers[.contentType] = type }
    guard !body.isEmpty else { return Response(status: status, headers: headers) }
    return Response(
      status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
  }
}
