package import FlowrexAuth
import Foundation
package import HTTPTypes
package import ServiceContract

/// A request as a handler sees it: who, what, from where; nothing of the server.
package struct Call: Sendable {
  package let route: Route
  /// Who signed in; there on every route that is not anonymous.
  package let person: AccessToken?
  /// The values of the template's `{…}`.
  package let parameters: [String: String]
  package let query: [(name: String, value: String)]
  package let headers: HTTPFields
  package let body: [UInt8]
  /// Where the request came from.
  package let address: String
  package let requestID: String

  package init(
    route: Route, person: AccessToken?, parameters: [String: String],
    query: [(name: String, value: String)], headers: HTTPFields, body: [UInt8], address: String,
    requestID: String
  ) {
    self.route = route
    self.person = person
    self.parameters = parameters
    self.query = query
    self.headers = headers
    self.body = body
    self.address = address
    self.requestID = requestID
  }

  /// The request as it is written down.
  package var occasion: Occasion {
    Occasion(
      requestID: requestID, address: address, method: route.method.rawValue, path: path,
      userAgent: headers[.userAgent].map { Self.plain($0, most: 200) })
  }

  /// The target of the request without its query. What came in place of the template's names is
  /// cut and cleaned: it may be anything.
  private var path: String {
    let parts = route.path.split(separator: "/").map { part -> String in
      guard part.hasPrefix("{"), part.hasSuffix("}") else { return String(part) }
      return Self.plain(parameters[String(part.dropFirst().dropLast())] ?? "", most: 64)
    }
    return "/" + parts.joined(separator: "/")
  }

  /// Printable ASCII; all else is a question mark.
  private static func plain(_ text: String, most: Int) -> String {
    String(
      decoding: text.utf8.prefix(most).map { (0x20...0x7E).contains($0) ? $0 : 0x3F },
      as: UTF8.self)
  }

  /// The signed-in person of a route that asks for one.
  package func caller() throws -> AccessToken {
    guard let person else { throw Problem(.unauthenticated) }
    return person
  }

  /// The body as a value with exactly its fields: one that is not known is refused, so that
  /// nobody sets what is not offered.
  package func decoded<Body: StrictBody>(_ type: Body.Type) throws -> Body {
    let decoder = JSONDecoder()
    let data = Data(body)
    guard let names = try? decoder.decode(FieldNames.self, from: data).names else {
      throw Problem(.malformedBody)
    }
    if let name = names.sorted().first(where: { !Body.fields.contains($0) }) {
      throw Problem(.unknownField, field: String(name.prefix(64)))
    }
    do {
      return try decoder.decode(Body.self, from: data)
    } catch let error as DecodingError {
      throw Problem(.invalidField, field: error.field)
    }
  }
}

/// A body that says all the fields it has.
package protocol StrictBody: Decodable, Sendable {
  static var fields: Set<String> { get }
}

/// The names of an object's fields.
private struct FieldNames: Decodable {
  let names: Set<String>

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    names = Set(try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue))
  }
}

extension DecodingError {
  /// The name of the field that is wrong or missing.
  fileprivate var field: String? {
    switch self {
    case .keyNotFound(let key, _): key.stringValue
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      context.codingPath.last?.stringValue
    @unknown default: nil
    }
  }
}
