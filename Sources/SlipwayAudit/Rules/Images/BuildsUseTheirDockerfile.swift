/// An image is built of the Dockerfile that has its name, where there is one. (S17-CI, C-42)
enum BuildsUseTheirDockerfile: AuditRule {
  static let id = "images/builds-use-their-dockerfile"
  static let why = "the image starts another program under this one's name"
  static let fix = "name the Dockerfile of the image in 'file'"
  static let source = ["S17-CI", "C-42"]

  private static func files(_ name: String) -> KeyValuePairs<String, String> {
    [
      "docker/shop-web.Dockerfile": "FROM node:22.1.0\nUSER node\n",
      "docker/shop-page.Dockerfile": "FROM node:22.1.0\nUSER node\n",
      ".github/workflows/deploy.yml": """
      on: push
      jobs:
        build:
          runs-on: x
          steps:
            - uses: docker/build-push-action@v6
              with:
                push: true
                file: docker/\(name).Dockerfile
                tags: registry.example/shop-page:${{ github.sha }}
      """,
    ]
  }
  static let wrong = [
    Fixture.files(files("shop-web"), at: ".github/workflows/deploy.yml:9")
  ]
  static let right = [
    Fixture.files(files("shop-page")),
    // One Dockerfile for all: none has the image's name.
    Fixture.files([
      "docker/base.Dockerfile": "FROM node:22.1.0\nUSER node\n",
      ".github/workflows/deploy.yml": """
      on: push
      jobs:
        build:
          runs-on: x
          steps:
            - uses: docker/build-push-action@v6
              with: {push: true, file: docker/base.Dockerfile, tags: 'registry.example/shop-page:1'}
      """,
    ]),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.workflows.flatMap(\.jobs).flatMap(\.steps).compactMap { step -> Flaw? in
      guard step.uses?.value.hasPrefix("docker/build-push-action@") == true,
        let file = step.input("file"), let tags = step.input("tags")?.value
      else { return nil }
      let path = file.value.hasPrefix("./") ? String(file.value.dropFirst(2)) : file.value
      let images = tags.split { $0.isWhitespace || $0 == "," }.map {
        $0.split(separator: "/").last?.prefix { $0 != ":" && $0 != "@" } ?? ""
      }
      let folder = path.dropLast(Paths.name(path).count)
      let own = images.map { "\(folder)\($0).Dockerfile" }.filter(deployment.paths.contains)
      guard let expected = own.first, !own.contains(path) else { return nil }
      return Flaw("'\(Paths.name(expected))' builds this image, and not '\(path)'", at: file.spot)
    }
  }
}
