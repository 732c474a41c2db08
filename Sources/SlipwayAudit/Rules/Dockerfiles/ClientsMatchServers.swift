/// The client of a database is as new as its server. (C-04)
enum ClientsMatchServers: AuditRule {
  static let id = "dockerfiles/clients-match-servers"
  static let why = "'pg_dump' refuses a server that is newer: no backup is taken"
  static let fix = "install the client of the server's version: postgresql-client-16"
  static let source = ["C-04", "S18-BKP"]
  static let wrong = [
    Fixture.files(
      [
        "compose.yml":
          """
        services: {db: {image: 'postgres:16.4', volumes: ['d:/var/lib/postgresql/data']}}
        volumes: {d: {}}
        """,
        "Dockerfile":
          "FROM python:3.13.1-slim\nRUN apt-get install -y postgresql-client\nUSER 1000\n",
      ], at: "Dockerfile:2")
  ]
  static let right = [
    Fixture.files([
      "compose.yml":
        """
      services: {db: {image: 'postgres:16.4', volumes: ['d:/var/lib/postgresql/data']}}
      volumes: {d: {}}
      """,
      "Dockerfile":
        "FROM python:3.13.1-slim\nRUN apt-get install -y postgresql-client-16\nUSER 1000\n",
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let servers =
      deployment.services.compactMap(\.imageName)
      + deployment.workflows.flatMap(\.jobs).flatMap(\.services).map { ImageName($0.image.value) }
    guard let server = servers.first(where: { $0.base == "postgres" }), let tag = server.tag else {
      return []
    }
    let major = tag.prefix(while: \.isNumber)
    guard !major.isEmpty else { return [] }
    return deployment.dockerfiles.flatMap { file in
      file.finalSteps.filter { step in
        step.keyword == "RUN"
          && (step.script?.commands ?? []).contains { command in
            command.arguments.contains("postgresql-client")
          }
      }.map {
        Flaw(
          "the base image decides which client is installed; the server is PostgreSQL \(major)",
          at: $0.spot)
      }
    }
  }
}
