import FlowrexContract
package import FlowrexMetrics
import FlowrexStore
package import FlowrexTrading
import HTTPTypes
import Ledger

/// The journal of whoever asks: entries are added. (S18-AUD-04)
package struct JournalHandlers: Sendable {
  private let desk: JournalDesk
  private let metrics: MetricRegistry

  package init(_ desk: JournalDesk, metrics: MetricRegistry) {
    self.desk = desk
    self.metrics = metrics
  }

  package var all: [RouteHandler] {
    [
      RouteHandler(
        .writeJournal,
        OperationDocument(
          status: .created, body: .newJournalEntry, answer: .journalEntry,
          others: [.keyUsedForAnother]), write),
      RouteHandler(
        .listJournal,
        OperationDocument(answer: .journal, query: .page, others: [.invalidField]), list),
      RouteHandler(
        .showJournalEntry, OperationDocument(answer: .journalEntry, others: [.notFound]), show),
    ]
  }

  struct NewEntry: StrictBody {
    static let fields: Set<String> = ["client_entry_id", "text", "symbol", "signal_id"]
    let client_entry_id: String
    let text: String
    let symbol: String?
    let signal_id: String?
  }

  @Sendable private func write(_ call: Call) async throws -> Answer {
    let body = try call.decoded(NewEntry.self)
    let key = try ClientKey.read(body.client_entry_id, "client_entry_id")
    guard let text = JournalText(body.text) else { throw Problem(.invalidField, field: "text") }
    let instrument: Instrument? = try body.symbol.map { try Call.word($0, "symbol") }
    let signal = try body.signal_id.map { id in
      guard let signal = SignalID(text: id) else {
        throw Problem(.invalidField, field: "signal_id")
      }
      return signal
    }
    let person = try call.personID()
    do {
      let stored = try await metrics.countingConflicts("client_entry_id") {
        try await desk.write(text, about: instrument, signal, key: key, by: person)
      }
      // The same key has the same answer.
      return try .json(JSONTree.entry(stored.record), status: .created)
    } catch StrategyFault.signalUnknown {
      // The entry is there to be made; what is wrong is what it says that it is about.
      throw Problem(.invalidField, field: "signal_id")
    }
  }

  @Sendable private func list(_ call: Call) async throws -> Answer {
    let page = try call.page()
    let entries = try await desk.entries(of: call.personID(), page)
    return try .json(JSONTree.page(entries, JSONTree.entry))
  }

  @Sendable private func show(_ call: Call) async throws -> Answer {
    try .json(JSONTree.entry(try await desk.entry(call.id(), of: call.personID())))
  }
}
