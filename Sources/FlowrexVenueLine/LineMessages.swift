import FlowrexTrading
import FlowrexVenue
import Ledger

/// A submission on the line, with what its sender was told of the venue: one that was told
/// otherwise would do the wrong thing with a lost answer. (S04-RES-07)
struct SubmitMessage: Codable {
  let order: OrderMessage
  let guarantee: String
}

struct SubmitAnswer: Codable {
  let receipt: String
  let reason: String?

  init(_ receipt: SubmitReceipt) {
    (self.receipt, reason) =
      switch receipt {
      case .acknowledged: ("acknowledged", nil)
      case .refused(let why): ("refused", why)
      case .tooLate: ("too_late", nil)
      case .otherJournal: ("other_journal", nil)
      }
  }

  func value() throws(VenueMisread) -> SubmitReceipt {
    switch (receipt, reason) {
    case ("acknowledged", nil): .acknowledged
    case ("refused", let why?): .refused(why)
    case ("too_late", nil): .tooLate
    case ("other_journal", nil): .otherJournal
    default: throw VenueMisread("'\(receipt)' is no answer to a submission")
    }
  }
}

struct CancelAnswer: Codable {
  let receipt: String
  let state: String?
  let epoch: Int64?

  init(_ receipt: CancelReceipt) {
    (self.receipt, state, epoch) =
      switch receipt {
      case .taken: ("taken", nil, nil)
      case .over(let state): ("over", state?.rawValue, nil)
      case .unknown(let epoch): ("unknown", nil, epoch)
      }
  }

  func value() throws(VenueMisread) -> CancelReceipt {
    switch (receipt, state, epoch) {
    case ("taken", nil, nil): return .taken
    case ("over", nil, nil): return .over(nil)
    case ("over", let text?, nil):
      guard let state = VenueState(rawValue: text) else {
        throw VenueMisread("'\(text)' is no state")
      }
      return .over(state)
    case ("unknown", nil, let epoch?): return .unknown(epoch: epoch)
    default: throw VenueMisread("'\(receipt)' is no answer to a cancellation")
    }
  }
}

struct LookUpAnswer: Codable {
  struct Found: Codable {
    let state: String
    let filled: String
    let fills: [FillMessage]
  }

  let epoch: Int64
  let order: Found?

  init(_ lookUp: LookUp) {
    epoch = lookUp.epoch
    order = lookUp.order.map {
      Found(
        state: $0.state.rawValue, filled: $0.filled.text(), fills: $0.fills.map(FillMessage.init))
    }
  }

  func value(_ id: OrderID) throws(VenueMisread) -> LookUp {
    guard let order else { return LookUp(of: epoch, nil) }
    guard let state = VenueState(rawValue: order.state),
      let filled = try? Quantity(text: order.filled)
    else { throw VenueMisread("'\(order.state)' and '\(order.filled)' are no order") }
    var fills: [Fill] = []
    for fill in order.fills { fills.append(try fill.trade()) }
    return LookUp(of: epoch, VenueOrder(id, state, filled: filled, fills: fills))
  }
}

struct NewsAnswer: Codable {
  let epoch: Int64
  let events: [EventMessage]

  init(_ news: VenueNews) {
    epoch = news.epoch
    events = news.events.map(EventMessage.init)
  }

  func value() throws(VenueMisread) -> VenueNews {
    var told: [VenueEvent] = []
    for event in events { told.append(try event.event()) }
    return VenueNews(of: epoch, told)
  }
}
