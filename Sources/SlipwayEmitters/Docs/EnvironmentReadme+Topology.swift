import ServiceContract
import Slipway
import SlipwayModel

/// The drawing: every service once, in a frame with its like.
extension EnvironmentReadme {
  func draw(in page: inout Page) {
    page.section("Topology")
    page.say(
      "Arrows say who asks whom, and over which network and port; dotted ones are only looked at.")
    page.code("mermaid", topology.lines)
  }

  var topology: Flowchart {
    var chart = Flowchart()
    chart.groups = frames
    drawEdge(&chart)
    drawNeeds(&chart)
    drawMonitoring(&chart)
    return chart
  }

  private static let people = "people"
  private static let internet = "internet"
  private static let told = "told"

  private func id(_ service: String) -> String { Flowchart.id("s", service) }

  private enum Frame: String, CaseIterable {
    case edge = "edge"
    case components = "components"
    case stores = "data stores"
    case monitoring = "monitoring"
  }

  private var frames: [Flowchart.Group] {
    Frame.allCases.map { frame in
      Flowchart.Group(
        id: Flowchart.id("g", frame.rawValue), title: frame.rawValue,
        nodes: environment.services.filter { self.frame(of: $0) == frame }.map { service in
          Flowchart.Node(
            id(service.name), [service.name, count(service)],
            frame == .stores ? .store : .box, from: [service.origin])
        })
    }
  }

  private func frame(of service: ResolvedService) -> Frame {
    if specification.runs.contains(where: { $0.component.name == service.name }) {
      return .components
    }
    if service.name == PartName.edge || service.name == PartName.acme { return .edge }
    return isStore(service) ? .stores : .monitoring
  }

  private func isStore(_ service: ResolvedService) -> Bool {
    service.name == PartName.primary || service.name == PartName.redisCache
      || service.name == PartName.redisState || replicas.contains(service.name)
  }

  private var replicas: [String] {
    (specification.database?.replicas ?? []).indices.map { PartName.replica($0 + 1) }
  }

  private func count(_ service: ResolvedService) -> String {
    switch service.replicas {
    case .count(let count): "× \(count)"
    case .everyNode: "on each node"
    }
  }

  /// Who comes in, and where the edge sends them.
  private func drawEdge(_ chart: inout Flowchart) {
    let published = environment.services.filter { !$0.publications.isEmpty }
    if !published.isEmpty {
      let who = isDeployed ? "everybody" : "this machine"
      chart.outside.append(Flowchart.Node(Self.people, [who], .round))
    }
    for service in published {
      let ports = service.publications.map { String($0.host) }.joined(separator: ", ")
      chart.draw(Self.people, id(service.name), ports)
    }
    for upstream in environment.edge?.upstreams ?? [] {
      chart.draw(id(PartName.edge), id(upstream.service), "\(Net.front): \(upstream.port)")
    }
    if let acme = environment.service(PartName.acme), let port = acme.ports.first {
      chart.draw(id(PartName.edge), id(acme.name), "\(Net.front): \(port.number)")
    }
  }

  /// What components need, and how copies follow.
  private func drawNeeds(_ chart: inout Flowchart) {
    let redis = [PartName.redisCache, PartName.redisState]
    for run in specification.runs {
      for need in run.component.needs {
        switch need {
        case .database: drawStores(databases(of: run.component), from: run.component.name, &chart)
        case .redis: drawStores(redis, from: run.component.name, &chart)
        case .internet: drawInternet(from: run.component.name, &chart)
        }
      }
    }
    for replica in replicas {
      chart.draw(id(replica), id(PartName.primary), "follows")
    }
    if specification.backups != nil {
      drawInternet(from: PartName.primary, &chart, label: "backups")
    }
  }

  /// The primary, and its copies where the component is told of them.
  private func databases(of component: Component) -> [String] {
    let fact = environment.project.contract.bindings.facts.first {
      $0.fact == .databaseReplicaHosts
    }
    let reads = component.keys.contains { $0.name == fact?.key }
    return [PartName.primary] + (reads ? replicas : [])
  }

  private func drawStores(_ stores: [String], from component: String, _ chart: inout Flowchart) {
    for store in stores.compactMap(environment.service) {
      let port = store.ports.first.map { ": \($0.number)" } ?? ""
      chart.draw(id(component), id(store.name), Net.data + port)
    }
  }

  private func drawInternet(
    from service: String, _ chart: inout Flowchart, label: String = Net.outside
  ) {
    if !chart.outside.contains(where: { $0.id == Self.internet }) {
      chart.outside.append(Flowchart.Node(Self.internet, ["the internet"], .round))
    }
    chart.draw(id(service), Self.internet, label)
  }

  /// Who is measured, and who is told.
  private func drawMonitoring(_ chart: inout Flowchart) {
    for job in environment.scrapes {
      for service in job.services {
        chart.draw(id(PartName.prometheus), id(service), "\(Net.watch): \(job.port)", dotted: true)
      }
    }
    for service in environment.services where frame(of: service) == .monitoring {
      for server in service.startsAfter {
        chart.draw(id(service.name), id(server), "", dotted: true)
      }
    }
    chart.draw(id(PartName.grafana), id(PartName.prometheus), Net.watch, dotted: true)
    chart.draw(id(PartName.prometheus), id(PartName.alertmanager), "alerts")
    let receivers = specification.receivers
    let all = receivers.critical + receivers.warning + [receivers.heartbeat].compactMap { $0 }
    guard !all.isEmpty else { return }
    chart.outside.append(Flowchart.Node(Self.told, ["people on call"], .round))
    chart.draw(id(PartName.alertmanager), Self.told, Net.outside)
  }
}
