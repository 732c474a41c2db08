/// Each route leads to a receiver, and each severity has a route. (C-69)
enum RoutesLeadToReceivers: AuditRule {
  static let id = "alerts/routes-lead-to-receivers"
  static let why = "Alertmanager refuses the file, or an alert goes where nobody looks"
  static let fix = "declare the receiver, or name one that is declared"
  static let source = ["C-69"]
  static let wrong = [
    Fixture.files(
      ["alertmanager.yml": "route:\n  receiver: pager\nreceivers:\n  - name: mail\n"],
      at: "alertmanager.yml:2")
  ]
  static let right = [
    Fixture.files(["alertmanager.yml": "route: {receiver: mail}\nreceivers: [{name: mail}]\n"])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.dangling(.receiver) { "\($0.holder) leads to '\($0.name)', which is no receiver" }
  }
}
