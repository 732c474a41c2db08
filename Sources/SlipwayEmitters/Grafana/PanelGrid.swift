import Slipway

/// Where a panel stands: Grafana's grid is 24 columns wide.
struct PanelPlace: Hashable {
  let x: Int
  let y: Int
  let width: Int
  let height: Int
}

/// Fills lines from left to right with panels of one height; another height, a heading or a panel
/// that does not fit starts a new line, so that no gaps are left between them.
struct PanelGrid {
  private static let columns = 24
  private var x = 0
  private var y = 0
  private var lineHeight = 0

  mutating func place(_ kind: Panel.Kind) -> PanelPlace {
    let (width, height) = kind.size
    if x + width > Self.columns || height != lineHeight { breakLine() }
    let place = PanelPlace(x: x, y: y, width: width, height: height)
    x += width
    lineHeight = height
    return place
  }

  private mutating func breakLine() {
    y += lineHeight
    x = 0
    lineHeight = 0
  }
}

extension Panel.Kind {
  fileprivate var size: (width: Int, height: Int) {
    switch self {
    case .heading: (24, 1)
    case .number, .gauge: (6, 4)
    case .graph: (12, 8)
    }
  }

  /// Grafana's name of the panel; all of them are current. (G02)
  var grafanaType: String {
    switch self {
    case .heading: "row"
    case .number: "stat"
    case .gauge: "gauge"
    case .graph: "timeseries"
    }
  }
}
