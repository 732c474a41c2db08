/// No file holds a password. (S18-HS-07)
enum NoCredentialsInText: AuditRule {
  static let id = "secrets/no-credentials-in-text"
  static let why = "what stands in a file stands in its history and in every copy of it for ever"
  static let fix = "take it from a secret store, and change the password that stood here"
  static let source = ["S18-HS-07", "C-16"]
  static let wrong = [
    Fixture.compose(
      """
      services:
        web:
          image: shop/web:1.2.3
          environment:
            - DATABASE_URL=postgresql://shop:hunter22@db:5432/shop
      """, line: 5),
    Fixture.script(
      "#!/bin/sh\nset -eu\nDATABASE_URL=postgresql://shop:hunter22@db:5432/shop\n", line: 3),
    Fixture.compose(
      """
      services:
        web:
          image: shop/web:1.2.3
          environment: {SIGNING_SECRET: kX93hdPq71}
      """, line: 4),
  ]
  static let right = [
    Fixture.compose(
      """
      services:
        web:
          image: shop/web:1.2.3
          environment: ["DATABASE_URL=postgresql://shop:${PASSWORD:?}@db:5432/shop"]
      """),
    Fixture.script("#!/bin/sh\nset -eu\nDATABASE_URL=\"postgresql://shop:${PASSWORD}@db/shop\"\n"),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let given = deployment.deployedServices.flatMap { service in
      service.environment.map { ($0.name, $0.value ?? "", $0.spot) }
    }
    let written = deployment.scripts.flatMap { script in
      script.commands.flatMap(\.assignments).map { ($0.name, $0.value, $0.spot) }
    }
    return given.compactMap { name, value, spot in
      if holdsPassword(value) { return flaw(name, spot) }
      let isPlain =
        !value.isEmpty && !value.contains("$") && !value.contains("/")
        && value.count > 3 && !["true", "false", "none"].contains(value.lowercased())
      return SecretName.holds(name) && isPlain ? flaw(name, spot) : nil
    } + written.compactMap { name, value, spot in holdsPassword(value) ? flaw(name, spot) : nil }
  }

  private static func flaw(_ name: String, _ spot: Spot) -> Flaw {
    Flaw("'\(name)' holds a password in clear", at: spot)
  }

  /// `scheme://user:password@host` with a password that is no variable.
  static func holdsPassword(_ value: String) -> Bool {
    guard let match = value.firstMatch(of: /:\/\/[^:\/@\s]*:([^@\s\/]+)@/) else { return false }
    return !match.1.contains("$") && !match.1.contains("<") && !match.1.contains("{")
  }
}
