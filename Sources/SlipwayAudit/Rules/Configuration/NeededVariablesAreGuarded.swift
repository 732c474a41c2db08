/// A variable that decides an image or a secret is demanded, not hoped for. (S17-HS-03)
enum NeededVariablesAreGuarded: AuditRule {
  static let id = "configuration/needed-variables-are-guarded"
  static let why = "Compose puts an empty text in place of an unset variable and goes on"
  static let fix = "write '${NAME:?message}', so that Compose refuses to start without it"
  static let source = ["S17-HS-03"]
  static let wrong = [
    Fixture.compose("services:\n  web:\n    image: ${REGISTRY}/web:1.2.3\n", line: 3),
    Fixture.compose(
      """
      services:
        web:
          image: shop/web:1.2.3
          environment:
            - SIGNING_SECRET=${SIGNING_SECRET}
      """, line: 5),
  ]
  static let right = [
    Fixture.compose("services: {web: {image: '${REGISTRY:?which}/web:1.2.3'}}"),
    Fixture.compose(
      "services: {web: {image: 'a/b:1.2.3', environment: {GREETING: '${GREETING}'}}}"),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.composes.flatMap(\.interpolations).compactMap { use in
      let name = use.variable.name
      guard !use.variable.isGuarded, !deployment.isSet(name, beside: use.spot.path) else {
        return nil
      }
      if use.keys.last == "image" {
        return Flaw("without '\(name)' the image is '\(emptied(use))'", at: use.spot)
      }
      guard use.keys.contains("environment"), isSecret(use) else { return nil }
      return Flaw("without '\(name)' the secret is empty and the service starts", at: use.spot)
    }
  }

  private static func isSecret(_ use: ComposeFile.Interpolated) -> Bool {
    let key = use.keys.last == "environment" ? use.text.cut(at: "=").before : use.keys.last ?? ""
    return SecretName.holds(use.variable.name) || SecretName.holds(key)
  }

  private static func emptied(_ use: ComposeFile.Interpolated) -> String {
    use.text.replacing("${\(use.variable.name)}", with: "")
      .replacing("$\(use.variable.name)", with: "")
  }
}
