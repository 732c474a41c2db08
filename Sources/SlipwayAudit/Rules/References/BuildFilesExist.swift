/// A build, and a call on another machine, name a file that there is. (S17-CI)
enum BuildFilesExist: AuditRule {
  static let id = "references/build-files-exist"
  static let why = "the run stops at the missing file, after everything was tested"
  static let fix = "correct the path; it counts from the root of the repository"
  static let source = ["S17-CI", "C-33", "C-42"]
  static let wrong = [
    Fixture.files(
      [
        "docker/web.Dockerfile": "FROM node:22.1.0\nUSER node\n",
        ".github/workflows/deploy.yml": """
        on: push
        jobs:
          build:
            runs-on: x
            steps:
              - uses: docker/build-push-action@v6
                with: {push: true, file: docker/page.Dockerfile}
        """,
      ], at: ".github/workflows/deploy.yml:7"),
    Fixture.files(
      [
        "scripts/deploy.sh": "#!/bin/sh\nset -eu\necho deployed\n",
        ".github/workflows/deploy.yml": """
        on: push
        jobs:
          deploy:
            runs-on: x
            steps:
              - run: ssh manager scripts/deployment.sh release.json
        """,
      ], at: ".github/workflows/deploy.yml:6"),
  ]
  static let right = [
    Fixture.files([
      "docker/web.Dockerfile": "FROM node:22.1.0\nUSER node\n",
      "scripts/deploy.sh": "#!/bin/sh\nset -eu\necho deployed\n",
      ".github/workflows/deploy.yml": """
      on: push
      jobs:
        build:
          runs-on: x
          steps:
            - uses: docker/build-push-action@v6
              with: {push: true, file: ./docker/web.Dockerfile}
            - run: ssh manager scripts/deploy.sh release.json
            - run: ssh manager /opt/other/deploy.sh
      """,
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.workflows.flatMap(\.jobs).flatMap(\.steps).flatMap { step -> [Flaw] in
      var named: [(path: String, spot: Spot)] = []
      if step.uses?.value.hasPrefix("docker/build-push-action@") == true,
        let file = step.input("file")
      {
        named.append((file.value, file.spot))
      }
      for command in step.run?.commands ?? [] where command.name == "ssh" {
        named += command.arguments.filter { $0.contains("/") && !$0.hasPrefix("-") }
          .map { ($0, command.spot) }
      }
      return named.compactMap { path, spot in
        let plain = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
        guard !plain.hasPrefix("/"), !plain.contains(where: { "$@:~ ".contains($0) }),
          let first = plain.split(separator: "/").first,
          deployment.paths.contains(where: { $0.hasPrefix(first + "/") }),
          !deployment.paths.contains(plain)
        else { return nil }
        return Flaw("'\(plain)' is named, and does not exist", at: spot)
      }
    }
  }
}
