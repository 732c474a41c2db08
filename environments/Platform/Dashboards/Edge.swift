import ExporterCatalogues
import FlowrexContract
import Slipway

/// What stands in front, and the machines below. (S04-OBS-03)
extension Dashboard {
  static let edge = Dashboard(
    "edge", title: "Flowrex: edge and machines",
    panels: [
      .heading("Edge"),
      .number("Open connections", Nginx.connectionsActive.sum),
      .graph("Requests per second", Nginx.httpRequestsTotal.rate(over: .minutes(5))),
      .graph(
        "Refused by a limit", Flowrex.rateLimitedRequests.rate(over: .minutes(5), by: \.limit)),

      .heading("Machines"),
      .graph("Memory left", Signal.memoryLeft, marks: .machineMemoryIsLow),
      .graph("Disk left", Signal.diskLeft, marks: .diskIsAlmostFull),
    ])
}
