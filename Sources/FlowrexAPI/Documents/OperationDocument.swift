package import HTTPTypes

/// What the published document says of one operation, beside what its route says.
package struct OperationDocument: Sendable {
  let status: HTTPResponse.Status
  let body: BodySchema?
  let answer: BodySchema?
  /// What may stand behind the `?`.
  let query: [QueryParameter]
  /// Failures of this operation alone.
  let others: [ProblemCode]

  /// - Parameters:
  ///   - status: Of success.
  ///   - body: What the request must hold.
  ///   - answer: What success holds.
  ///   - query: What may stand behind the `?`.
  package init(
    status: HTTPResponse.Status = .ok, body: BodySchema? = nil, answer: BodySchema? = nil,
    query: [QueryParameter] = [], others: [ProblemCode] = []
  ) {
    self.status = status
    self.body = body
    self.answer = answer
    self.query = query
    self.others = others
  }
}

/// A parameter of the query; none is ever required.
package struct QueryParameter: Sendable {
  let name: String
  let schema: JSONTree

  init(_ name: String, _ schema: JSONTree) {
    self.name = name
    self.schema = schema
  }
}

/// A named schema of the published document.
package struct BodySchema: Sendable {
  let name: String
  let tree: JSONTree

  init(_ name: String, _ tree: JSONTree) {
    self.name = name
    self.tree = tree
  }

  /// - Parameters:
  ///   - optional: fields that are not always there.
  ///   - isClosed: whether a field more is refused. So it is in what clients write; there `null`
  ///     is as good as leaving a field out.
  static func object(
    _ name: String, _ properties: [String: JSONTree], optional: [String: JSONTree] = [:],
    isClosed: Bool = false
  ) -> BodySchema {
    let optional = optional.mapValues { schema -> JSONTree in
      isClosed ? ["anyOf": [schema, ["type": "null"]]] : schema
    }
    return BodySchema(
      name,
      [
        "type": "object",
        "properties": .object(properties.merging(optional) { always, _ in always }),
        "required": .list(properties.keys.sorted().map(JSONTree.text)),
        "additionalProperties": .flag(!isClosed),
      ])
  }

  private static func items(_ name: String, _ properties: [String: JSONTree]) -> BodySchema {
    object(name, ["items": ["type": "array", "items": object("", properties).tree]])
  }

  static let text: JSONTree = ["type": "string"]
  static let moment: JSONTree = ["type": "string", "format": "date-time"]

  package static let healthSummary = object(
    "Health",
    ["status": text, "service": text, "version": text, "build": text, "timestamp": moment])
  package static let healthLive = object(
    "Liveness", ["status": text, "was_ready": ["type": "boolean"], "timestamp": moment])
  package static let healthReady = object(
    "Readiness",
    [
      "status": ["type": "string", "enum": ["ready", "not_ready"]],
      "checks": ["type": "object", "additionalProperties": text], "timestamp": moment,
    ])
  package static let signIn = object(
    "SignIn",
    ["email": text, "password": ["type": "string", "writeOnly": true]], isClosed: true)
  package static let tokens = object(
    "Tokens",
    [
      "access_token": text, "token_type": ["type": "string", "const": "Bearer"],
      "expires_in": ["type": "integer", "minimum": 1],
    ])
  package static let person = object("Person", ["id": text, "email": text, "role": text])
  package static let instruments = items(
    "Instruments",
    [
      "symbol": text, "base": text, "quote": text, "tick": text,
      "contract_size": ["type": "integer", "minimum": 1], "lot_step": text, "smallest": text,
      "largest": text, "margin": text,
    ])
  package static let caps = items(
    "Caps", ["name": text, "cap": text, "effective": text, "help": text])
  package static let document = BodySchema("Document", ["type": "object"])
  static let problem = BodySchema(
    "Problem",
    [
      "type": "object",
      "properties": [
        "type": ["type": "string", "format": "uri"], "title": text,
        "status": ["type": "integer"],
        "code": [
          "type": "string", "enum": .list(ProblemCode.allCases.map { .text($0.rawValue) }),
        ],
        "field": text, "instance": text, "detail": text,
      ],
      "required": ["type", "title", "status", "code", "instance"],
    ])
}
