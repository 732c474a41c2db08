import FlowrexContract
import Ledger
import LedgerTrials
import Testing

/// An order takes the steps of the table and no other. (S04-TRD-05)
struct OrderTests {
  /// The whole table, written out here a second time: state, then the events it takes and where
  /// they lead. What is not here is illegal.
  private static let legal: [OrderState: [OrderEventKind: OrderState]] = [
    .awaitingApproval: [
      .approved: .accepted, .refused: .rejected, .approvalExpired: .expired,
      .cancelRequested: .cancelled,
    ],
    .accepted: [.submitted: .submitted, .refused: .rejected, .cancelRequested: .cancelled],
    .submitted: [
      .acknowledged: .working, .rejected: .rejected, .filled: .partiallyFilled,
      .cancelRequested: .submitted, .cancelled: .cancelled, .expired: .expired,
      .answerLost: .unknown, .settledAbsent: .cancelled,
    ],
    .working: [
      .acknowledged: .working, .filled: .partiallyFilled, .cancelRequested: .working,
      .cancelled: .cancelled, .expired: .expired, .answerLost: .unknown,
      .settledAbsent: .cancelled,
    ],
    .partiallyFilled: [
      .acknowledged: .partiallyFilled, .filled: .partiallyFilled,
      .cancelRequested: .partiallyFilled, .cancelled: .cancelled, .expired: .expired,
      .answerLost: .unknown, .settledAbsent: .cancelled,
    ],
    .unknown: [
      .acknowledged: .working, .rejected: .rejected, .filled: .partiallyFilled,
      .cancelRequested: .unknown, .cancelled: .cancelled, .expired: .expired,
      .answerLost: .unknown, .provedAbsent: .accepted, .settledAbsent: .cancelled,
    ],
    .filled: [
      .acknowledged: .filled, .answerLost: .filled, .cancelRequested: .filled,
      .cancelled: .filled, .expired: .filled,
    ],
    .cancelled: [
      .filled: .cancelled, .acknowledged: .cancelled, .answerLost: .cancelled,
      .cancelRequested: .cancelled, .cancelled: .cancelled,
    ],
    .expired: [
      .filled: .expired, .acknowledged: .expired, .answerLost: .expired,
      .cancelRequested: .expired, .expired: .expired,
    ],
    .rejected: [.rejected: .rejected],
  ]

