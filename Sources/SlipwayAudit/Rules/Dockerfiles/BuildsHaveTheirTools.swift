/// What builds has the tools to build with. (C-31)
enum BuildsHaveTheirTools: AuditRule {
  static let id = "dockerfiles/builds-have-their-tools"
  static let why = "the compiler is a development dependency: the build stops at its absence"
  static let fix = "install all in the stage that builds, and only what runs in the last one"
  static let source = ["C-31", "S18-DFF"]
  static let wrong = [
    Fixture.dockerfile(
      "FROM node:24.1.0\nRUN npm ci --only=production\nCOPY . .\nRUN npm run build\nUSER node\n",
      line: 2)
  ]
  static let right = [
    Fixture.dockerfile("FROM node:24.1.0\nRUN npm ci\nRUN npm run build\nUSER node\n"),
    Fixture.dockerfile(
      """
      FROM node:24.1.0 AS b
      RUN npm ci
      RUN npm run build
      FROM node:24.1.0
      RUN npm ci --omit=dev
      USER node

      """
    ),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.dockerfiles.flatMap(\.stages).compactMap { stage in
      let runs = stage.steps.filter { $0.keyword == "RUN" }
      let builds = runs.lastIndex {
        $0.text.contains("npm run build") || $0.text.contains("yarn build")
      }
      let bare = runs.firstIndex { step in
        step.text.contains("npm") && step.text.mentions("--only=prod", "--omit=dev", "--production")
      }
      guard let builds, let bare, bare < builds,
        !runs[..<builds].contains(where: {
          $0.text.mentions("--include=dev", "npm install --save-dev")
        })
      else { return nil }
      return Flaw("the build comes after an install without its tools", at: runs[bare].spot)
    }
  }
}
