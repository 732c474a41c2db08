package import HTTPTypes
import Hummingbird
import NIOCore
package import ServiceContract

/// A request as a page sees it.
package struct PageCall: Sendable {
  package let route: Route
  /// The values of the template's `{…}`.
  package let parameters: [String: String]
  package let query: [(name: String, value: String)]
  package let form: FormFields
  /// The signed-in person's API; there on every route that is not anonymous.
  package let person: PersonAPI?
  package let origin: APIClient.Origin

  /// The signed-in person's API.
  package func api() throws -> PersonAPI {
    guard let person else { throw PageFault.signedOut }
    return person
  }

  /// The one value of a name in the address.
  package func asked(_ name: String) -> String? {
    let values = query.filter { $0.name == name }
    return values.count == 1 ? values[0].value : nil
  }

  /// The id in the path.
  package var id: String { parameters["id"] ?? "" }
}

/// What a page answers.
package struct PageAnswer: Sendable {
  package var status: HTTPResponse.Status
  package var headers: HTTPFields
  package let body: [UInt8]

  package init(status: HTTPResponse.Status, headers: HTTPFields = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  package static func page(_ root: Node, status: HTTPResponse.Status = .ok) -> PageAnswer {
    PageAnswer(
      status: status, headers: [.contentType: "text/html; charset=utf-8"],
      body: Array(HTMLPrinter.page(root).utf8))
  }

  /// To a page of ours, with GET, whatever the method was.
  package static func see(_ link: Link) -> PageAnswer {
    PageAnswer(status: .seeOther, headers: [.location: link.text])
  }

  var response: Response {
    guard !body.isEmpty else { return Response(status: status, headers: headers) }
    return Response(
      status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
  }
}

/// Why a page is not what was asked for.
package enum PageFault: Error, Sendable {
  /// Nobody is signed in, or not any more.
  case signedOut
  /// The form does not come from a page of this session. (C-61)
  case foreignForm
  case unreadableForm
  case formTooLarge
  case unknownHost
  case notFound
  /// The methods that the path has.
  case methodNotAllowed([String])
  case forbidden
  /// The page was not ready in time.
  case late
  /// A write was not answered in time: it may be done.
  case unknownOutcome
  case failed
}
