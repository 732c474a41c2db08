import FlowrexConfiguration
import FlowrexSupport
import FlowrexTrading
import FlowrexVenue
import FlowrexVenueLine
import Hummingbird
import Ledger
import Logging
import NIOPosix
import ServiceLifecycle
import TestSupport

/// Where the simulated venue is: one suite for all of them.
enum VenuePlace: String, CaseIterable, Sendable {
  /// In this process, in memory.
  case inside
  /// In this process, with its journal on a disk.
  case kept
  /// The same behind its line.
  case behindLine
}

/// A venue with the clock and the market that a test moves.
struct VenueBench: Sendable {
  let broker: any Broker
  let clock: HandClock
  let market: HandMarket
  /// Lets the market work on orders that rest.
  let turn: @Sendable () async throws -> Void
  /// What the venue wrote down.
  let journal: @Sendable () throws -> [VenueBook.Entry]

  static func traits(_ guarantee: SubmitGuarantee) -> VenueTraits { .simulated(guarantee) }

  static func run(
    _ place: VenuePlace, _ guarantee: SubmitGuarantee, temper: VenueTemper = .calm,
    _ body: (VenueBench) async throws -> Void
  ) async throws {
    let clock = HandClock()
    let market = HandMarket(clock)
    guard place != .inside else {
      let venue = SimulatedVenue(guarantee, market: market, clock: clock, seed: 3, temper: temper)
      return try await body(
        VenueBench(
          broker: venue, clock: clock, market: market, turn: { venue.turn() },
          journal: { venue.journal }))
    }
    try await withTemporaryFolder { folder in
      let path = folder.path(of: "venue.journal")
      let venue = try KeptVenue(
        traits(guarantee), path: path, market: market, clock: clock, epoch: 1, seed: 3,
        temper: temper)
      func bench(_ broker: any Broker) -> VenueBench {
        VenueBench(
          broker: broker, clock: clock, market: market, turn: { try await venue.turn() },
          journal: { try VenueJournal.read(path).records.flatMap { try $0.entries() } })
      }
      guard place == .behindLine else { return try await body(bench(venue)) }
      try await LineBench.run(venue) { line in
        try await body(bench(line.broker(traits(guarantee))))
      }
    }
  }
}

/// A server in front of a venue, on a free port of this machine.
struct LineBench: Sendable {
  let port: Int
  private let loops: MultiThreadedEventLoopGroup

  static func run(
    _ venue: any Broker, temper: LineTemper = .calm, seed: UInt64 = 5,
    _ body: (LineBench) async throws -> Void
  ) async throws {
    let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let (ports, told) = AsyncStream.makeStream(of: Int.self)
    let server = VenueServer(
      venue, temper: temper, seed: seed, host: "127.0.0.1", port: 0,
      logger: Logger(label: "venue", factory: { _ in SwiftLogNoOpLogHandler() }))
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [server.application(loops, ready: { told.yield($0) })],
        logger: Logger(label: "group", factory: { _ in SwiftLogNoOpLogHandler() })))
    let running = Task { try await group.run() }
    guard let port = await ports.first(where: { _ in true }) else { return }
    do {
      try await body(LineBench(port: port, loops: loops))
    } catch {
      await group.triggerGracefulShutdown()
      _ = try? await running.value
      throw error
    }
    await group.triggerGracefulShutdown()
    try await running.value
    try await loops.shutdownGracefully()
  }

  func broker(_ traits: VenueTraits) -> VenueLine {
    VenueLine(traits, at: InsideAddress(host: "127.0.0.1", port: port), on: loops)
  }
}
