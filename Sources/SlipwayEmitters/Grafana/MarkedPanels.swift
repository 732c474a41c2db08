import Slipway
import SlipwayDiagnostics
import SlipwayModel

/// Which panel shows an alert, for the link in its notification.
struct MarkedPanels {
  struct Link: Hashable {
    let text: String
    let origin: Origin
  }
  private let links: [String: Link]

  init(_ environment: ResolvedEnvironment) {
    var links: [String: Link] = [:]
    for dashboard in environment.specification.watches.dashboards {
      let identity = DashboardIdentity(dashboard, of: environment.project)
      for (panel, id) in zip(dashboard.panels, identity.panels) {
        guard let alert = panel.marks, links[alert.name] == nil else { continue }
        links[alert.name] = Link(
          text: environment.specification.monitoring.address
            + "/d/\(identity.uid)?viewPanel=panel-\(id)",
          origin: panel.origin.at("marks"))
      }
    }
    self.links = links
  }

  func link(for alert: RuleAlert) -> Link? { links[alert.name] }
}
