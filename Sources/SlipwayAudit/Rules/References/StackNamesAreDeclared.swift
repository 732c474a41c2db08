/// Networks, volumes, secrets, configurations and dependencies that a service names exist.
enum StackNamesAreDeclared: AuditRule {
  static let id = "references/stack-names-are-declared"
  static let why = "Compose refuses the whole file for one name that it cannot find"
  static let fix = "declare the name at the end of the file, or correct it here"
  static let source = ["C-29"]
  static let wrong = [
    Fixture.compose("services:\n  web:\n    image: a/b:1.2.3\n    networks: [front]\n", line: 4),
    Fixture.compose(
      "services:\n  web:\n    image: a/b:1.2.3\n    volumes: ['data:/data']\n", line: 4),
    Fixture.compose("services:\n  web:\n    image: a/b:1.2.3\n    secrets: [key]\n", line: 4),
    Fixture.compose("services:\n  web:\n    image: a/b:1.2.3\n    configs: [conf]\n", line: 4),
    Fixture.compose("services:\n  web:\n    image: a/b:1.2.3\n    depends_on: [db]\n", line: 4),
  ]
  static let right = [
    Fixture.compose(
      """
      services:
        web:
          image: a/b:1.2.3
          networks: [front, default]
          volumes: ['data:/data', './x:/x', '/y']
      networks: {front: {}}
      volumes: {data: {}}
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let kinds: [(Reference.Kind, String)] = [
      (.network, "network"), (.volume, "volume"), (.secret, "secret"), (.config, "configuration"),
      (.dependency, "service"),
    ]
    return kinds.flatMap { kind, word in
      deployment.dangling(kind) {
        "\($0.holder) names \(word) '\($0.name)', which nothing declares"
      }
    }
  }
}
