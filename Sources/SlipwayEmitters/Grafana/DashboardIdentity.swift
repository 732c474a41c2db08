import Slipway
import SlipwayModel

/// The identities of a dashboard and its panels: they follow from names alone, so that links and
/// annotations survive every other change. (G03)
struct DashboardIdentity {
  /// Grafana's bound.
  private static let uidMax = 40

  let uid: String
  /// One for each panel, in their order.
  let panels: [Int]

  init(_ dashboard: Dashboard, of project: Project) {
    let name = "\(project.contract.name)-\(dashboard.name)"
    uid =
      name.utf8.count <= Self.uidMax
      ? name : "\(name.prefix(Self.uidMax - 9))-\(SHA256.hex(name).prefix(8))"
    var ids: [Int] = []
    var heading = ""
    for panel in dashboard.panels {
      if panel.kind == .heading { heading = panel.title }
      var id = Self.number(of: "\(dashboard.name)/\(heading)/\(panel.title)")
      while ids.contains(id) { id += 1 }
      ids.append(id)
    }
    panels = ids
  }

  /// A number that a browser and a database column of 32 bits hold exactly.
  private static func number(of text: String) -> Int {
    (Int(SHA256.hex(text).prefix(7), radix: 16) ?? 0) + 1
  }
}
