import ServiceContract
import SlipwayModel

/// Data stores answer nobody outside their environment. (C-38, S03-STEP-12)
package enum DatastoresStayPrivate: Rule {
  package static let id = "network/datastores-stay-private"
  package static let why =
    "order history and balances live here; one leaked password would be enough"
  package static let fix =
    "delete `publishes:`; services on network 'data' already reach the store by its name"
  package static let source = ["C-38", "S03-STEP-12", "S18-ARCH-20"]

  package static let breakers: [Breaker] = [
    .model("the primary answers everybody") { environment in
      environment.edit("postgres-primary") {
        $0.publications = [ResolvedPublication(host: 5432, container: 5432, reach: .everybody)]
      }
    },
    .model("the state store answers everybody") { environment in
      environment.edit("redis-state") {
        $0.publications = [ResolvedPublication(host: 6379, container: 6379, reach: .everybody)]
      }
    },
  ]

  package static let implies = ["stack/services-are-written"]

  package static func check(_ subject: Subject) -> [Violation] {
    let environment = subject.environment
    return environment.services.filter(\.isDatastore).flatMap { service in
      service.publications.filter {
        environment.stage.isDeployed || $0.reach == .everybody
      }.map { publication in
        Violation(
          .answers(service.name, publication.host), written: service.written(.publications),
          label: "opened here")
      }
    }
  }
}

extension ResolvedService {
  /// Whether it holds data that people own.
  var isDatastore: Bool { ports.contains { $0.number == 5432 || $0.number == 6379 } }
}

extension ResolvedEnvironment {
  /// Changes one service; used by breakers.
  mutating func edit(_ name: String, _ change: (inout ResolvedService) -> Void) {
    if let index = services.firstIndex(where: { $0.name == name }) { change(&services[index]) }
  }
}

extension String {
  fileprivate static func answers(_ name: String, _ port: Int) -> String {
    "'\(name)' would answer the internet on port \(port)"
  }
}
