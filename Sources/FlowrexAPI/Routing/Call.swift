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
