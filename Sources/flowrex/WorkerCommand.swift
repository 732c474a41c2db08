import ArgumentParser
import FlowrexAPI
import FlowrexCache
import FlowrexConfiguration
import FlowrexContract
import FlowrexHost
import FlowrexMetrics
import FlowrexServing
import FlowrexStore
import FlowrexWorker
import Foundation
import Hummingbird
import Logging
import NIOPosix
import ServiceContract
import ServiceLifecycle
import UnixSignals

/// `flowrex worker`: what happens without a request. (S18-ARCH-12)
struct WorkerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Does what happens without a request.")

  func run() async throws {
    let configuration: WorkerConfiguration
    do {
      configuration = try WorkerConfiguration.read(
        ProcessInfo.processInfo.environment, files: World.file)
    } catch {
      World.complain("\(error)")
      throw Status.configuration
    }
    do {
      try await RunningWorker(configuration).run()
    } catch let refused as RefusedToServe {
      World.complain("refused to start: \(refused.why)\n")
      throw ExitCode.failure
    }
  }
}

/// The worker with everything that it is made of.
private struct RunningWorker {
  let configuration: WorkerConfiguration
  let settings: WorkerSettings
  let metrics = MetricRegistry(.worker)
  let life = LifeCycle()

  init(_ configuration: WorkerConfiguration) {
    self.configuration = configuration
    settings = configuration.settings
  }

  func run() async throws {
    let logger = try ProcessLog.start(settings.process, metrics)
    let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let traces = ProcessTraces(settings.life, settings.process, metrics, on: loops)
    let floor = try TradingFloor(
      settings.trading, settings.risk, as: .delivers, on: loops,
      candle: settings.work.candle.span, metrics: metrics, deliveries: metrics,
      tracer: traces?.tracer, logger: logger)
    let database: StoreFactory.Opened
    do { database = try StoreFactory.open(configuration) } catch {
      throw RefusedToServe(why: "\(error)")
    }
    defer { database.close() }
    let views = try views(loops, logger)
    defer { views.close() }
    let observed = ObservedStore(
      database.store,
      DatabaseMeter(
        metrics: metrics, trading: TradingMeter(registries: [metrics]),
        views: ViewForgetter(views.store)))
    let store = traces?.watch(observed, settings.database) ?? observed
    let schema = DatabaseReadiness(
      store, try Schema.current(), metrics: metrics, logger: logger, prepare: {})
    let readiness = Readiness([schema.check], life: life, metrics: metrics)
    stateConstants()
    let worker = Worker.make(settings.work, floor, on: store, metrics: metrics, logger: logger)
    let inside = InsidePort(
      .worker, host: settings.host, port: settings.life.metricsPort, metrics: metrics, life: life,
      health: HealthHandlers(
        readiness: readiness, life: life, service: settings.process.component,
        version: settings.process.version, buildID: settings.process.buildID,
        timestamp: World.timestamp
      ).all, logger: logger)
    var services: [any Service] = [
      OnPort(
        settings.life.metricsPort, saidBy: Stated.metricsPort.name, inside.application(loops)),
      MarketService(market: floor.market),
      StateWatch(store: store, metrics: [metrics], sawMaintenance: { _ in }),
      UntilReady(within: settings.life.dependencyWait, life) { await readiness.ask().missing },
    ]
    if let venue = floor.venue { services.append(VenueService(venue: venue)) }
    if let traces { services.append(traces) }
    services.append(BellService(bell: OutboxBell(database.outbox, rings: worker)))
    // Ends first: what it began is ended while everything else is still there.
    services.append(WorkService(worker: worker))
    services.append(EndNote(life: life, logger: logger))
    var group = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    group.maximumGracefulShutdownDuration = settings.life.drain
    var fault: (any Error)?
    do { try await ServiceGroup(configuration: group).run() } catch { fault = error }
    await traces?.finish()
    // What was begun may still ask the loops for something: the end of the process ends both.
    if let fault { throw fault }
    logger.info("ended")
    try await loops.shutdownGracefully()
  }

  /// Views are forgotten by whoever books: here.
  private func views(
    _ loops: MultiThreadedEventLoopGroup, _ logger: Logger
  ) throws -> SharedViews {
    do {
      return try SharedViews.open(
        RedisAccess(configuration), on: loops, metrics: metrics, logger: logger)
    } catch {
      throw RefusedToServe(why: "\(error)")
    }
  }

  private func stateConstants() {
    metrics.stateBuild(settings.process)
    let isFile = settings.database.engine == .sqlite
    let most = isFile ? 1 : settings.pool.size + settings.pool.overflow
    metrics.set(Flowrex.databaseConnectionsLimit, to: Count(most), .of(\.pool, .primary))
  }
}

/// Says that the end begins, before anything ends.
struct EndNote: Service {
  let life: LifeCycle
  let logger: Logger

  func run() async throws {
    try? await gracefulShutdown()
    life.enter(.draining)
    logger.info("draining")
  }
}
