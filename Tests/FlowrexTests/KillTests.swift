import FlowrexSupport
import FlowrexVenue
import Foundation
import TestSupport
import Testing

/// A point of the order path, who is killed there, and what is held then.
enum KillPoint: String, CaseIterable, Sendable {
  // The API, with a new order.
  case placingUndone, placingDone
  // The worker, which takes an order from the outbox.
  case takingUndone, takingDone
  // The worker, while an order is on its way to the venue and back.
  case sendingUnheard, sendingUnanswered
  // The venue, with a new order.
  case venueUnaware, venueUnanswering
  // The worker, which writes what the venue said.
  case bookingUndone, bookingDone
  // The worker, which was told what happened.
  case listeningUnanswered
  // The API, asked for an order's end.
  case cancellingUndone, cancellingDone
  // The worker, while that is on its way and back.
  case cancelUnheard, cancelUnanswered
  // The venue, asked for it.
  case venueCancelUnaware, venueCancelUnanswering

  var victim: KillHouse.Program {
    switch self {
    case .placingUndone, .placingDone, .cancellingUndone, .cancellingDone: .serve
    case .venueUnaware, .venueUnanswering, .venueCancelUnaware, .venueCancelUnanswering: .venue
    default: .worker
    }
  }

  var moment: TrapLine.Moment {
    switch self {
    case .placingUndone, .takingUndone, .sendingUnheard, .venueUnaware, .bookingUndone,
      .cancellingUndone, .cancelUnheard, .venueCancelUnaware:
      .question
    default: .answer
    }
  }

  var isAboutEnds: Bool {
    switch self {
    case .cancellingUndone, .cancellingDone, .cancelUnheard, .cancelUnanswered,
      .venueCancelUnaware, .venueCancelUnanswering:
      true
    default: false
    }
  }

  func line(of house: KillHouse) throws -> TrapLine {
    switch self {
    case .placingUndone, .placingDone, .cancellingUndone, .cancellingDone:
      try #require(house.toDatabase[.serve])
    case .takingUndone, .takingDone, .bookingUndone, .bookingDone:
      try #require(house.toDatabase[.worker])
    default: house.toVenue
    }
  }

  /// What is held, by its name on the line.
  @Sendable func isMeant(_ question: String) -> Bool {
    switch self {
    case .placingUndone, .placingDone: question.contains("INSERT INTO orders")
    case .takingUndone, .takingDone, .bookingUndone, .bookingDone, .cancellingUndone,
      .cancellingDone:
      question.contains("UPDATE orders SET")
    case .sendingUnheard, .sendingUnanswered, .venueUnaware, .venueUnanswering:
      question == "POST /venue/v1/orders"
    case .listeningUnanswered: question == "GET /venue/v1/events"
    case .cancelUnheard, .cancelUnanswered, .venueCancelUnaware, .venueCancelUnanswering:
      question.hasPrefix("POST /venue/v1/orders/") && question.hasSuffix("/cancel")
    }
  }
}

/// Processes are killed at every named point of the order path and at moments that are drawn, and
/// nothing that was acknowledged is lost or done twice, by the venue's own journal.
///
/// `KILLS=300` is the full number; some are made without being asked.
@Suite(.serialized) struct KillTests {
  private static let kills =
    ProcessInfo.processInfo.environment["KILLS"].flatMap(Int.init) ?? 0

  @Test(
    .covers("S04-RES-07", "S17-ENV-03", "S18-ARCH-12"), arguments: ["look_up_able", "idempotent"])
  func `nothing acknowledged is lost or doubled, wherever a process is killed`(
    guarantee: String
  ) async throws {
    // Without a number: every point once at the usual venue, and some at the other one.
    let points =
      guarantee == "look_up_able"
      ? KillPoint.allCases : [.takingDone, .sendingUnheard, .sendingUnanswered, .venueUnanswering]
    let all = max(Self.kills / 2, points.count + 4)
    let named = Self.kills == 0 ? points : KillPoint.allCases
    try await KillHouse.run(guarantee: guarantee, seed: 7) { house in
      var done = 0
      // Half of a long run is at named points.
      repeat {
        for point in named where done < all {
          try await kill(at: point, house)
          done += 1
        }
      } while done < all / 2
      try await killAtRandom(all - done, house)
      try await house.repeatAll()
      try await house.cancelAll()
      let judge = KillJudge(house: house)
      try await judge.awaitRest()
      try await judge.judge()
    }
  }

  private func kill(at point: KillPoint, _ house: KillHouse) async throws {
    let line = try point.line(of: house)
    let order = try await house.newOrder(isResting: point.isAboutEnds)
    if point.isAboutEnds {
      guard let id = try await house.place(order) else {
        Issue.record("\(point): it was not accepted")
        return
      }
      try await awaitWorking(id, house)
      line.arm(point.moment, point.isMeant)
      async let asked: Void = house.cancel(order, id)
      #expect(try await line.hasSprung(), "\(point)")
      house.kill(point.victim)
      try await asked
      try await house.start(point.victim)
      try await house.cancel(order, id)
    } else {
      // A second write of the worker is what it heard of the order.
      let passes = [.bookingUndone, .bookingDone].contains(point) ? 1 : 0
      line.arm(point.moment, passing: passes, point.isMeant)
      async let answered = house.place(order)
      #expect(try await line.hasSprung(), "\(point)")
      house.kill(point.victim)
      let before = try await answered
      try await house.start(point.victim)
      let after = try await house.place(order)
      #expect(after != nil && (before == nil || before == after), "\(point)")
    }
  }

  private func awaitWorking(_ id: String, _ house: KillHouse) async throws {
    for _ in 0..<600 {
      let rows = try await house.rows("SELECT state FROM orders WHERE id = '\(id)';\n")
      if rows.first?.first == "working" { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record("\(id) does not rest")
  }

  /// Orders come and go while processes are killed at moments that a seed draws.
  private func killAtRandom(_ count: Int, _ house: KillHouse) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        var dice = SplitMix(seed: 11)
        while !Task.isCancelled {
          let order = try await house.newOrder(isResting: dice.happens(300))
          if let id = try await house.place(order), dice.happens(300) {
            try await house.cancel(order, id)
          }
          // As many as an account may place in a minute.
          try? await Task.sleep(for: .milliseconds(250))
        }
      }
      var dice = SplitMix(seed: 13)
      for _ in 0..<count {
        try await Task.sleep(for: .milliseconds(dice.below(700)))
        let victim = KillHouse.Program.allCases[dice.below(KillHouse.Program.allCases.count)]
        house.kill(victim)
        try await house.start(victim)
      }
      group.cancelAll()
      try await group.waitForAll()
    }
  }
}
