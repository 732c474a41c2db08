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
      }.map { Flaw("the scan cannot fail", at: $0.spot) }
    }
  }
}
