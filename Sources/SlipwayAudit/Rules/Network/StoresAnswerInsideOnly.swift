/// Data stores answer nobody outside their machine. (C-38)
enum StoresAnswerInsideOnly: AuditRule {
  static let id = "network/stores-answer-inside-only"
  static let why = "whoever reaches a store needs one weak password, or none, to own the data"
  static let fix = "delete the port; services on the same network reach the store by its name"
  static let source = ["C-38", "S03-STEP-12", "S18-ARCH-20"]
  static let wrong = [
    Fixture.compose(
      """
      services:
        cache:
          image: redis:7.4.1
          ports:
            - "6379:6379"
      """, line: 5)
  ]
  static let right = [
    Fixture.compose("services: {cache: {image: 'redis:7.4.1', ports: ['127.0.0.1:6379:6379']}}"),
    Fixture.compose("services: {cache: {image: 'redis:7.4.1'}}"),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.composes.filter { !$0.isForDevelopment }.flatMap(\.services).filter {
      $0.product?.role == .store
    }.flatMap { service in
      service.ports.filter(\.isPublic).map {
        Flaw(
          "'\(service.name.value)' would answer everybody on port "
            + "\($0.host ?? $0.container ?? 0)", at: $0.text.spot)
      }
    }
  }
}
