import FlowrexContract
import Slipway

/// Database and cache. (S03-DASH-02, 05)
extension Dashboard {
  static let stores = Dashboard(
    "stores", title: "Flowrex: database and cache",
    panels: [
      .heading("Database"),
      .graph("Connections in use", Signal.poolInUse, marks: .poolIsExhausted),
      .graph(
        "Queries per second", Flowrex.databaseQueries.rate(over: .minutes(5), by: \.pool),
        marks: .databaseIsBusy),
      .graph(
        "95 % of queries answered within",
        Flowrex.databaseQueryDuration.quantile(.percent(95), over: .minutes(5))),
      .graph("Replica lag", Flowrex.replicaLag.max, marks: .replicasLag),

      .heading("Cache"),
      .gauge("Hits", Signal.cacheHits, marks: .cacheMisses),
      .graph("Hits by view", Flowrex.cacheHits.rate(over: .minutes(5), by: \.cache)),
      .graph("Misses by view", Flowrex.cacheMisses.rate(over: .minutes(5), by: \.cache)),
    ])
}
