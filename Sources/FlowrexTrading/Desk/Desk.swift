package import FlowrexContract
package import FlowrexStore
package import Ledger
package import Risk

/// The time as somebody tells it. (design §8: nobody else looks at a clock)
package protocol DeskClock: Sendable {
  func now() -> Timestamp
  /// Comes back when so much time has passed, or earlier when the task is cancelled.
  func sleep(_ span: Span) async
}

/// Where new names come from.
package protocol IDSource: Sendable {
  /// 128 bits that nobody else has.
  func next() -> UInt128
}

/// What is known of the market at this moment.
package protocol MarketSource: Sendable {
  func market() -> Market
}

/// How long things of the order path last.
package struct DeskTimes: Hashable, Sendable {
  /// The key `APPROVAL_LIFE_SECONDS`.
  package var approvalLife = Span.seconds(300)
  /// The key `IDEMPOTENCY_LIFE_SECONDS`.
  package var keyLife = Span.seconds(86_400)
  /// From the decision to send until the venue must not take it any more.
  package var sendLife = Span.seconds(5)
  /// An accepted order that could not be sent for so long is refused: its decision is too old.
  package var sendWithin = Span.seconds(60)
  /// A delivery that has not ended by then is another's to repeat: longer than a call may take.
  package var lease = Span.seconds(10)
  /// Before a delivery is tried again; twice as long each time.
  package var firstPause = Span.milliseconds(250)
  package var longestPause = Span.seconds(30)
  /// So long what the venue left out is waited for before what comes after it is heard.
  package var gapLife = Span.minute
  /// So long the emergency stop is tried before somebody is told that it does not stand: longer
  /// than a database takes to start anew.
  package var stopWithin = Span.seconds(60)
  package var longestStopPause = Span.seconds(1)
  /// A worker waits no longer for an account that somebody holds, while others wait behind it.
  package var longestWait = Span.milliseconds(250)
  /// How far our clock may be from the database's, which all processes share. One that is further
  /// away sends nothing and proves nothing lost; `nil` where a clock is not to be looked at.
  package var longestSkew: Span? = .milliseconds(500)

  package init() {}
}

/// The order path: every use case is a method, and every decision is made inside one transaction
/// of the store. (S04-TRD-05, S18-HS-10)
///
/// It holds no state of its own but the keys that are being answered in this process: any number
/// of desks work on one store.
package struct Desk: Sendable {
  let store: any Store
  let broker: any Broker
  let market: any MarketSource
  let clock: any DeskClock
  let ids: any IDSource
  let policy: RiskPolicy
  let mode: ExecutionMode
  let times: DeskTimes
  let watch: any DecisionWatch
  let inFlight = KeysInFlight()

  /// - Parameter mode: what clients' orders do, the key `EXECUTION_MODE`; no client chooses it.
  /// - Throws: when the venue may be waited for longer than what was sent can live: an order would
  ///   be proved lost, and sent again, while its answer is still awaited.
  package init(
    store: any Store, broker: any Broker, market: any MarketSource, clock: any DeskClock,
    ids: any IDSource, policy: RiskPolicy, mode: ExecutionMode = .guide,
    times: DeskTimes = DeskTimes(), watch: any DecisionWatch = Unwatched()
  ) throws(DeskFault) {
    let lost = Span(
      microseconds: times.sendLife.microseconds + broker.clockTolerance.microseconds)
    guard broker.patience < lost else {
      throw .patience(broker.name, broker.patience, lost: lost)
    }
    guard broker.patience < times.lease else {
      throw .lease(broker.name, broker.patience, times.lease)
    }
    self.store = store
    self.broker = broker
    self.market = market
    self.clock = clock
    self.ids = ids
    self.policy = policy
    self.mode = mode
    self.times = times
    self.watch = watch
  }
}

/// Times that do not fit each other: such a desk would send orders twice.
package enum DeskFault: Error, Hashable, Sendable {
  case patience(String, Span, lost: Span)
  case lease(String, Span, Span)
}

extension DeskFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .patience(let venue, let patience, let lost):
      "the venue '\(venue)' is waited for \(patience), and what was sent is held for lost after "
        + "\(lost): patience must be shorter"
    case .lease(let venue, let patience, let lease):
      "the venue '\(venue)' is waited for \(patience), and a message is leased for \(lease): "
        + "patience must be shorter"
    }
  }
}

/// Why a use case was not carried out; nothing was changed. A denial by risk is no fault: it is
/// an answer.
package enum TradingFault: Error, Hashable, Sendable {
  case accountUnknown(AccountID)
  /// It is another person's.
  case accountTaken(AccountID)
  case orderUnknown(OrderID)
  case approvalUnknown(OrderID)
  /// Its key belongs to an order with other terms. (S04-RES-07)
  case keyUsedForAnother(ClientKey)
  /// The same key is being answered at this moment. (S04-RES-07)
  case keyInFlight(ClientKey)
  /// What was sent of it may still be taken.
  case stillOnItsWay(OrderID)
  /// It closes a position in an emergency, and is no client's. (S18-EMG-03)
  case closesInEmergency(OrderID)
  /// Our clock is ahead of the database's by so much, or behind it by an amount below zero: what it
  /// says of others' decisions cannot be believed.
  case clockDiffers(Span, limit: Span)
  /// Its name belongs to another movement of money.
  case movementUsedForAnother
  case approval(ApprovalFault)
  case control(ControlFault)
  case account(RiskAccountFault)
  case order(OrderFault)
  case withdrawal(WithdrawalFault)
  /// What the venue told of it cannot be booked as it is.
  case misfit(OrderID)
  case valuation(ValuationFault)
  case amountIsZero
  /// It is the account of who rules about it: another person does.
  case ownAccount(AccountID)
  /// Guards would halt it again at once.
  case stillHalted([GuardBreach])
  case divergenceUnknown(String)
}

extension TradingFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .accountUnknown(let id): "there is no account \(id)"
    case .accountTaken(let id): "the account \(id) is another person's"
    case .orderUnknown(let id): "there is no order \(id)"
    case .approvalUnknown(let id): "order \(id) waits for nobody"
    case .keyUsedForAnother(let key): "the key '\(key)' was used for another order"
    case .keyInFlight(let key): "an order with the key '\(key)' is being placed at this moment"
    case .stillOnItsWay(let id): "order \(id) may still be on its way to the venue"
    case .closesInEmergency(let id): "order \(id) closes in an emergency and is not cancelled"
    case .clockDiffers(let span, let limit):
      "our clock differs from the database's by \(span); \(limit) is the limit"
    case .movementUsedForAnother: "the name was used for another movement of money"
    case .approval(let fault): fault.description
    case .control(let fault): fault.description
    case .account(let fault): fault.description
    case .order(let fault): fault.description
    case .withdrawal(let fault): fault.description
    case .misfit(let id): "what the venue told of order \(id) does not fit it"
    case .valuation(let fault): fault.description
    case .amountIsZero: "an amount of nothing is no movement"
    case .ownAccount(let id): "nobody rules about the own account \(id)"
    case .stillHalted(let breaches): breaches.map(\.description).joined(separator: "; ")
    case .divergenceUnknown(let subject): "no difference about '\(subject)' was noted"
    }
  }
}
