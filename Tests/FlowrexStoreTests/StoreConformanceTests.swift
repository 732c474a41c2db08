import FlowrexContract
import FlowrexStore
import FlowrexSupport
import Ledger
import Risk
import TestSupport
import Testing

/// What every store keeps, and gives back as it was. (C-39)
struct StoreConformanceTests {
  private static let account = AccountID(0xA)
  private static let owner = PersonID(0x1)
  private static let noon = HandClock.start

  private static let rich = StoredAccount(
    cash: Amount(100_000), positions: PerInstrument { _ in .flat }, reservations: [],
    state: .active, accepted: [], turnover: .zero, turnoverDay: TradingDay(number: 0),
    dayStart: .zero, equityDay: TradingDay(number: 0), peak: .zero)

  private static func key(_ text: String) throws -> ClientKey { try #require(ClientKey(text)) }

  private static func order(
    _ number: UInt128, _ pricing: Pricing = .market, mode: ExecutionMode = .autonomous
  ) throws -> OrderRecord {
    let terms = OrderTerms(.sell, Quantity(25, .two), of: .usdJPY, pricing, life: .immediate)
    return try OrderRecord(
      Order(OrderID(number), terms, mode: mode, placedAt: noon), of: account, by: owner,
      key: key("k\(number)"))
  }

  private func withAccount(
    on backend: Backend, _ body: (any Store) async throws -> Void
  ) async throws {
    try await backend.withStore { store in
      try await store.transact {
        try $0.insert(AccountRecord(Self.account, of: Self.owner, Self.rich))
      }
      try await body(store)
    }
  }

  @Test(arguments: Backend.allCases)
  func `the desk's control starts active and keeps every shape`(backend: Backend) async throws {
    try await backend.withStore { store in
      #expect(try await store.transact { try $0.control(.shared) } == TradingControl())
      let shapes: [TradingControl.KillSwitch] = [
        .engaged(by: .person(Self.owner), at: Self.noon), .engaged(by: .riskGuard, at: Self.noon),
        .releaseProposed(by: Self.owner, at: Self.noon), .released,
      ]
      for shape in shapes {
        let control = TradingControl(state: .reducing, killSwitch: shape)
        try await store.transact { try $0.save(control) }
        #expect(try await store.transact { try $0.control(.exclusive) } == control)
      }
    }
  }

  @Test(arguments: Backend.allCases)
  func `an account comes back with all that decides about its orders`(
    backend: Backend
  ) async throws {
    try await withAccount(on: backend) { store in
      var changed = Self.rich
      changed.cash = -.smallestStep
      changed.positions[.xauUSD] = Position(quantity: -Quantity(1), cost: .largest)
      changed.reservations = [
        Reservation(stored: OrderID(1), .buy, 1, of: .eurUSD, worth: Amount(5)),
        Reservation(stored: OrderID(.max), .sell, 2, of: .eurUSD, worth: .largest),
      ]
      changed.state = .halted
      changed.accepted = [Self.noon, Self.noon.adding(.seconds(1))]
      changed.turnover = Amount(7)
      changed.turnoverDay = Self.noon.day
      changed.dayStart = Amount(8)
      changed.equityDay = Self.noon.day
      changed.peak = Amount(9)
      let full = changed
      try await save(full, in: store)
      #expect(try await read(store) == full)

      // A part of a reservation is filled, another is over, and a position is closed.
      changed.reservations = [
        Reservation(
          stored: OrderID(1), .buy, Quantity(5, .one), of: .eurUSD, worth: Amount(2),
          lingersUntil: Self.noon)
      ]
      changed.positions[.xauUSD] = .flat
      let less = changed
      try await save(less, in: store)
      #expect(try await read(store) == less)
      let end = Self.noon.adding(.smallest)
      var sent = try Self.order(1)
      sent.venue = "one"
      let lingers = sent
      try await store.transact { try $0.insert(lingers) }
      for (moment, orders) in [(Self.noon, [OrderID(1)]), (Timestamp(microseconds: 5), [])] {
        let lingering = try await store.transact { rows in
          try rows.lingering(
            at: "one", in: 1, until: moment, margin: .zero, after: nil, limit: 9
          ).map { [$0.order.bits, $0.account.bits] }
        }
        #expect(lingering == orders.map { [$0.bits, Self.account.bits] })
      }
      for (venue, after, limit) in [
        ("one", nil, 0), ("two", nil, 9), ("one", Optional(OrderID(1)), 9),
      ] {
        let rest = try await store.transact {
          try $0.lingering(
            at: venue, in: 1, until: end, margin: .zero, after: after, limit: limit)
        }
        #expect(rest.isEmpty)
      }
      let account = Self.account
      #expect(try await store.transact { try $0.accounts(after: nil, limit: 9) } == [account])
      #expect(try await store.transact { try $0.accounts(after: account, limit: 9) } == [])
      #expect(try await store.transact { try $0.account(AccountID(0xB)) } == nil)
    }
  }

  private func save(_ stored: StoredAccount, in store: any Store) async throws {
    try await store.transact { rows in
      let before = try #require(try rows.account(Self.account))
      try rows.save(AccountRecord(before.id, of: before.owner, stored), was: before)
    }
  }

  private func read(_ store: any Store) async throws -> StoredAccount? {
    try await store.transact { try $0.account(Self.account)?.stored }
  }

  @Test(arguments: Backend.allCases)
  func `money that moved is booked once under its name`(backend: Backend) async throws {
    try await withAccount(on: backend) { store in
      let movement = CashMovement(.max, of: Self.account, -Amount(5), at: Self.noon)
      let isNew = try await store.transact { try $0.insert(movement) }
      #expect(isNew)
      #expect(try await !store.transact { try $0.insert(movement) })
      #expect(try await store.transact { try $0.movement(named: .max) } == movement)
      #expect(try await store.transact { try $0.movement(named: 1) } == nil)
      #expect(try await store.transact { try $0.movements(of: Self.account) } == [movement])
    }
  }

  @Test(arguments: Backend.allCases)
  func `an order comes back as it was, with its events in their order`(
    backend: Backend
  ) async throws {
    try await withAccount(on: backend) { store in
      let waiting = try Self.order(1, .limit(Price(150_123, .three)), mode: .guide)
      var sent = try Self.order(2)
      let fresh = sent
      try await store.transact { rows in
        try rows.insert(waiting)
        try rows.insert(fresh)
      }
      try sent.order.receive(.submitted)
      try sent.order.receive(.filled(Quantity(10, .two)))
      try sent.order.receive(.cancelRequested)
      sent.events = 3
      sent.goodUntil = Self.noon.adding(.seconds(5))
      sent.venue = "one"
      sent.epoch = 3
      let moved = sent
      let events = [
        OrderEventRecord(order: OrderID(2), number: 1, at: Self.noon, event: .submitted),
        OrderEventRecord(
          order: OrderID(2), number: 2, at: Self.noon, event: .filled(Quantity(10, .two))),
        OrderEventRecord(order: OrderID(2), number: 3, at: Self.noon, event: .cancelRequested),
      ]
      try await store.transact { rows in
        try rows.save(moved)
        for event in events { try rows.append(event) }
      }
      #expect(try await store.transact { try $0.order(OrderID(1)) } == waiting)
      #expect(try await store.transact { try $0.order(OrderID(2)) } == moved)
      #expect(try await store.transact { try $0.order(OrderID(3)) } == nil)
      #expect(try await store.transact { try $0.orders(of: Self.account) } == [waiting, moved])
      #expect(try await store.transact { try $0.events(of: OrderID(2)) } == events)
      let open: [OrderState] = [.awaitingApproval, .partiallyFilled]
      #expect(
        try await store.transact { try $0.orders(in: open, after: nil, limit: 1) } == [waiting])
      #expect(
        try await store.transact { try $0.orders(in: open, after: OrderID(1), limit: 9) }
          == [moved])
      #expect(try await store.transact { try $0.orders(in: [], after: nil, limit: 9) } == [])
      #expect(
        try await store.transact { try $0.orderIDs(in: open, after: nil, limit: 9) }
          == [OrderID(1), OrderID(2)])
      #expect(
        try await store.transact { try $0.orderIDs(in: open, after: OrderID(1), limit: 1) }
          == [OrderID(2)])
    }
  }

  @Test(arguments: Backend.allCases)
  func `the same event of an order is not written twice`(backend: Backend) async throws {
    try await withAccount(on: backend) { store in
      let order = try Self.order(1)
      let event = OrderEventRecord(
        order: OrderID(1), number: 1, at: Self.noon, event: .submitted)
      try await store.transact { rows in
        try rows.insert(order)
        try rows.append(event)
      }
      await #expect {
        try await store.transact { try $0.append(event) }
      } throws: { error in
        if case StoreFault.duplicate = error { true } else { false }
      }
    }
  }

  @Test(.covers("S04-RES-07"), arguments: Backend.allCases)
  func `an answer is kept under its key until its end`(backend: Backend) async throws {
    try await withAccount(on: backend) { store in
      let (first, second) = try (Self.key("a"), Self.key("b"))
      let answers = [
        KeptAnswer(
          to: first, of: Self.account, question: "buy 1", outcome: .accepted(OrderID(9)),
          expiresAt: Self.noon),
        KeptAnswer(
          to: second, of: Self.account, question: "buy 'é'",
          outcome: .denied(.orderRate, sentence: "too many"),
          expiresAt: Self.noon.adding(.smallest)),
      ]
      try await store.transact { rows in
        for answer in answers { try rows.keep(answer) }
      }
      #expect(try await store.transact { try $0.answer(to: first, of: Self.account) } == answers[0])
      #expect(
        try await store.transact { try $0.answer(to: second, of: Self.account) } == answers[1])
      #expect(try await store.transact { try $0.answer(to: first, of: AccountID(1)) } == nil)
      for count in [1, 0] {
        #expect(
          try await store.transact { try $0.forgetAnswers(expiredAt: Self.noon, limit: 1) }
            == count)
      }
      #expect(try await store.transact { try $0.answer(to: first, of: Self.account) } == nil)
      #expect(try await store.transact { try $0.answer(to: second, of: Self.account) } != nil)
      let again = KeptAnswer(
        to: second, of: Self.account, question: "sell", outcome: .accepted(OrderID(3)),
        expiresAt: Self.noon)
      try await store.transact { try $0.keep(again) }
      #expect(try await store.transact { try $0.answer(to: second, of: Self.account) } == again)
    }
  }

  @Test(arguments: Backend.allCases)
  func `messages are due in the order of their time, one of a kind for an order`(
    backend: Backend
  ) async throws {
    try await withAccount(on: backend) { store in
      let (one, two) = try (Self.order(1), Self.order(2))
      let late = OutboxMessage(
        .submit, OrderID(1), of: Self.account, dueAt: Self.noon.adding(.seconds(2)),
        createdAt: Self.noon)
      let early = OutboxMessage(
        .cancel, OrderID(2), of: Self.account, dueAt: Self.noon, attempts: 3,
        createdAt: Self.noon)
      try await store.transact { rows in
        try rows.insert(one)
        try rows.insert(two)
        try rows.put(late)
        try rows.put(early)
      }
      #expect(try await due(store, .zero) == [early])
      #expect(try await due(store, .seconds(2)) == [early, late])
      #expect(
        try await store.transact { try $0.dueMessages(at: Self.noon.adding(.day), limit: 1) }
          == [early])
      var later = early
      later.dueAt = Self.noon.adding(.seconds(5))
      later.attempts = 4
      let moved = later
      try await store.transact { try $0.put(moved) }
      #expect(try await due(store, .seconds(9)) == [late, moved])
      for (kind, messages) in [(OutboxKind.submit, [late]), (.cancel, [moved])] {
        let end = Self.noon.adding(.day)
        #expect(
          try await store.transact { try $0.dueMessages(kind, of: nil, at: end, limit: 9) }
            == DueMessages(messages))
      }
      // Who knows an older one does not put it off.
      let end = Self.noon.adding(.minute)
      #expect(try await !store.transact { try $0.postpone(early, to: end, attempts: 9) })
      #expect(try await store.transact { try $0.postpone(late, to: end, attempts: 1) })
      #expect(try await store.transact { try $0.message(OrderID(1), .submit) }?.dueAt == end)
      #expect(try await store.transact { try $0.message(OrderID(1), .submit) }?.attempts == 1)
      try await store.transact { try $0.remove(OrderID(1), .submit) }
      #expect(try await store.transact { try $0.message(OrderID(1), .submit) } == nil)
      #expect(try await !store.transact { try $0.postpone(late, to: end, attempts: 1) })
      #expect(try await store.transact { try $0.message(OrderID(1), .submit) } == nil)
      #expect(try await store.transact { try $0.message(OrderID(2), .cancel) } == moved)
    }
  }

  private func due(_ store: any Store, _ span: Span) async throws -> [OutboxMessage] {
    try await store.transact { try $0.dueMessages(at: Self.noon.adding(span), limit: 9) }
  }

  @Test(arguments: Backend.allCases)
  func `a fill is booked once under the venue's name`(backend: Backend) async throws {
    try await withAccount(on: backend) { store in
      let conversions: [Conversion] = [.none, .times(Price(11, .one)), .over(Price(150))]
      let order = try Self.order(1)
      let fills = conversions.enumerated().map { index, conversion in
        FillRecord(
          Fill(
            FillID(UInt128(index) << 64), of: OrderID(1), .sell, Quantity(1, .two), of: .usdJPY,
            at: Price(150), fee: -.smallestStep, conversion: conversion),
          of: Self.account, from: "one", at: Self.noon)
      }
      try await store.transact { try $0.insert(order) }
      for fill in fills {
        try await store.transact { try $0.insert(fill) }
        await #expect {
          try await store.transact { try $0.insert(fill) }
        } throws: { error in
          if case StoreFault.duplicate = error { true } else { false }
        }
        let id = fill.fill.id
        #expect(try await store.transact { try $0.fill(id, of: "one") } == fill)
        #expect(try await store.transact { try $0.fill(id, of: "two") } == nil)
      }
      #expect(try await store.transact { try $0.fills(of: Self.account) } == fills)
      // Another venue's name is another name.
      let other = FillRecord(fills[0].fill, of: Self.account, from: "two", at: Self.noon)
      try await store.transact { try $0.insert(other) }
      #expect(try await store.transact { try $0.fills(of: Self.account) }.count == 4)
    }
  }

  @Test(.covers("C-65"), arguments: Backend.allCases)
  func `an approval is due when its time is over and nobody has decided`(
    backend: Backend
  ) async throws {
    try await withAccount(on: backend) { store in
      let records = try [1, 2].map { try Self.order($0, mode: .guide) }
      let approvals = records.map {
        ApprovalRecord(
          Approval(of: $0.order.id, requestedAt: Self.noon, life: .minute), of: Self.account)
      }
      try await store.transact { rows in
        for record in records { try rows.insert(record) }
        for approval in approvals { try rows.insert(approval) }
      }
      var decided = approvals[0]
      try decided.approval.approve(by: Self.owner, at: Self.noon)
      decided.refusal = Refusal(.leverage, "too much")
      let given = decided
      try await store.transact { try $0.save(given) }
      #expect(try await store.transact { try $0.approval(of: OrderID(1)) } == given)
      #expect(try await store.transact { try $0.approval(of: OrderID(3)) } == nil)
      let end = Self.noon.adding(.minute)
      #expect(
        try await store.transact { try $0.dueApprovals(at: end, after: nil, limit: 9) }
          == [OrderID(2)])
      #expect(
        try await store.transact { try $0.dueApprovals(at: end, after: OrderID(2), limit: 9) } == []
      )
      #expect(
        try await store.transact { try $0.dueApprovals(at: Self.noon, after: nil, limit: 9) } == [])
      var expired = approvals[1]
      try expired.approval.expire(at: end)
      let over = expired
      try await store.transact { try $0.save(over) }
      #expect(try await store.transact { try $0.approval(of: OrderID(2)) } == over)
      #expect(try await store.transact { try $0.dueApprovals(at: end, after: nil, limit: 9) } == [])
    }
  }

  @Test(arguments: Backend.allCases)
  func `a difference is open until it is settled, and may come again`(
    backend: Backend
  ) async throws {
    try await backend.withStore { store in
      let first = Divergence(.stateDiffers, of: "1", "so", foundAt: Self.noon)
      let again = Divergence(.stateDiffers, of: "1", "other", foundAt: Self.noon.adding(.minute))
      try await store.transact { rows in
        try rows.note(first)
        try rows.note(again)
      }
      #expect(try await store.transact { try $0.openDivergences(limit: 9) } == [first])
      #expect(try await store.transact { try $0.countOpenDivergences() } == 1)
      #expect(try await store.transact { try $0.openDivergence(.stateDiffers, of: "1") } == first)
      #expect(try await store.transact { try $0.openDivergence(.stateDiffers, of: "2") } == nil)
      #expect(try await store.transact { try $0.openDivergence(.workFails, of: "1") } == nil)
      try await store.transact { try $0.settle(.stateDiffers, of: "1", at: Self.noon) }
      #expect(try await store.transact { try $0.openDivergence(.stateDiffers, of: "1") } == nil)
      #expect(try await store.transact { try $0.openDivergences(limit: 9) } == [])
      try await store.transact { try $0.note(again) }
      #expect(try await store.transact { try $0.openDivergences(limit: 9) } == [again])
    }
  }

  @Test(.covers("S04-TRD-10"), arguments: Backend.allCases)
  func `an event that is not booked is kept whole, once`(backend: Backend) async throws {
    try await backend.withStore { store in
      let fill = Fill(
        FillID(1 << 64), of: OrderID(8), .sell, Quantity(1, .two), of: .usdJPY, at: Price(150),
        fee: -.smallestStep, conversion: .over(Price(150)))
      let events = [(4, OrderEventKind.cancelled, nil), (12, .filled, fill)].map {
        UnbookedEvent(
          from: "one", at: VenueCursor(epoch: 2, sequence: $0.0), of: OrderID(9), $0.1, $0.2,
          heardAt: Self.noon)
      }
      let again = UnbookedEvent(
        from: "one", at: events[0].place, of: OrderID(9), .expired, nil, heardAt: Self.noon)
      try await store.transact { rows in
        for event in events.reversed() { try rows.keep(event) }
        try rows.keep(again)
      }
      #expect(try await store.transact { try $0.unbooked(of: "one", limit: 9) } == events)
      #expect(try await store.transact { try $0.unbooked(of: "one", limit: 1) } == [events[0]])
      #expect(try await store.transact { try $0.unbooked(of: "two", limit: 9) } == [])
      let place = events[1].place
      #expect(try await store.transact { try $0.unbooked(place, of: "one") } == events[1])
      #expect(try await store.transact { try $0.unbooked(.beginning, of: "one") } == nil)
      try await store.transact { try $0.removeUnbooked(place, of: "one") }
      #expect(try await store.transact { try $0.unbooked(of: "one", limit: 9) } == [events[0]])
    }
  }

  @Test(.covers("S04-TRD-10"), arguments: Backend.allCases)
  func `a gap is kept as its places, and taken away as it was read`(
    backend: Backend
  ) async throws {
    try await backend.withStore { store in
      func gap(_ first: Int64, _ last: Int64, of broker: String = "one") throws -> EventGap {
        try #require(
          EventGap(of: broker, 2, from: first, to: last, noted: 3, dueAt: Self.noon))
      }
      #expect(EventGap(of: "one", 2, from: 5, to: 4, noted: 3, dueAt: Self.noon) == nil)
      let gaps = try [gap(4, 5), gap(10, 10)]
      let (other, grown) = try (gap(4, 5, of: "two"), gap(4, 6))
      try await store.transact { rows in
        for gap in gaps.reversed() + [other] { try rows.keep(gap) }
      }
      #expect(try await store.transact { try $0.gaps(of: "one", in: 2, limit: 9) } == gaps)
      #expect(try await store.transact { try $0.gaps(of: "one", in: 2, limit: 1) } == [gaps[0]])
      #expect(try await store.transact { try $0.gaps(of: "one", in: 1, limit: 9) } == [])
      #expect(try await store.transact { try $0.remove(grown) } == false)
      #expect(try await store.transact { try $0.remove(gaps[0]) })
      #expect(try await store.transact { try $0.remove(gaps[0]) } == false)
      #expect(try await store.transact { try $0.gaps(of: "one", in: 2, limit: 9) } == [gaps[1]])
      #expect(try await store.transact { try $0.gaps(of: "two", in: 2, limit: 9) } == [other])
    }
  }

  @Test(arguments: Backend.allCases)
  func `the place in a venue's events starts at nothing, for each venue`(
    backend: Backend
  ) async throws {
    try await backend.withStore { store in
      #expect(try await store.transact { try $0.heard(of: "one") } == .beginning)
      #expect(try await store.transact { try $0.cursor(of: "one") } == .beginning)
      let place = VenueCursor(epoch: 3, sequence: 7)
      try await store.transact { try $0.save(place, of: "one") }
      #expect(try await store.transact { try $0.cursor(of: "one") } == place)
      #expect(try await store.transact { try $0.heard(of: "one") } == place)
      #expect(try await store.transact { try $0.cursor(of: "two") } == .beginning)
      let runs = (1...3).map {
        ReconciliationRun(
          id: UInt128($0), at: Self.noon.adding(.seconds(Int32($0))), checked: $0, settled: 1,
          open: 0)
      }
      try await store.transact { rows in
        for run in runs { try rows.append(run) }
      }
      let page = try await store.transact { try $0.runs(PageRequest(limit: 2)) }
      #expect(page.items == [runs[2], runs[1]])
      let rest = PageRequest(after: page.next, limit: 2)
      #expect(try await store.transact { try $0.runs(rest) } == ListPage([runs[0]]))
    }
  }
}

extension Span {
  fileprivate static let zero = Span(microseconds: 0)
  fileprivate static let smallest = Span(microseconds: 1)
}
