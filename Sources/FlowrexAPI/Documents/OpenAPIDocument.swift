import FlowrexContract
import HTTPTypes
import ServiceContract

/// The OpenAPI 3.1 document of what this process serves: made from the contract's routes, so that
/// a path, a method, a limit cannot be said twice. (S04-DOC-05)
package struct OpenAPIDocument: Sendable {
  private let handlers: [RouteHandler]
  private let title: String
  private let version: String
  private let url: String

  package init(_ handlers: [RouteHandler], title: String, version: String, url: String) {
    self.handlers = handlers
    self.title = title
    self.version = version
    self.url = url
  }

  package var tree: JSONTree {
    var paths: [String: [String: JSONTree]] = [:]
    var schemas: [String: JSONTree] = [BodySchema.problem.name: BodySchema.problem.tree]
    for handler in handlers where handler.route.method != .webSocket {
      paths[handler.route.path, default: [:]][handler.route.method.rawValue.lowercased()] =
        operation(handler)
      for schema in [handler.document.body, handler.document.answer].compactMap({ $0 }) {
        schemas[schema.name] = schema.tree
      }
    }
    return [
      "openapi": "3.1.0",
      "info": ["title": .text(title), "version": .text(version)],
      "servers": [["url": .text(url)]],
      "paths": .object(paths.mapValues { .object($0) }),
      "components": [
        "schemas": .object(schemas),
        "securitySchemes": [
          "bearer": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"]
        ],
      ],
    ]
  }

  private func operation(_ handler: RouteHandler) -> JSONTree {
    let route = handler.route
    var operation: [String: JSONTree] = [
      "operationId": .text(Self.name(route)), "summary": .text(route.summary),
      "responses": responses(handler),
      "x-timeout-seconds": .text(route.within.text),
    ]
    let names = route.path.split(separator: "/").filter { $0.hasPrefix("{") }
    let parameters =
      names.map { name -> JSONTree in
        [
          "name": .text(String(name.dropFirst().dropLast())), "in": "path", "required": true,
          "schema": ["type": "string"],
        ]
      }
      + handler.document.query.map { parameter -> JSONTree in
        [
          "name": .text(parameter.name), "in": "query", "required": false,
          "schema": parameter.schema,
        ]
      }
    if !parameters.isEmpty { operation["parameters"] = .list(parameters) }
    if let limit = route.limit { operation["x-rate-limit-class"] = .text(limit.name) }
    if route.auth != .anonymous { operation["security"] = [["bearer": []]] }
    if let body = handler.document.body {
      operation["requestBody"] = ["required": true, "content": Self.content(body)]
    }
    return .object(operation)
  }

  private func responses(_ handler: RouteHandler) -> JSONTree {
    let document = handler.document
    var success: [String: JSONTree] = ["description": .text(handler.route.summary)]
    if let answer = document.answer { success["content"] = Self.content(answer) }
    var responses: [String: JSONTree] = ["\(document.status.code)": .object(success)]
    for (status, codes) in Dictionary(grouping: Self.failures(handler), by: \.status.code) {
      // Readiness answers in its own form whether it is ready or not.
      let own = codes.contains(.notReady) ? document.answer : nil
      let isNamed = Set(codes)
      let all = ProblemCode.allCases.filter(isNamed.contains)
      responses["\(status)"] = [
        "description": .text(all.map(\.title).joined(separator: " ")),
        "content": own.map(Self.content) ?? Self.problem,
        "x-problem-codes": .list(all.map { .text($0.rawValue) }),
      ]
    }
    return .object(responses)
  }

  /// What can go wrong follows from the route; an operation adds its own.
  private static func failures(_ handler: RouteHandler) -> [ProblemCode] {
    let route = handler.route
    var codes: [ProblemCode] = [.malformedRequest, .internalFault]
    if !handler.document.others.contains(.notReady) { codes.append(.timedOut) }
    if route.isWrite { codes.append(.outcomeUnknown) }
    if route.limit != nil { codes.append(.rateLimited) }
    if route.auth != .anonymous { codes.append(.unauthenticated) }
    if route.auth == .admin { codes.append(.forbidden) }
    if [.post, .put, .patch].contains(route.method) {
      codes += [.bodyTooLarge, .unsupportedMediaType, .invalidField, .forbidden]
    }
    return codes + handler.document.others
  }

  private static let problem: JSONTree = [
    "application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]
  ]

  private static func content(_ schema: BodySchema) -> JSONTree {
    [
      "application/json": [
        "schema": ["$ref": .text("#/components/schemas/\(schema.name)")]
      ]
    ]
  }

  /// `get_api_v1_orders_id`.
  private static func name(_ route: Route) -> String {
    let words = route.path.split(separator: "/").map { part in
      String(part.filter { $0.isLetter || $0.isNumber || $0 == "_" })
    }
    return ([route.method.rawValue.lowercased()] + words).joined(separator: "_")
  }
}
