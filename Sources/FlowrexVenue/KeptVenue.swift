import Dispatch
package import FlowrexTrading
package import Ledger
import Synchronization

/// The simulated venue with its journal on a disk: a process that is killed goes on where it was.
/// (S17-ENV-03)
///
/// Nobody is told anything before it is on the disk, not even who only looks. Calls that come at
/// the same time share one write.
package final class KeptVenue: Broker {
  package let name: String
  package let guarantee: SubmitGuarantee
  package let clockTolerance: Span
  package let patience: Span
  package let lateFills: Span
  /// Names the journal.
  package let epoch: Int64
  /// What was found on the disk.
  package let found: (records: Int, torn: Int)
  private let state: Mutex<State>
  private let calls = Mutex<[Call]>([])
  private let queue = DispatchQueue(label: "venue")
  private let market: any MarketSource
  private let clock: any DeskClock

  private struct State {
    var book: VenueBook
    let journal: VenueJournal
    var number: Int64
    /// The book may be ahead of the disk: nothing is said any more.
    var fault: JournalFault?
  }

  /// Works on the book, and answers when the work is on the disk.
  private typealias Call =
    @Sendable (inout VenueBook) -> (@Sendable (JournalFault?) -> Void)

  /// - Parameters:
  ///   - path: of the journal; it is begun when there is none.
  ///   - epoch: names a journal that is begun.
  ///   - seed: of the moods, and part of the names of trades.
  package init(
    _ traits: VenueTraits, path: String, market: any MarketSource, clock: any DeskClock,
    epoch: Int64, seed: UInt64, temper: VenueTemper = .calm
  ) throws(JournalFault) {
    let wanted = JournalHeader(
      venue: traits.name, traits.guarantee, seed: seed, epoch: epoch)
    let (journal, header, content) = try VenueJournal.open(path, wanted)
    var book = VenueBook(traits.guarantee, epoch: header.epoch, seed: seed, temper: temper)
    for (index, record) in content.records.enumerated() {
      do throws(VenueMisread) { try book.restore(record) } catch {
        // The header is the first line.
        throw .broken(line: index + 2, error.description)
      }
    }
    name = traits.name
    guarantee = traits.guarantee
    clockTolerance = traits.clockTolerance
    patience = traits.patience
    lateFills = traits.lateFills
    self.epoch = header.epoch
    found = (content.records.count, content.torn)
    self.market = market
    self.clock = clock
    state = Mutex(
      State(book: book, journal: journal, number: Int64(content.records.count), fault: nil))
  }

  package func submit(_ submission: Submission) async throws(BrokerFault) -> SubmitReceipt {
    try await call { [self] in $0.submit(submission, in: market.market(), at: clock.now()) }
  }

  package func cancel(_ order: OrderID) async throws(BrokerFault) -> CancelReceipt {
    try await call { [self] in $0.cancel(order, in: market.market(), at: clock.now()) }
  }

  package func lookUp(_ order: OrderID) async throws(BrokerFault) -> LookUp {
    guard guarantee == .lookUpAble else { throw .unsupported }
    return try await call { LookUp(of: $0.epoch, $0.lookUp(order)) }
  }

  package func events(
    after sequence: Int64, of epoch: Int64, limit: Int
  ) async throws(BrokerFault) -> VenueNews {
    try await call { book in
      let sequence = epoch == book.epoch ? sequence : 0
      return VenueNews(of: book.epoch, book.events(after: sequence, limit: limit))
    }
  }

  /// Lets the market work on orders that rest.
  ///
  /// - Throws: when the journal cannot be written; the process must end then.
  package func turn() async throws(JournalFault) {
    try await work { [self] in $0.turn(in: market.market(), at: clock.now()) }
  }

  private func call<Value: Sendable>(
    _ body: @escaping @Sendable (inout VenueBook) -> Value
  ) async throws(BrokerFault) -> Value {
    do throws(JournalFault) { return try await work(body) } catch {
      throw .unanswered(error.description)
    }
  }

  private func work<Value: Sendable>(
    _ body: @escaping @Sendable (inout VenueBook) -> Value
  ) async throws(JournalFault) -> Value {
    let result: Result<Value, JournalFault> = await withCheckedContinuation { continuation in
      let isFirst = calls.withLock { calls in
        calls.append { book in
          let value = body(&book)
          return { fault in
            continuation.resume(returning: fault.map { .failure($0) } ?? .success(value))
          }
        }
        return calls.count == 1
      }
      if isFirst { queue.async { self.workOff() } }
    }
    return try result.get()
  }

  /// Does all calls that wait, writes what they did at once, and answers them.
  private func workOff() {
    let waiting = calls.withLock { calls in
      defer { calls = [] }
      return calls
    }
    let (answers, fault) = state.withLock { state in
      // What was not written may be lost: nothing is built on it, and nothing is said of it.
      guard state.fault == nil else {
        var scratch = state.book
        return (waiting.map { $0(&scratch) }, state.fault)
      }
      var records: [JournalRecord] = []
      let answers = waiting.map { call in
        let answer = call(&state.book)
        if let record = state.book.takeRecord(state.number + 1) {
          records.append(record)
          state.number += 1
        }
        return answer
      }
      if !records.isEmpty {
        do throws(JournalFault) { try state.journal.append(records) } catch {
          state.fault = error
        }
      }
      return (answers, state.fault)
    }
    for answer in answers { answer(fault) }
  }
}
