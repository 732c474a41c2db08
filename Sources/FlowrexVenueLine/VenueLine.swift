package import FlowrexConfiguration
package import FlowrexContract
import FlowrexServing
package import FlowrexTrading
package import FlowrexVenue
package import Ledger
package import NIOPosix
import ServiceContract

/// The simulated venue in a process of its own, as a worker reaches it. (S17-ENV-03)
///
/// What found no connection was not sent. Whatever else is no whole answer of the venue, a status
/// that says nothing of the order included, is no answer: the order may be there, and nobody may
/// take it for refused. (S04-RES-07)
package struct VenueLine: Broker {
  private let traits: VenueTraits
  private let line: InsideCall

  /// A full batch of events is far below.
  private static let largestAnswer = 4 * 1_024 * 1_024
  /// Before patience ends, so that the end of the wait is told within it.
  private static let margin = Duration.milliseconds(500)

  package init(
    _ traits: VenueTraits, at address: InsideAddress, on loops: MultiThreadedEventLoopGroup
  ) {
    self.traits = traits
    line = InsideCall(to: address, on: loops, largestAnswer: Self.largestAnswer)
  }

  package var name: String { traits.name }
  package var guarantee: SubmitGuarantee { traits.guarantee }
  package var clockTolerance: Span { traits.clockTolerance }
  package var patience: Span { traits.patience }
  package var lateFills: Span { traits.lateFills }

  package func submit(_ submission: Submission) async throws(BrokerFault) -> SubmitReceipt {
    let message = SubmitMessage(
      order: OrderMessage(submission), guarantee: GuaranteeText.of(guarantee))
    let body: [UInt8]
    do { body = try VenueJSON.bytes(message) } catch { throw .notSent(error.description) }
    return try await ask(.venueSubmit, Route.venueSubmit.path, body) {
      (answer: SubmitAnswer) throws(VenueMisread) in try answer.value()
    }
  }

  package func cancel(_ order: OrderID) async throws(BrokerFault) -> CancelReceipt {
    try await ask(.venueCancel, path(.venueCancel, order)) {
      (answer: CancelAnswer) throws(VenueMisread) in try answer.value()
    }
  }

  package func lookUp(_ order: OrderID) async throws(BrokerFault) -> LookUp {
    guard guarantee == .lookUpAble else { throw .unsupported }
    return try await ask(.venueLookUp, path(.venueLookUp, order)) {
      (answer: LookUpAnswer) throws(VenueMisread) in try answer.value(order)
    }
  }

  package func events(
    after sequence: Int64, of epoch: Int64, limit: Int
  ) async throws(BrokerFault) -> VenueNews {
    let path = "\(Route.venueEvents.path)?after=\(sequence)&epoch=\(epoch)&limit=\(limit)"
    return try await ask(.venueEvents, path) {
      (answer: NewsAnswer) throws(VenueMisread) in try answer.value()
    }
  }

  private func path(_ route: Route, _ order: OrderID) -> String {
    route.path.replacing("{id}", with: order.description)
  }

  private func ask<Answer: Decodable, Value>(
    _ route: Route, _ path: String, _ body: [UInt8] = [],
    _ read: (Answer) throws(VenueMisread) -> Value
  ) async throws(BrokerFault) -> Value {
    let reply: InsideReply
    do throws(InsideFault) {
      reply = try await line.send(
        route.method.rawValue, path, [("Content-Type", "application/json")], body,
        within: .microseconds(patience.microseconds) - Self.margin)
    } catch {
      switch error {
      case .unreachable: throw .notSent("there is no connection to it")
      case .unanswered: throw .unanswered("no whole answer came")
      }
    }
    // The one refusal that is a proof: the venue reads it before it looks at the order.
    if reply.status == LineStatus.otherGuarantee {
      throw .notSent("it promises something else than '\(GuaranteeText.of(guarantee))'")
    }
    guard reply.status == 200 else { throw .unanswered("it answered \(reply.status)") }
    do throws(VenueMisread) {
      return try read(try VenueJSON.read(Answer.self, reply.body))
    } catch {
      throw .unanswered("its answer \(error)")
    }
  }
}

/// Statuses that mean something on this line.
enum LineStatus {
  /// The sender was told another guarantee than the venue's: nothing was done.
  static let otherGuarantee = 412
}

/// The contract's words for what a venue promises.
package enum GuaranteeText {
  package static func of(_ guarantee: SubmitGuarantee) -> String {
    let word: VenueGuarantee =
      switch guarantee {
      case .idempotent: .idempotent
      case .lookUpAble: .lookUpAble
      case .neither: .neither
      }
    return word.rawValue
  }
}

extension SubmitGuarantee {
  /// The key `SIMULATED_VENUE_GUARANTEE`.
  package init(_ stated: VenueGuarantee) {
    self =
      switch stated {
      case .idempotent: .idempotent
      case .lookUpAble: .lookUpAble
      case .neither: .neither
      }
  }
}
