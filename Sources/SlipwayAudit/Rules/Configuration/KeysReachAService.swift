/// Every key that the example lists is given to a service. (S17-VAR)
enum KeysReachAService: AuditRule {
  static let id = "configuration/keys-reach-a-service"
  static let why = "what is not passed on stays at the program's default, whatever the file says"
  static let fix = "pass the key in 'environment', or hand the whole file over with 'env_file'"
  static let source = ["S17-VAR", "S17-HS-03"]
  static let wrong = [
    Fixture.files(
      [
        ".env.example": "APP_MODE=paper\nAPP_NAME=shop\nMAIL_PASSWORD=\n",
        "compose.yml": """
        services:
          web:
            image: shop/web:1.2.3
            environment:
              - APP_MODE=live
              - APP_NAME=shop
        """,
      ], at: "compose.yml:4")
  ]
  static let right = [
    Fixture.files([
      ".env.example": "APP_MODE=paper\nAPP_NAME=shop\nMAIL_PASSWORD=\n",
      "compose.yml": """
      services:
        web:
          image: shop/web:1.2.3
          env_file: .env
          environment: [APP_MODE=live, APP_NAME=shop]
      """,
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    // `.env.other.example` may be of another way to start the program.
    deployment.dotenvs.filter {
      $0.isExample && Paths.name($0.path).count { $0 == "." } <= 2
    }.flatMap { file -> [Flaw] in
      let near = deployment.composes(near: file.path)
      let services = near.flatMap(\.services)
      let keys = Set(file.variables.map(\.name))
      var reached = Set(services.flatMap { $0.environment.map(\.name) })
      reached.formUnion(near.flatMap(\.interpolations).map(\.variable.name))
      let taker = services.filter { $0.envFiles.isEmpty && $0.keys["environment"] != nil }
        .max { shared($0, keys) < shared($1, keys) }
      guard services.allSatisfy({ $0.envFiles.isEmpty }), let taker, shared(taker, keys) > 1,
        let spot = taker.keys["environment"]
      else { return [] }
      // A key of a script is not for the services.
      let missing = file.variables.filter { variable in
        !reached.contains(variable.name)
          && !deployment.scripts.contains { $0.text.contains(variable.name) }
      }
      func flaw(_ what: String, shown: Int = 12, _ which: (DotenvFile.Variable) -> Bool) -> Flaw? {
        let names = missing.filter(which).map(\.name)
        guard !names.isEmpty else { return nil }
        let some = names.prefix(shown).joined(separator: "', '")
        let more = names.count > shown ? " and \(names.count - shown) more" : ""
        return Flaw(
          "\(what) '\(some)'\(more) of \(file.path) "
            + "reach\(names.count == 1 ? "es" : "") no service",
          at: spot)
      }
      return [
        flaw("keys that everybody must fill in,") { $0.value.isEmpty },
        flaw("keys whose example is this machine,") { $0.value.contains("localhost") },
        flaw("keys", shown: 4) { !$0.value.isEmpty && !$0.value.contains("localhost") },
      ].compactMap { $0 }
    }
  }

  private static func shared(_ service: Service, _ keys: Set<String>) -> Int {
    service.environment.count { keys.contains($0.name) }
  }
}
