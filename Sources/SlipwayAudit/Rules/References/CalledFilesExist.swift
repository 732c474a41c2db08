/// A script calls files that there are. (S17-CI)
enum CalledFilesExist: AuditRule {
  static let id = "references/called-files-exist"
  static let why = "the step stops at the missing file, often in the middle of a deployment"
  static let fix = "correct the path; it counts from the folder that 'cd' has led to"
  static let source = ["S17-CI", "C-33"]
  static let wrong = [
    Fixture.files(
      [
        "scripts/check.py": "pass\n", "app/main.py": "pass\n",
        "scripts/deploy.sh": "#!/bin/sh\nset -eu\ncd app\npython scripts/check.py\n",
      ], at: "scripts/deploy.sh:4")
  ]
  static let right = [
    Fixture.files([
      "scripts/check.py": "pass\n", "app/main.py": "pass\n",
      "scripts/deploy.sh": "#!/bin/sh\nset -eu\ncd app\ncd ..\npython scripts/check.py\n",
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.dangling(.calledFile) { "\($0.holder) calls '\($0.name)', which does not exist" }
  }
}
