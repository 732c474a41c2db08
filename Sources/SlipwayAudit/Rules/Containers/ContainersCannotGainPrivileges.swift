/// A container has no more rights than its program needs. (S18-CL-CON)
enum ContainersCannotGainPrivileges: AuditRule {
  static let id = "containers/containers-cannot-gain-privileges"
  static let why = "who takes over the program takes over all that its container may do"
  static let fix = "add 'cap_drop: [ALL]', 'read_only: true' and 'no-new-privileges:true'"
  static let source = ["S18-CL-CON", "S04-NET"]
  static let wrong = [
    Fixture.compose("services:\n  web:\n    image: shop/web:1.2.3\n", line: 2),
    Fixture.compose(
      "services:\n  web:\n    image: shop/web:1.2.3\n    privileged: true\n    cap_drop: [ALL]\n",
      line: 4),
  ]
  static let right = [
    Fixture.compose(
      "services: {web: {image: 'shop/web:1.2.3', cap_drop: [ALL], read_only: true}}"),
    Fixture.compose("services: {node: {image: 'prom/node-exporter:v1.8.2'}}"),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.deployedServices.compactMap { service in
      if service.isPrivileged, let spot = service.keys["privileged"] {
        return Flaw("'\(service.name.value)' may do all that the machine's root may", at: spot)
      }
      let isHeld = service.isReadOnly || service.dropsCapabilities || service.cannotGain
      guard !isHeld, service.isOurs, service.image != nil || service.buildContext != nil else {
        return nil
      }
      return .warning(
        "'\(service.name.value)' keeps every right that containers get by default",
        at: service.name.spot)
    }
  }
}
