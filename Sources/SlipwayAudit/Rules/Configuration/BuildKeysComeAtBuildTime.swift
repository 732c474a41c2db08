/// What a page is built with is given to the build. (S18-DFF)
enum BuildKeysComeAtBuildTime: AuditRule {
  static let id = "configuration/build-keys-come-at-build-time"
  static let why =
    "the builder of the page writes these values into its files; at run time nobody reads them"
  static let fix = "pass it as a build argument: 'ARG' in the Dockerfile, 'args' where it is built"
  static let source = ["S18-DFF", "S17-VAR"]
  /// Prefixes whose variables the builders of pages inline.
  private static let prefixes = ["NEXT_PUBLIC_", "VITE_", "REACT_APP_", "NUXT_PUBLIC_", "GATSBY_"]
  static let wrong = [
    Fixture.compose(
      """
      services:
        page:
          image: shop/page:1.2.3
          environment:
            - VITE_API=https://api.example.org
      """, line: 5)
  ]
  static let right = [
    Fixture.files([
      "compose.yml": """
      services:
        page:
          build: {context: page, args: {VITE_API: 'https://api.example.org'}}
          environment: [VITE_API=https://api.example.org]
      """,
      "page/Dockerfile": "FROM node:22.1.0\nARG VITE_API\nUSER node\n",
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.services.flatMap { service -> [Flaw] in
      let file = deployment.dockerfile(of: service)
      // A development server reads them when it starts.
      if file == nil, service.buildContext != nil { return [] }
      let builds = file?.stages.flatMap(\.steps).contains { $0.text.contains("build") } ?? true
      guard builds else { return [] }
      let taken = Set(
        (file?.stages ?? []).flatMap(\.steps).filter { $0.keyword == "ARG" || $0.keyword == "ENV" }
          .flatMap { $0.words.map { $0.cut(at: "=").before } })
      return service.environment.filter { entry in
        prefixes.contains { entry.name.hasPrefix($0) } && !taken.contains(entry.name)
      }.map {
        Flaw("'\($0.name)' is read when the page is built, not when it runs", at: $0.spot)
      }
    }
  }
}
