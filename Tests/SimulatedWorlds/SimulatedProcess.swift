import FlowrexStore
import FlowrexStoreSQLite
import FlowrexTrading
import FlowrexVenue
import Ledger

/// A process that may die at every `await`: then nothing that it says has an effect any more. It
/// may also stand still for a while, as one does whose machine is busy, and go on with what it
/// knew before.
final class Life: @unchecked Sendable {
  let name: String
  var standsUntil = World.start
  var isBorn = false
  var isDead = false

  init(_ name: String) { self.name = name }
}

extension Life {
  /// Goes on when it may.
  func goOn(in world: World) async throws {
    while world.now() < standsUntil { await world.sleep(standsUntil.since(world.now())) }
    if isDead { throw Died() }
  }
}

struct Died: Error {}

/// The store as a process sees it: slow, sometimes away, and sometimes silent about a commit.
/// Below it is the real SQL on a real database in memory.
struct SimulatedStore: Store {
  let world: World
  let life: Life
  let database: SQLiteStore
  let bug: PlantedBug?
  let committed: @Sendable () -> Void

  func transact<Value: Sendable>(
    _ urgency: Urgency, _ body: @escaping @Sendable (any StoreTransaction) throws -> Value
  ) async throws -> Value {
    await world.sleep(world.milliseconds(0...20))
    try await life.goOn(in: world)
    if world.isRough, world.happens(15) { throw StoreFault.unreachable("simulated") }
    let value = try transactNow(body)
    committed()
    if world.isRough, world.happens(15) {
      world.note("\(life.name) does not hear of its commit")
      throw StoreFault.outcomeUnknown("simulated")
    }
    await world.sleep(world.milliseconds(0...20))
    try await life.goOn(in: world)
    return value
  }

  private struct NotKept: Error {}

  private func transactNow<Value>(_ body: (any StoreTransaction) throws -> Value) throws -> Value {
    guard bug == .commitsAreLost, world.happens(100) else {
      return try database.transactNow(body)
    }
    var kept: Value?
    do {
      try database.transactNow { rows in
        kept = try body(rows)
        throw NotKept()
      }
    } catch is NotKept {}
    guard let kept else { throw Died() }
    return kept
  }
}

/// The network between a process and the venue: it delays, loses questions and answers, and
/// carries what is under way to the venue although the process has died.
struct SimulatedLine: Broker {
  let world: World
  let life: Life
  let venue: SimulatedVenue
  let bug: PlantedBug?

  var name: String { venue.name }
  var guarantee: SubmitGuarantee {
    bug == .claimsToBeIdempotent ? .idempotent : venue.guarantee
  }
  var clockTolerance: Span {
    // A desk would not be made with such a tolerance.
    bug == .provesTooEarly && life.isBorn ? .seconds(-30) : venue.clockTolerance
  }
  var patience: Span { Self.patience }
  var lateFills: Span { venue.lateFills }

  /// Longer than a submission lives: an answer may come when it was proved lost.
  private static let patience = Span.milliseconds(5_500)

  private final class Slot<Value>: @unchecked Sendable {
    var value: Result<Value, BrokerFault>?
  }

  private func call<Value: Sendable>(
    _ word: String, _ body: @escaping @Sendable () async throws(BrokerFault) -> Value
  ) async throws(BrokerFault) -> Value {
    do { try await life.goOn(in: world) } catch { throw .notSent("dead") }
    let isRough = world.isRough
    if isRough, world.happens(30) {
      world.note("\(life.name) cannot say \(word)")
      throw .notSent("simulated")
    }
    // Some questions travel longer than anybody waits.
    let there =
      isRough && world.happens(80)
      ? world.milliseconds(2_000...9_000) : world.milliseconds(1...200)
    let back = world.milliseconds(1...200)
    let slot = Slot<Value>()
    if !(isRough && world.happens(50)) {
      world.after(there) { [world] in
        world.start {
          do throws(BrokerFault) {
            slot.value = .success(try await body())
          } catch {
            slot.value = .failure(error)
          }
          world.note("the venue hears \(word)")
        }
      }
    }
    let isAnswerLost = isRough && (world.happens(60) || world.isMute)
    let span = Span(microseconds: there.microseconds + back.microseconds)
    await world.sleep(min(span, Self.patience))
    // What it does with the answer it does when it goes on.
    do { try await life.goOn(in: world) } catch { throw .unanswered("dead") }
    guard span < Self.patience, !isAnswerLost, let answer = slot.value else {
      throw .unanswered("simulated")
    }
    return try answer.get()
  }

  func submit(_ submission: Submission) async throws(BrokerFault) -> SubmitReceipt {
    do throws(BrokerFault) {
      let venue = venue
      let said =
        switch bug {
        case .endOfSubmissionIsNotSaid: submission.forEver
        case .submissionsGoToAnyJournal: submission.to(venue.epoch)
        default: submission
        }
      world.begins(submission.order, life)
      defer { world.ends(submission.order, life) }
      return try await call("submit \(submission.order)") { () throws(BrokerFault) in
        try await venue.submit(said)
      }
    } catch {
      guard case .unanswered = error else { throw error }
      switch bug {
      case .takesSilenceForRefusal: return .refused("it did not answer")
      case .takesSilenceForSuccess: return .acknowledged
      case .takesSilenceForNotSent: throw .notSent("it did not answer")
      default: throw error
      }
    }
  }

  func cancel(_ order: OrderID) async throws(BrokerFault) -> CancelReceipt {
    if bug == .doesNotCancel { return .taken }
    let venue = venue
    return try await call("cancel \(order)") { () throws(BrokerFault) in
      try await venue.cancel(order)
    }
  }

  func lookUp(_ order: OrderID) async throws(BrokerFault) -> LookUp {
    let venue = venue
    let found = try await call("look up \(order)") { () throws(BrokerFault) in
      try await venue.lookUp(order)
    }
    switch bug {
    case .findsNothing: return LookUp(of: found.epoch, nil)
    case .lookUpsNameTheFirstJournal: return LookUp(of: 1, found.order)
    default: return found
    }
  }

  func events(
    after sequence: Int64, of epoch: Int64, limit: Int
  ) async throws(BrokerFault) -> VenueNews {
    if world.isFeedSilent() { throw .unanswered("simulated") }
    let venue = venue
    let all = try await call("events") { () throws(BrokerFault) in
      try await venue.events(after: sequence, of: epoch, limit: limit)
    }
    let news = VenueNews(
      of: all.epoch, all.events.filter { !world.isLeftOut($0.sequence, of: all.epoch) })
    switch bug {
    case .epochIsNotSaid: return VenueNews(of: 1, epoch <= 1 ? news.events : [])
    case .skipsEvents:
      return VenueNews(of: news.epoch, news.events.filter { $0.sequence % 9 != 0 })
    case .losesFills:
      let events = news.events.map { event in
        guard case .filled = event.kind, event.sequence % 5 == 0 else { return event }
        return VenueEvent(sequence: event.sequence, order: event.order, .acknowledged)
      }
      return VenueNews(of: news.epoch, events)
    default: return news
    }
  }
}

extension Submission {
  fileprivate func to(_ epoch: Int64) -> Self {
    Submission(order, of: account, terms, goodUntil: goodUntil, epoch: epoch)
  }

  fileprivate var forEver: Self {
    Submission(order, of: account, terms, goodUntil: goodUntil.adding(.day), epoch: epoch)
  }
}
