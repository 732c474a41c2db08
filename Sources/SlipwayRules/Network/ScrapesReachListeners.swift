import ServiceContract
import SlipwayModel

/// What Prometheus asks is a service that listens there, on a network they share.
/// (S18-HS-08, C-05, C-24)
package enum ScrapesReachListeners: Rule {
  package static let id = "scrapes/reach-listeners"
  package static let why = "a target that never answers looks the same as a service that is down"
  package static let fix = "give the component a metrics port, or take it out of the environment"
  package static let source = ["S18-HS-08", "C-05", "C-24", "S18-PROM-04"]

  package static let breakers: [Breaker] = [
    .model("a target without a service") { environment in
      guard let job = environment.scrapes.first else { return }
      environment.scrapes[0] = ScrapeJob(
        name: job.name, services: ["nobody"], port: job.port, path: job.path,
        interval: job.interval, expected: job.expected, origin: job.origin)
    },
    .model("a target on another network") { environment in
      environment.edit("node-exporter") { $0.networks = ["outside"] }
    },
  ]

  package static let implies = ["stack/services-are-written"]

  package static func check(_ subject: Subject) -> [Violation] {
    let environment = subject.environment
    let prometheus = environment.service(PartName.prometheus)
    return environment.scrapes.flatMap { job in
      job.services.compactMap { name -> Violation? in
        guard let service = environment.service(name) else {
          return Violation(.missing(job.name, name), written: [job.origin], label: "scraped here")
        }
        if !service.ports.contains(where: { $0.number == job.port }) {
          return Violation(
            .silent(job.name, name, job.port), written: service.written(.ports),
            label: "ports stated here")
        }
        let shared = Set(service.networks).intersection(prometheus?.networks ?? [])
        return shared.isEmpty
          ? Violation(.apart(name), written: service.written(.networks), label: "networks")
          : nil
      }
    }
  }
}

extension String {
  fileprivate static func missing(_ job: String, _ name: String) -> String {
    "job '\(job)' would scrape '\(name)', which this environment does not run"
  }
  fileprivate static func silent(_ job: String, _ name: String, _ port: Int) -> String {
    "job '\(job)' would scrape '\(name)' on port \(port), where nobody listens"
  }
  fileprivate static func apart(_ name: String) -> String {
    "Prometheus and '\(name)' would share no network"
  }
}
