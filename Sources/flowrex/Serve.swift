import ArgumentParser
import FlowrexAPI
import FlowrexAuth
import FlowrexConfiguration
import FlowrexContract
import FlowrexHost
import FlowrexMetrics
import FlowrexServing
import FlowrexStore
import FlowrexStream
import FlowrexWorker
import Foundation
import Hummingbird
import Logging
import NIOPosix
import ServiceContract
import ServiceLifecycle

/// The API's process. (S18-ARCH-04)
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Answers the API.")

  @Option(help: "A file with KEY=value lines, below the environment; on a laptop only.")
  var file: String?

  func run() async throws {
    let configuration: BackendConfiguration
    do {
      configuration = try read()
    } catch {
      World.complain("\(error)")
      throw Status.configuration
    }
    do {
      try await ServedBackend(configuration).run()
    } catch let refused as RefusedToServe {
      World.complain("refused to start: \(refused.why)\n")
      throw ExitCode.failure
    }
  }

  private func read() throws(ConfigurationRefused) -> BackendConfiguration {
    var variables = ProcessInfo.processInfo.environment
    if let file {
      guard let bytes = FileManager.default.contents(atPath: file) else {
        throw ConfigurationRefused("--file", "no file '\(file)'")
      }
      let lines = try VariableFile.read(String(decoding: bytes, as: UTF8.self), name: file)
      variables.merge(lines) { stated, _ in stated }
    }
    let configuration = try BackendConfiguration.read(variables, files: World.file)
    guard file == nil || configuration.settings.process.stage == .development else {
      throw ConfigurationRefused("--file", "is for a laptop; here variables and secrets are given")
    }
    return configuration
  }
}

/// The API with everything that it is made of: the composition root.
private struct ServedBackend {
  let configuration: BackendConfiguration
  let settings: BackendSettings
  let metrics = MetricRegistry(.backend)
  let life = LifeCycle()
  let loops: MultiThreadedEventLoopGroup
  let threads: NIOThreadPool

  init(_ configuration: BackendConfiguration) {
    self.configuration = configuration
    settings = configuration.settings
    loops = MultiThreadedEventLoopGroup(numberOfThreads: settings.life.threads)
    // Password hashes: as many at once as there are threads for requests, the rest wait.
    threads = NIOThreadPool(numberOfThreads: settings.life.threads)
  }

  func run() async throws {
    let logger = try ProcessLog.start(settings.process, metrics)
    let traces = ProcessTraces(settings.life, settings.process, metrics, on: loops)
    // On a laptop nothing else has to be started. (S17-ENV-04)
    let isAlone =
      settings.process.stage == .development && settings.database.engine == .sqlite
    let deliveries = isAlone ? MetricRegistry(.worker) : metrics
    let floor = try TradingFloor(
      settings.trading, settings.risk, as: isAlone ? .delivers : .decides, on: loops,
      metrics: metrics, deliveries: deliveries, tracer: traces?.tracer, logger: logger)
    threads.start()
    let database = try await opened(logger)
    defer { database.close() }
    let shared = try shared(logger)
    defer { shared.close() }
    let meter = TradingMeter(registries: isAlone ? [metrics, deliveries] : [metrics])
    let observed = ObservedStore(
      database.store,
      DatabaseMeter(metrics: metrics, trading: meter, views: shared.forgetter))
    let store = traces?.watch(observed, settings.database) ?? observed
    let people = StoredPeople(store, now: World.moment, witness: AuditMeter(metrics: metrics))
    let maintenance = MaintenanceSwitch(store, now: World.moment)
    let desk = try floor.desk(on: store)
    let reading = ViewReading.open(
      configuration, primary: store, forgetter: shared.forgetter, metrics: metrics)
    defer { reading.close() }
    let trading = TradingParts(
      desk: desk, viewing: try floor.desk(on: reading.store),
      traders: Traders(desk, opening: TradingFloor.paperMoney), market: floor.market,
      maintenance: maintenance, views: shared.views,
      candle: WorkSettings.standard.candle.span)
    let remembered = RememberedSessions(people, monotonic: World.monotonic)
    let auth = try auth(remembered, people)
    let stream = stream(store, auth)
    let backend = try Backend(
      Backend.Parts(
        settings: settings, auth: auth, audit: StoredAuditLog(store), limiter: shared.limiter,
        localLimiter: shared.localLimiter, trading: trading,
        checks: [try readiness(store, logger).check] + shared.checks, stream: stream,
        tracer: traces?.tracer, metrics: metrics, life: life, logger: logger,
        timestamp: World.timestamp, now: World.moment, random: World.random))
    backend.stateConstants()
    let watch = StateWatch(store: store, metrics: [metrics], sawMaintenance: maintenance.saw)
    let work = floor.work(
      .standard, on: store, metrics: deliveries, logger: logger, bell: database.outbox)
    // In reverse order of their end: Prometheus sees the last request.
    let services: [any Service] =
      shared.services + [
        OnPort(
          settings.life.metricsPort, saidBy: Stated.metricsPort.name, backend.inside(loops)),
        MarketService(market: floor.market),
        OnPort(settings.api.port, saidBy: Stated.backendPort.name, backend.people(loops)), watch,
        UntilReady(within: settings.life.dependencyWait, life) {
          await backend.readiness.ask().missing
        },
        StreamLoop(stream: stream, bell: told(database, remembered)),
        QuoteLoop(stream: stream, market: floor.market),
      ] + reading.services + (traces.map { [$0] } ?? []) + work
    try await serve(services, traces, logger)
  }

