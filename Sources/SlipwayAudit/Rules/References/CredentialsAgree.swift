/// Who connects uses the password that the store was made with. (S17-HS-03)
enum CredentialsAgree: AuditRule {
  static let id = "references/credentials-agree"
  static let why = "the store refuses the connection, and the service never becomes ready"
  static let fix = "use the same variable or secret on both ends"
  static let source = ["S17-HS-03", "C-49"]
  static let wrong = [
    Fixture.compose(
      """
      services:
        web:
          image: shop/web:1.2.3
          environment:
            - DATABASE_URL=postgresql://shop:hunter22@db:5432/shop
        db:
          image: postgres:16.4
          environment: ["POSTGRES_PASSWORD=${DB_PASSWORD:?}"]
      """, line: 5)
  ]
  static let right = [
    Fixture.compose(
      """
      services:
        web:
          image: shop/web:1.2.3
          environment: ["DATABASE_URL=postgresql://shop:${DB_PASSWORD}@db:5432/shop"]
        db:
          image: postgres:16.4
          environment: ["POSTGRES_PASSWORD=${DB_PASSWORD:?}"]
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.services.flatMap { service in
      service.environment.compactMap { entry -> Flaw? in
        guard
          let match = (entry.value ?? "").firstMatch(
            of: /^[a-z0-9+]+:\/\/([^:\/@]*):(.+)@([A-Za-z0-9_.-]+)(?::[0-9]+)?(?:\/|$)/),
          let store = deployment.service(String(match.3), near: service.file)
        else { return nil }
        let passwords = ["POSTGRES_PASSWORD", "MYSQL_PASSWORD", "MYSQL_ROOT_PASSWORD"]
        let set = store.environment.filter { passwords.contains($0.name) }
        guard let first = set.first?.value, !set.isEmpty else { return nil }
        let used = String(match.2)
        let agrees = set.contains { same($0.value ?? "", used) }
        return agrees
          ? nil
          : Flaw(
            "'\(entry.name)' and '\(store.name.value)' have different passwords: the store is made "
              + "with '\(first)'", at: entry.spot)
      }
    }
  }

  /// Equal texts, or the same variable however it is guarded.
  private static func same(_ left: String, _ right: String) -> Bool {
    if left == right { return true }
    let (first, second) = (Interpolation.all(in: left), Interpolation.all(in: right))
    return !first.isEmpty && first.map(\.name) == second.map(\.name)
  }
}
