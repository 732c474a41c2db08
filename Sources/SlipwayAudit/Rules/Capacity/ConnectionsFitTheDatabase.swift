/// All replicas with all their pools find room in the database. (C-27)
enum ConnectionsFitTheDatabase: AuditRule {
  static let id = "capacity/connections-fit-the-database"
  static let why = "the database refuses the connections above its bound, first during a deployment"
  static let fix = "lower the pool, the processes or the replicas, or raise 'max_connections'"
  static let source = ["C-27"]
  /// What PostgreSQL allows as it comes.
  private static let usual = 100
  static let wrong = [
    Fixture.files(
      [
        "compose.yml": """
        services:
          web:
            image: shop/web:1.2.3
            command: serve --workers 4
            environment: ["DATABASE_URL=${DATABASE_URL:?}"]
            deploy:
              replicas: 5
        """,
        ".env.example": "DATABASE_POOL_SIZE=20\nDATABASE_MAX_OVERFLOW=10\n",
      ], at: "compose.yml:5")
  ]
  static let right = [
    Fixture.files([
      "compose.yml": """
      services:
        web:
          image: shop/web:1.2.3
          command: serve --workers 1
          environment: ["DATABASE_URL=${DATABASE_URL:?}"]
          deploy: {replicas: 2}
      """,
      ".env.example": "DATABASE_POOL_SIZE=20\nDATABASE_MAX_OVERFLOW=10\n",
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.services.compactMap { service in
      guard
        let url = service.environment.first(where: {
          $0.name.contains("DATABASE") || $0.name.hasPrefix("DB_")
        })
      else { return nil }
      func number(_ endings: String...) -> Int? {
        let own = service.environment.map { ($0.name, $0.value ?? "") }
        let listed = deployment.dotenvs.flatMap(\.variables).map { ($0.name, $0.value) }
        return (own + listed).first { entry in endings.contains { entry.0.hasSuffix($0) } }
          .flatMap { Int($0.1) }
      }
      guard let pool = number("POOL_SIZE", "POOL_MAX", "MAX_POOL") else { return nil }
      let each = pool + (number("MAX_OVERFLOW") ?? 0)
      let workers = deployment.workers(service)?.count ?? 1
      let total = each * workers * service.replicas
      let bound = bound(deployment)
      guard total > bound else { return nil }
      return Flaw(
        "'\(service.name.value)' may open \(total) connections (\(service.replicas) replicas, "
          + "\(workers) processes, \(each) each) where the database allows \(bound)", at: url.spot)
    }
  }

  private static func bound(_ deployment: Deployment) -> Int {
    for service in deployment.services where service.product?.name == "postgres" {
      if let match = (service.command?.value ?? "").firstMatch(of: /max_connections[= ]([0-9]+)/) {
        return Int(match.1) ?? usual
      }
    }
    return usual
  }
}
