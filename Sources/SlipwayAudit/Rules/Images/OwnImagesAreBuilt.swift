/// Each image of one's own that is deployed is built somewhere. (S17-CI)
enum OwnImagesAreBuilt: AuditRule {
  static let id = "images/own-images-are-built"
  static let why = "the deployment stops at an image that nobody ever pushed"
  static let fix = "build and push the image in the workflow, beside the others"
  static let source = ["S17-CI", "C-42"]
  private static let workflow = """
    on: push
    jobs:
      build-web:
        runs-on: x
        steps:
          - uses: docker/build-push-action@v6
            with: {push: true, tags: 'registry.example/shop-web:1'}
      build-page:
        runs-on: x
        steps: [{run: npm run build}]
    """
  static let wrong = [
    Fixture.files(
      [
        "compose.yml": """
        services:
          web: {image: 'registry.example/shop-web:1'}
          page: {image: 'registry.example/shop-page:1'}
        """,
        ".github/workflows/deploy.yml": workflow,
        "page/Dockerfile": "FROM node:22.1.0\nUSER node\n",
        "web/Dockerfile": "FROM node:22.1.0\nUSER node\n",
      ], at: ".github/workflows/deploy.yml:8")
  ]
  static let right = [
    Fixture.files([
      "compose.yml": "services: {web: {image: 'registry.example/shop-web:1'}}",
      ".github/workflows/deploy.yml": workflow,
      "web/Dockerfile": "FROM node:22.1.0\nUSER node\n",
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let steps = deployment.workflows.flatMap(\.jobs).flatMap(\.steps)
    let built =
      steps.compactMap { $0.input("tags")?.value ?? $0.input("images")?.value }
      + steps.compactMap { $0.runText?.value }.filter { $0.contains("docker") }
    let names = Set(
      deployment.deployedServices.compactMap { service -> String? in
        guard service.buildContext == nil, deployment.dockerfile(of: service) != nil else {
          return nil
        }
        return service.imageName?.base
      })
    // Only where one of them is built here, another one is forgotten here.
    guard names.contains(where: { name in built.contains { $0.contains(name) } }) else { return [] }
    return names.sorted().filter { name in !built.contains { $0.contains(name) } }.map { name in
      let part = name.split(separator: "-").last.map(String.init) ?? name
      let job = deployment.workflows.flatMap(\.jobs).first { $0.id.value.contains(part) }
      let spot = job?.id.spot ?? deployment.workflows[0].spot
      return Flaw("no job builds image '\(name)', which is deployed", at: spot)
    }
  }
}
