import SlipwayDocuments

/// What people who were asked say about vulnerabilities that a scanner finds: OpenVEX 0.2.0.
///
/// Source: "OpenVEX Specification v0.2.0", github.com/openvex/spec.
package struct VEXDocument: Sendable, Hashable {
  package enum Status: String, Sendable, Hashable {
    case notAffected = "not_affected"
    case affected, fixed
    case underInvestigation = "under_investigation"
  }

  package struct Statement: Sendable, Hashable {
    /// The name, and what else it is called.
    package let vulnerabilities: [String]
    /// Package URLs: `pkg:oci/backend`, `pkg:oci/backend@sha256:…`, `pkg:generic/shop`.
    package let products: [String]
    package let status: Status
    package let justification: String?
    package let made: PointInTime
    package init(
      vulnerabilities: [String], products: [String], status: Status, justification: String?,
      made: PointInTime
    ) {
      self.vulnerabilities = vulnerabilities
      self.products = products
      self.status = status
      self.justification = justification
      self.made = made
    }
  }
  package let author: String
  package let statements: [Statement]
  package init(author: String, statements: [Statement]) {
    self.author = author
    self.statements = statements
  }

  private static let justifications: Set<String> = [
    "component_not_present", "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path", "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
  ]

  package static func read(_ bytes: [UInt8]) throws(ReadingFailure) -> VEXDocument {
    let root = try JSONFields(bytes)
    guard try root.text("@context").hasPrefix("https://openvex.dev/ns") else {
      throw ReadingFailure("it is no OpenVEX document")
    }
    let made = try root.moment("timestamp")
    return VEXDocument(
      author: try root.text("author"),
      statements: try root.objects("statements").map { statement throws(ReadingFailure) in
        try Self.statement(statement, made: made)
      })
  }

  private static func statement(
    _ fields: JSONFields, made: PointInTime
  ) throws(ReadingFailure) -> Statement {
    let vulnerability = try fields.object("vulnerability")
    var names = [try vulnerability.text("name")]
    if vulnerability.has("aliases") { names += try vulnerability.texts("aliases") }
    let products = try fields.objects("products").map { product throws(ReadingFailure) in
      try product.text("@id")
    }
    guard !products.isEmpty else { throw ReadingFailure("a statement is about no product") }
    let word = try fields.text("status")
    guard let status = Status(rawValue: word) else {
      throw ReadingFailure("the status '\(word.prefix(40))' is none")
    }
    let justification = try fields.optionalText("justification")
    if status == .notAffected {
      guard let justification, justifications.contains(justification) else {
        throw ReadingFailure("'\(names[0])' is not_affected without a justification")
      }
    }
    return Statement(
      vulnerabilities: names, products: products, status: status, justification: justification,
      made: fields.has("timestamp") ? try fields.moment("timestamp") : made)
  }
}
