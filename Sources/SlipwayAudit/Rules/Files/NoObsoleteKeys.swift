/// A Compose file says nothing that Compose has ceased to read.
enum NoObsoleteKeys: AuditRule {
  static let id = "files/no-obsolete-keys"
  static let why = "every command warns about it, and warnings that come always are not read"
  static let fix = "delete 'version'"
  static let source = ["S18-DC"]
  static let wrong = [
    Fixture.compose("version: '3.9'\nservices: {web: {image: 'a/b:1.2.3'}}\n", line: 1)
  ]
  static let right = [Fixture.compose("services: {web: {image: 'a/b:1.2.3'}}\n")]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.composes.compactMap(\.version).map {
      .warning("'version' has no meaning any more", at: $0.spot)
    }
  }
}
