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

  /// A number that a browser and a database column of 32 bits hold exactly: FNV-1a, folded to 28
  /// bits.
  private static func number(of text: String) -> Int {
    let hash = text.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    return Int((hash >> 28) ^ (hash & 0x0FFF_FFFF)) + 1
  }
}
