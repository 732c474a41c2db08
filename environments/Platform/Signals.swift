import ExporterCatalogues
import FlowrexContract
import Slipway

/// Questions asked of the metrics. Each is asked once; alerts, objectives and panels share it.
enum Signal {
  static let serverErrors = Flowrex.httpRequests.share(where: \.status, is: .serverError)
  static let failedTrades = Flowrex.tradesFailed.share(of: Flowrex.tradesAttempted)
  static let slowestTwentieth =
    Flowrex.httpRequestDuration.quantile(.percent(95), over: .minutes(5))
  static let answeredInTime = Flowrex.httpRequestDuration.all.share(within: .milliseconds(100))
  static let cacheHits = Flowrex.cacheHits.all.share(
    with: Flowrex.cacheMisses.all, over: .minutes(10))
  static let poolInUse =
    Flowrex.databaseConnections.now.share(of: Flowrex.databaseConnectionsLimit.now)
  static let diskLeft =
    Machine.filesystemAvailBytes.now.share(of: Machine.filesystemSizeBytes.now).named(
      by: \.nodename, of: Machine.unameInfo,
      and: \Machine.DeviceFstypeMountpointLabels.mountpoint)
  static let memoryLeft =
    Machine.memoryMemAvailableBytes.now.share(of: Machine.memoryMemTotalBytes.now).named(
      by: \.nodename, of: Machine.unameInfo)
  static let socketsInUse =
    Flowrex.webSocketConnections.now.share(of: Flowrex.webSocketConnectionsLimit.now)
}

/// What we promise, over 30 days. (C-03, C-26)
extension Objective {
  static let availability = Objective(
    "availability", .percent(99.9), over: .days(30), bad: Signal.serverErrors)
  static let latency = Objective(
    "latency", .percent(95), over: .days(30), good: Signal.answeredInTime)
}
