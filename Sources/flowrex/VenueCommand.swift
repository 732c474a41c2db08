import ArgumentParser
import FlowrexAPI
import FlowrexConfiguration
import FlowrexContract
import FlowrexHost
import FlowrexMarket
import FlowrexMetrics
import FlowrexServing
import FlowrexTrading
import FlowrexVenue
import FlowrexVenueLine
import Foundation
import Hummingbird
import Ledger
import Logging
import NIOPosix
import ServiceContract
import ServiceLifecycle
import UnixSignals

/// `flowrex venue`: the simulated venue as a process of its own, with its own clock and its own
/// journal. (S17-ENV-03)
struct VenueCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "venue", abstract: "Is the simulated venue, for workers of other processes.")

  func run() async throws {
    let configuration: VenueConfiguration
    do {
      configuration = try VenueConfiguration.read(ProcessInfo.processInfo.environment)
    } catch {
      World.complain("\(error)")
      throw Status.configuration
    }
    do {
      try await ServedVenue(configuration.settings).run()
    } catch let refused as RefusedToServe {
      World.complain("refused to start: \(refused.why)\n")
      throw ExitCode.failure
    }
  }
}

/// The venue with everything that it is made of.
private struct ServedVenue {
  let settings: VenueSettings
  let metrics = MetricRegistry(.venue)
  let life = LifeCycle()

  init(_ settings: VenueSettings) { self.settings = settings }

  func run() async throws {
    let logger = try ProcessLog.start(settings.process, metrics)
    let venue = try venue(logger)
    // What was traded before the end, and not told, is told before anybody can hear that there is
    // nothing more. (``Broker/lateFills``)
    do { try await venue.turn() } catch { throw RefusedToServe(why: "\(error)") }
    let loops = MultiThreadedEventLoopGroup(numberOfThreads: settings.life.threads)
    metrics.stateBuild(settings.process)
    let readiness = Readiness([], life: life, metrics: metrics)
    let inside = InsidePort(
      .venue, host: settings.host, port: settings.life.metricsPort, metrics: metrics, life: life,
      health: HealthHandlers(
        readiness: readiness, life: life, service: settings.process.component,
        version: settings.process.version, buildID: settings.process.buildID,
        timestamp: World.timestamp
      ).all, logger: logger)
    let moods = settings.moods
    let server = VenueServer(
      venue, temper: LineTemper(lost: moods.lostAnswers.perMille, latency: moods.latency),
      // Another row of numbers than the book's.
      seed: ~UInt64(bitPattern: Int64(moods.seed)), host: settings.host, port: settings.port,
      logger: logger)
    var group = ServiceGroupConfiguration(
      services: [
        OnPort(
          settings.life.metricsPort, saidBy: Stated.metricsPort.name, inside.application(loops)),
        TurningVenue(venue: venue),
        OnPort(settings.port, saidBy: Setting.venuePort.name, server.application(loops)),
        UntilReady(within: settings.life.dependencyWait, life) { await readiness.ask().missing },
        EndNote(life: life, logger: logger),
      ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    group.maximumGracefulShutdownDuration = settings.life.drain
    var fault: (any Error)?
    do { try await ServiceGroup(configuration: group).run() } catch { fault = error }
    // What was begun may still ask the loops for something: the end of the process ends both.
    if let fault { throw fault }
    logger.info("ended")
    try await loops.shutdownGracefully()
  }

  private func venue(_ logger: Logger) throws -> KeptVenue {
    let clock = WallClock()
    let moods = settings.moods
    let venue: KeptVenue
    do {
      venue = try KeptVenue(
        .simulated(SubmitGuarantee(settings.guarantee)), path: settings.journal,
        market: SimulatedMarket(seed: settings.feedSeed, clock: clock), clock: clock,
        epoch: clock.now().microseconds, seed: UInt64(bitPattern: Int64(moods.seed)),
        temper: VenueTemper(
          refusals: moods.refusals.perMille, partials: moods.partials.perMille,
          lateFills: moods.lateFills.perMille))
    } catch {
      throw RefusedToServe(why: "\(error)")
    }
    logger.info("the journal is read", metadata: ["records": "\(venue.found.records)"])
    if venue.found.torn > 0 {
      logger.warning(
        "the journal's last record was torn, and is cut off",
        metadata: ["bytes": "\(venue.found.torn)"])
    }
    return venue
  }
}

/// Lets the market work on orders that rest, until the process ends. A journal that cannot be
/// written ends it.
private struct TurningVenue: Service {
  let venue: KeptVenue

  func run() async throws {
    try await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        try await venue.turn()
        try? await Task.sleep(for: VenueService.turn)
      }
    }
  }
}

extension Ratio {
  /// How often in a thousand.
  fileprivate var perMille: Int { Int((number.approximate * 1_000).rounded()) }
}
