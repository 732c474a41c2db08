import FlowrexContract
package import FlowrexTrading
package import Ledger

/// The simulated venue as a value: what it was asked, at a time and in a market, gives what it
/// answers and writes. It has its own journal, which is the judge of what was really traded.
package struct VenueBook: Sendable {
  /// A line of the journal.
  package struct Entry: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
      case taken(Submission)
      /// The same order again, from somebody who lost the answer: it is not traded again.
      case repeated(OrderID)
      case refused(OrderID, String)
      case cancelAsked(OrderID)
      case told(VenueEvent)
    }
    /// By the venue's own clock.
    package let at: Timestamp
    package let kind: Kind
  }

  /// An order as the venue keeps it.
  struct Resting: Hashable {
    var submission: Submission
    var state = VenueState.working
    var filled = Quantity.zero
    var fills: [Fill] = []
    var refusal: String?
  }

  package let guarantee: SubmitGuarantee
  /// Names the journal; it is part of the names of fills, so that they never come again.
  package let epoch: Int64
  package internal(set) var journal: [Entry] = []
  var orders: [OrderID: Resting] = [:]
  /// In the order in which they came, so that matching is the same every time.
  var open: [OrderID] = []
  var events: [VenueEvent] = []
  /// Trades that are made and not yet told.
  package internal(set) var untold: [Fill] = []
  var fillCount: UInt64 = 0
  private let temper: VenueTemper
  private let seed: UInt64
  var dice: SplitMix

  package init(
    _ guarantee: SubmitGuarantee, epoch: Int64 = 1, seed: UInt64, temper: VenueTemper = .calm
  ) {
    self.guarantee = guarantee
    self.epoch = epoch
    self.temper = temper
    self.seed = seed
    dice = SplitMix(seed: seed)
  }

  package mutating func submit(
    _ submission: Submission, in market: Market, at now: Timestamp
  ) -> SubmitReceipt {
    let id = submission.order
    if guarantee == .idempotent, let known = orders[id] {
      note(.repeated(id), now)
      return known.refusal.map { .refused($0) } ?? .acknowledged
    }
    if submission.epoch != epoch {
      note(.refused(id, "it was meant for another journal"), now)
      return .otherJournal
    }
    if now > submission.goodUntil {
      // What came too late leaves no trace: another message about it may have come in time.
      note(.refused(id, "it came too late"), now)
      return .tooLate
    }
    if let reason = objection(to: submission, in: market) {
      note(.refused(id, reason), now)
      orders[id] = Resting(submission: submission, state: .rejected, refusal: reason)
      return .refused(reason)
    }
    note(.taken(submission), now)
    orders[id] = Resting(submission: submission)
    open.append(id)
    tell(.acknowledged, of: id, now)
    match(id, in: market, at: now, atOnce: true)
    return .acknowledged
  }

  private mutating func objection(
    to submission: Submission, in market: Market
  ) -> String? {
    let terms = InstrumentTerms.of(submission.terms.instrument)
    if let fault = submission.terms.faults(against: terms).first { return fault.description }
    if market.quotes[terms.instrument] == nil { return "there is no price" }
    if (try? market.conversion(of: terms.quote, .fewer)) == nil { return "there is no price" }
    return dice.happens(temper.refusals) ? "the venue is not willing" : nil
  }

  package mutating func cancel(_ id: OrderID, in market: Market, at now: Timestamp) -> CancelReceipt
  {
    note(.cancelAsked(id), now)
    guard let order = orders[id] else { return .unknown(epoch: epoch) }
    guard order.state == .working else { return .over(order.state) }
    if dice.happens(temper.lateFills), let fill = fill(of: id, in: market, share: 2) {
      untold.append(fill)
    }
    end(id, .cancelled, .cancelled, now)
    return .taken
  }

  package func lookUp(_ id: OrderID) -> VenueOrder? {
    orders[id].map { VenueOrder(id, $0.state, filled: $0.filled, fills: $0.fills) }
  }

  package func events(after sequence: Int64, limit: Int) -> [VenueEvent] {
    Array(events.dropFirst(Int(clamping: max(0, sequence))).prefix(limit))
  }

  /// Lets the market work on orders that rest, and tells of trades that were not told yet.
  package mutating func turn(in market: Market, at now: Timestamp) {
    let late = untold
    untold = []
    for fill in late { tell(fill, now) }
    for id in open { match(id, in: market, at: now, atOnce: false) }
  }

  private mutating func match(
    _ id: OrderID, in market: Market, at now: Timestamp, atOnce: Bool
  ) {
    let halves = atOnce && dice.happens(temper.partials) ? 2 : 1
    if let fill = fill(of: id, in: market, share: halves) { tell(fill, now) }
    guard let order = orders[id] else { return }
    if order.filled == order.submission.terms.quantity {
      end(id, .filled, nil, now)
    } else if order.submission.terms.life == .immediate {
      end(id, .expired, .expired, now)
    }
  }

  /// A trade for an order at the price of the moment, if there is one that it takes.
  private mutating func fill(of id: OrderID, in market: Market, share: Int) -> Fill? {
    guard let order = orders[id], order.state == .working,
      let rest = try? order.submission.terms.quantity.subtracting(order.filled),
      let price = Self.price(of: order.submission.terms, in: market)
    else { return nil }
    let terms = InstrumentTerms.of(order.submission.terms.instrument)
    let part = try? Quantity(units: rest.units / Int64(share)).rounded(to: terms.lotStep, .up)
    guard let quantity = part, quantity.isPositive, quantity <= rest,
      let fee = try? Self.feeOfALot.times(quantity, .up),
      let conversion = try? market.conversion(of: terms.quote, .fewer),
      let filled = try? order.filled.adding(quantity)
    else { return nil }
    fillCount += 1
    // The whole epoch: two journals of one venue never give two trades the same name.
    let fill = Fill(
      FillID(UInt128(UInt64(bitPattern: epoch)) << 64 | UInt128(seed << 40 | fillCount)),
      of: id, order.submission.terms.side,
      quantity, of: terms.instrument, at: price, fee: fee, conversion: conversion)
    orders[id]?.filled = filled
    return fill
  }

  /// In dollars, for one lot: usual for retail accounts with raw spreads. (C-66: ours)
  private static let feeOfALot = Amount(35, .one)

  private static func price(of terms: OrderTerms, in market: Market) -> Price? {
    guard market.isOpen[terms.instrument], let quote = market.quotes[terms.instrument] else {
      return nil
    }
    let offered = terms.side == .buy ? quote.ask : quote.bid
    guard case .limit(let limit) = terms.pricing else { return offered }
    return (terms.side == .buy ? offered <= limit : offered >= limit) ? offered : nil
  }

  private mutating func end(
    _ id: OrderID, _ state: VenueState, _ event: VenueEvent.Kind?, _ now: Timestamp
  ) {
    orders[id]?.state = state
    open.removeAll { $0 == id }
    if let event { tell(event, of: id, now) }
  }

  private mutating func tell(_ fill: Fill, _ now: Timestamp) {
    orders[fill.order]?.fills.append(fill)
    tell(.filled(fill), of: fill.order, now)
  }

  private mutating func tell(_ kind: VenueEvent.Kind, of id: OrderID, _ now: Timestamp) {
    let event = VenueEvent(sequence: Int64(events.count) + 1, order: id, kind)
    events.append(event)
    note(.told(event), now)
  }

  private mutating func note(_ kind: Entry.Kind, _ now: Timestamp) {
    journal.append(Entry(at: now, kind: kind))
  }
}
