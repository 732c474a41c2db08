package import HTTPTypes

extension HTTPField.Name {
  /// A name that is written here and known to be one.
  package static func named(_ text: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(text) else { preconditionFailure("'\(text)' is no name") }
    return name
  }

  package static let requestID = named("X-Request-ID")
  package static let forwardedFor = named("X-Forwarded-For")
  package static let requestedWith = named("X-Requested-With")
}
