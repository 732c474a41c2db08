/// A scan for vulnerabilities can stop the run. (S17-HS-04)
enum ScansCanFail: AuditRule {
  static let id = "workflows/scans-can-fail"
  static let why = "a scan that always passes lets every known hole into production"
  static let fix = "set 'exit-code: 1', and scan the image after it is built"
  static let source = ["S17-HS-04", "S18-HS-03", "C-42"]
  static let wrong = [
    Fixture.workflow(
      """
      on: push
      jobs:
        a:
          runs-on: x
          steps:
            - uses: aquasecurity/trivy-action@v1
              with: {scan-type: fs}
      """, line: 6),
    Fixture.workflow(
      "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: trivy image shop/web:1\n",
      line: 6),
    Fixture.workflow(
      """
      on: push
      jobs:
        a:
          runs-on: x
          steps:
            - run: docker run --rm docker.io/aquasec/trivy:0.74.0 image --format sarif shop/web:1
      """, line: 6),
  ]
  static let right = [
    Fixture.workflow(
      """
      on: push
      jobs:
        a:
          runs-on: x
          steps:
            - uses: aquasecurity/trivy-action@v1
              with: {scan-type: image, exit-code: '1'}
            - run: trivy image --exit-code 1 shop/web:1
            - run: docker run --rm "${TRIVY_IMAGE}" image --exit-code 1 --format sarif shop/web:1
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.workflows.flatMap(\.jobs).flatMap(\.steps).flatMap { step -> [Flaw] in
      if let uses = step.uses, uses.value.hasPrefix("aquasecurity/trivy-action@") {
        let code = step.input("exit-code")?.value ?? "0"
        let isReport = ["sarif", "cyclonedx", "spdx", "github"].contains(
          step.input("format")?.value ?? "")
        return code == "0" && !isReport ? [Flaw("the scan cannot fail", at: uses.spot)] : []
      }
      let commands = step.run?.commands ?? []
      return commands.filter { command in
        command.name == "trivy"
          && ["image", "fs", "config", "repo"].contains(command.arguments.first ?? "")
          && !command.arguments.contains { $0.hasPrefix("--exit-code") || $0.hasPrefix("--format") }
          || isDeafContainer(command)
      }.map { Flaw("the scan cannot fail", at: $0.spot) }
    }
  }

  /// A scanner in a container of its own, which ends well whatever it finds.
  private static func isDeafContainer(_ command: ShellCommand) -> Bool {
    guard ["docker", "podman"].contains(command.name), command.arguments.first == "run",
      let image = command.arguments.firstIndex(where: { $0.lowercased().contains("trivy") }),
      let verb = command.arguments[image...].dropFirst().first(where: { !$0.hasPrefix("-") }),
      ["image", "fs", "filesystem", "config", "repo"].contains(verb)
    else { return false }
    let words = command.arguments[image...]
    guard let code = words.firstIndex(where: { $0.hasPrefix("--exit-code") }) else { return true }
    return words[code] == "--exit-code=0"
      || words[code] == "--exit-code" && words[words.index(after: code)...].first == "0"
  }
}