  @Test(arguments: OrderState.allCases)
  func `from each state exactly the events of the table are taken`(state: OrderState) throws {
    let order = try Order.in(state)
    for kind in OrderEventKind.allCases {
      var next = order
      let expected = Self.legal[state]?[kind]
      // An order that is filled has no room left: there the fill is illegal by itself.
      let event = OrderEvent.example(of: kind)
      if let expected {
        try next.receive(event)
        #expect(next.state == expected, "\(state) + \(kind)")
      } else {
        #expect(throws: OrderFault.illegal(id: order.id, state: state, event: kind)) {
          try next.receive(event)
        }
        #expect(next == order)
      }
    }
  }

  @Test func `a fill of the whole rest ends the order, from every state that takes fills`() throws {
    for state in OrderState.allCases where Self.legal[state]?[.filled] != nil {
      var order = try Order.in(state)
      try order.receive(.filled(order.remaining))
      #expect(order.state == .filled)
      #expect(order.remaining == .zero)
      #expect(order.open == .zero)
    }
  }

  @Test func `an order that was partly filled is not rejected and not absent`() throws {
    var order = try Order.in(.partiallyFilled)
    try order.receive(.answerLost)
    for event in [OrderEvent.rejected, .provedAbsent] {
      var next = order
      #expect(throws: OrderFault.illegal(id: order.id, state: .unknown, event: event.kind)) {
        try next.receive(event)
      }
    }
    try order.receive(.acknowledged)
    #expect(order.state == .partiallyFilled)
  }

  @Test func `an absent order whose end was wanted is over`() throws {
    var order = try Order.in(.submitted)
    try order.receive(.cancelRequested)
    try order.receive(.answerLost)
    try order.receive(.provedAbsent)
    #expect(order.state == .cancelled)
    #expect(order.cancelRequested)
  }

  @Test func `a fill after the cancellation counts`() throws {
    var order = try Order.in(.cancelled)
    #expect(order.open == .zero)
    try order.receive(.filled(Quantity(3, .two)))
    #expect(order.state == .cancelled)
    #expect(order.filled == Quantity(3, .two))
  }

  @Test func `the mode decides where an order begins, and an emergency does not wait`() {
    func begin(_ mode: ExecutionMode, _ purpose: OrderPurpose) -> OrderState {
      Order(
        OrderID(1), OrderTerms(.buy, 1, of: .eurUSD, .market, purpose: purpose), mode: mode,
        placedAt: Timestamp(microseconds: 0)
      ).state
    }
    #expect(begin(.guide, .trade) == .awaitingApproval)
    #expect(begin(.autonomous, .trade) == .accepted)
    #expect(begin(.guide, .emergencyClose) == .accepted)
    #expect(begin(.autonomous, .emergencyClose) == .accepted)
  }

  @Test func `the faults of an order say what is wrong`() throws {
    var order = try Order.in(.working)
    #expect(
      sentence { try order.receive(.approved) }
        == "order 00000000-0000-0000-0000-00000000002a is 'working' and cannot take 'approved'")
    #expect(
      sentence { try order.receive(.filled(2)) }
        == "order 00000000-0000-0000-0000-00000000002a has 1 left to fill "
        + "and cannot take a fill of 2")
    #expect(
      sentence { try order.receive(.filled(0)) }
        == "order 00000000-0000-0000-0000-00000000002a cannot take a fill of 0")
  }

  /// A hundred thousand events.
  @Test func `random events leave every order on a legal path`() throws {
    var random = Generator(seed: 20)
    var taken: [OrderEventKind: Int] = [:]
    for _ in 0..<4_000 {
      var order = Order(
        OrderID(42), OrderTerms(.sell, 1, of: .gbpUSD, .market),
        mode: random.chance(2) ? .guide : .autonomous, placedAt: Timestamp(microseconds: 0))
      for _ in 0..<25 {
        let before = order
        let event = random.orderEvent()
        do {
          try order.receive(event)
          taken[event.kind, default: 0] += 1
          try Self.judge(before, event, order)
        } catch let fault as OrderFault {
          #expect(order == before)
          #expect(Self.isDue(fault, before, event), "\(before.state) \(event) \(fault)")
        }
      }
    }
    #expect(taken.count == OrderEventKind.allCases.count)
  }

  /// Whether a step that was taken is one of the table, with the exact quantity.
  private static func judge(_ before: Order, _ event: OrderEvent, _ after: Order) throws {
    let table = try #require(legal[before.state]?[event.kind])
    var filled = before.filled.units
    if case .filled(let quantity) = event { filled += quantity.units }
    #expect(after.filled.units == filled)
    #expect(after.filled <= after.terms.quantity)
    #expect((after.filled == after.terms.quantity) == (after.state == .filled))
    #expect(after.cancelRequested || !before.cancelRequested)
    let special = after.state == .filled || after.state == .partiallyFilled
    let wanted = before.cancelRequested && event == .provedAbsent && after.state == .cancelled
    #expect(after.state == table || special || wanted, "\(before.state) \(event)")
    if before.state.isFinal { #expect(after.state.isFinal) }
  }

  /// Whether a step that was refused had to be.
  private static func isDue(_ fault: OrderFault, _ before: Order, _ event: OrderEvent) -> Bool {
    switch fault {
    case .illegal:
      let contradicts = event == .rejected || event == .provedAbsent
      return legal[before.state]?[event.kind] == nil || contradicts && !before.filled.isZero
    case .overfilled(_, let quantity, let remaining): return quantity > remaining
    case .fillNotPositive(_, let quantity): return !quantity.isPositive
    }
  }
}

extension OrderEvent {
  /// One of each kind; the fill is a hundredth of a lot.
  static func example(of kind: OrderEventKind) -> OrderEvent {
    switch kind {
    case .approved: .approved
    case .refused: .refused
    case .approvalExpired: .approvalExpired
    case .submitted: .submitted
    case .acknowledged: .acknowledged
    case .rejected: .rejected
    case .filled: .filled(Quantity(1, .two))
    case .cancelRequested: .cancelRequested
    case .cancelled: .cancelled
    case .expired: .expired
    case .answerLost: .answerLost
    case .provedAbsent: .provedAbsent
    case .settledAbsent: .settledAbsent
    }
  }
}

extension Order {
  /// An order of one lot that has come to this state on the shortest way.
  static func `in`(_ state: OrderState) throws -> Order {
    var order = Order(
      OrderID(42), OrderTerms(.buy, 1, of: .eurUSD, .market),
      mode: state == .awaitingApproval ? .guide : .autonomous,
      placedAt: Timestamp(microseconds: 0))
    let path: [OrderEvent] =
      switch state {
      case .awaitingApproval, .accepted: []
      case .submitted: [.submitted]
      case .working: [.submitted, .acknowledged]
      case .partiallyFilled: [.submitted, .filled(Quantity(4, .one))]
      case .filled: [.submitted, .filled(1)]
      case .cancelled: [.submitted, .cancelled]
      case .rejected: [.submitted, .rejected]
      case .expired: [.submitted, .expired]
      case .unknown: [.submitted, .answerLost]
      }
    for event in path { try order.receive(event) }
    #expect(order.state == state)
    return order
  }
}
