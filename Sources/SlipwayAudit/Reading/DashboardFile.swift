import SlipwayDocuments

/// A dashboard of Grafana.
struct DashboardFile: Sendable {
  let path: String
  let panels: [Panel]
  /// Where `"dashboard": {` stands, if the file is a request to the HTTP interface.
  let wrapper: Spot?
  let title: String?
  let uid: String?
  let spot: Spot

  struct Panel: Sendable {
    let title: String
    let spot: Spot
    let type: Text?
    let queries: [MetricQuery]
    let datasources: [Text]
    let hasGrid: Bool
    let hasId: Bool
    let hasUnit: Bool
    let targetsWithoutId: Int
  }

  init(_ path: String, _ root: LocatedValue, _ notes: inout [Note]) {
    self.path = path
    let inner = root.member("dashboard")
    wrapper = inner?.value.map == nil ? nil : inner.map { Spot(path, $0.keyStart) }
    let board = wrapper == nil ? root : inner?.value ?? root
    spot = wrapper ?? Spot(path, root.start)
    title = board["title"]?.string
    uid = board["uid"]?.string
    var panels: [Panel] = []
    func visit(_ list: [LocatedValue]) {
      for panel in list {
        panels.append(Panel(panel, path, &notes))
        visit(panel["panels"]?.list ?? [])
      }
    }
    visit(board["panels"]?.list ?? [])
    if let rows = board["rows"]?.list {
      for row in rows { visit(row["panels"]?.list ?? []) }
    }
    self.panels = panels
  }
}

extension DashboardFile.Panel {
  fileprivate init(_ panel: LocatedValue, _ path: String, _ notes: inout [Note]) {
    title = panel["title"]?.string ?? ""
    spot = Spot(path, panel.start)
    type = panel.member("type").map {
      Text($0.value.scalarText ?? "", Spot(path, $0.keyStart))
    }
    let targets = panel["targets"]?.list ?? []
    let asked = panel["datasource"]?["type"]?.string
    queries = targets.compactMap { target in
      let type = target["datasource"]?["type"]?.string ?? asked ?? "prometheus"
      guard type == "prometheus" || type.contains("$") else {
        notes.append(Note("a query of '\(type)'", Spot(path, target.start)))
        return nil
      }
      return target.member("expr").flatMap { entry -> MetricQuery? in
        guard let text = entry.value.string, !text.isEmpty else { return nil }
        return MetricQuery(text, Spot(path, entry.keyStart), &notes, isDashboard: true)
      }
    }
    datasources = ([panel] + targets).compactMap { holder in
      holder.member("datasource").flatMap { entry -> Text? in
        let id = entry.value.string ?? entry.value["uid"]?.string
        return id.map { Text($0, Spot(path, entry.keyStart)) }
      }
    }
    hasGrid = panel["gridPos"] != nil
    hasId = panel["id"] != nil
    hasUnit =
      panel["fieldConfig"]?["defaults"]?["unit"] != nil
      || panel["yaxes"] != nil || panel["format"] != nil
    targetsWithoutId = targets.count { $0["refId"] == nil }
  }
}