  /// Until the signal to stop, or until one of them cannot.
  private func serve(
    _ services: [any Service], _ traces: ProcessTraces?, _ logger: Logger
  ) async throws {
    var group = ServiceGroupConfiguration(services: services, logger: logger)
    group.maximumGracefulShutdownDuration = settings.life.drain - settings.life.drainAccept
    let drain = Drain(settings: settings.life, life: life, logger: logger)
    var fault: (any Error)?
    do { try await drain.run(ServiceGroup(configuration: group)) } catch { fault = error }
    await traces?.finish()
    try await threads.shutdownGracefully()
    // What was begun may still ask the loops for something: the end of the process ends both.
    if let fault { throw fault }
    logger.info("ended")
    try await loops.shutdownGracefully()
  }

  private func shared(_ logger: Logger) throws -> SharedState {
    do {
      return try SharedState.open(
        RedisAccess(configuration), on: loops, metrics: metrics, logger: logger)
    } catch {
      throw RefusedToServe(why: "\(error)")
    }
  }

  /// Streams, which are told when connections close.
  private func stream(_ store: any Store, _ auth: AuthService) -> StreamHub {
    let stream = StreamHub(
      StreamLimits(settings.api.stream), source: StoredStream(store, now: World.now),
      metrics: metrics,
      world: StreamWorld(
        monotonic: World.monotonic, seconds: World.now, authenticate: auth.authenticate))
    life.whenClosing { stream.drain() }
    return stream
  }

  /// A laptop's file is brought to this program's schema; nothing else is migrated by a start.
  private func opened(_ logger: Logger) async throws -> StoreFactory.Opened {
    do {
      let database = try StoreFactory.open(configuration)
      guard settings.database.engine == .sqlite, settings.process.stage == .development else {
        return database
      }
      let migrator = Migrator(try Schema.current(), on: database.host)
      for migration in try await migrator.up(at: World.moment()) {
        logger.info("\(migration) is applied")
      }
      return database
    } catch {
      throw RefusedToServe(why: "\(error)")
    }
  }

  private func readiness(_ store: any Store, _ logger: Logger) throws -> DatabaseReadiness {
    let hash = configuration.secrets.adminPasswordHash?.withBytes {
      String(decoding: $0, as: UTF8.self)
    }
    let office = PeopleOffice(store, as: "start", now: World.moment)
    return DatabaseReadiness(
      store, try Schema.current(), metrics: metrics, logger: logger,
      prepare: {
        guard let hash, try await office.ensureFirst(passwordHash: hash) == .superseded else {
          return
        }
        logger.warning("ADMIN_PASSWORD_HASH was exchanged since: it is no password any more")
      })
  }

  /// Who remembers sessions hears what streams hear. A file has no bell that other processes ring:
  /// there, where nobody counts questions, sessions are asked for each time.
  private func told(
    _ database: StoreFactory.Opened, _ remembered: RememberedSessions
  ) -> any ChangeBell {
    settings.database.engine == .postgresql
      ? SessionBell(database.bell, to: remembered) : database.bell
  }

  private func auth(_ people: any PeopleStore, _ attempts: any SignInStore) throws -> AuthService {
    let secrets = configuration.secrets
    let key = secrets.tokenKey?.withBytes { $0 } ?? World.random(32)
    let ring = KeyRing(
      current: key, previous: secrets.previousTokenKey?.withBytes { $0 },
      algorithm: settings.api.algorithm)
    let threads = threads
    return AuthService(
      people: people, attempts: attempts,
      hasher: try PasswordHasher(cost: settings.api.passwordCost, salt: World.random(16)),
      issuer: TokenIssuer(
        ring: ring, issuer: settings.api.issuer, audience: settings.api.audience,
        life: settings.api.accessLife),
      refreshLife: settings.api.refreshLife,
      environment: AuthEnvironment(
        now: World.now, draw: World.random,
        slowly: { work in try await threads.runIfActive { work() } }))
  }
}
