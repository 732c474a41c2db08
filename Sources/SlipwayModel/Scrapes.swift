import ServiceContract
import Slipway
import SlipwayDiagnostics

/// Who is asked for metrics: every service that has a metrics port. (C-05, C-24)
extension Resolver {
  func makeScrapes(_ services: [ResolvedService]) -> [ScrapeJob] {
    var jobs: [ScrapeJob] = []
    for service in services {
      for port in service.ports where port.reach == .metrics {
        let name = jobName(service.name)
        let origin = service.written(.ports).first ?? service.origin
        if let index = jobs.firstIndex(where: { $0.name == name }) {
          let job = jobs[index]
          jobs[index] = ScrapeJob(
            name: name, services: job.services + [service.name], port: job.port, path: job.path,
            interval: job.interval, expected: sum(job.expected, expected(service)),
            origin: job.origin)
        } else {
          jobs.append(
            ScrapeJob(
              name: name, services: [service.name], port: port.number, path: "/metrics",
              interval: specification.monitoring.scrapesEvery, expected: expected(service),
              origin: origin))
        }
      }
    }
    return jobs
  }

  /// Exporters of one kind are one job: `postgres-exporter-replica-1` is asked as `postgres`.
  private func jobName(_ service: String) -> String {
    if service == PartName.nodeExporter { return "node" }
    if service.hasPrefix(PartName.postgresExporter) { return "postgres" }
    if service.hasPrefix(PartName.redisExporter) { return "redis" }
    if service == PartName.nginxExporter { return "nginx" }
    return service
  }

  private func expected(_ service: ResolvedService) -> Int? {
    switch service.replicas {
    case .count(let count): count
    case .everyNode: nil
    }
  }

  private func sum(_ left: Int?, _ right: Int?) -> Int? {
    guard let left, let right else { return nil }
    return left.saturatingPlus(right)
  }
}
