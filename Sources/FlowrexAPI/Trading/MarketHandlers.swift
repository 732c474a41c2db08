package import FlowrexContract
package import FlowrexMarket
import FlowrexTrading
import HTTPTypes
package import Ledger
import ServiceContract

/// The market as this process sees it. (S04-TRD-01 … 04)
package struct MarketHandlers: Sendable {
  private let market: LiveMarket
  /// What may be ordered; the key `INSTRUMENTS`.
  private let traded: [Instrument]
  private let shortest: Span

  /// - Parameter shortest: the length of the shortest candle.
  package init(_ market: LiveMarket, traded: [Instrument], shortest: Span) {
    self.market = market
    self.traded = traded
    self.shortest = shortest
  }

  package var all: [RouteHandler] {
    [
      RouteHandler(.marketStatus, OperationDocument(answer: .marketStatus), status),
      RouteHandler(.quotes, OperationDocument(answer: .quotes), quotes),
      RouteHandler(
        .quote, OperationDocument(answer: .quoteView, others: [.notFound, .priceUnavailable]),
        quote),
      RouteHandler(
        .candles,
        OperationDocument(
          answer: .candles,
          query: [.limit, .candleLength(shortest: Int(shortest.microseconds / 1_000_000))],
          others: [.notFound, .invalidField]),
        candles),
    ]
  }

  @Sendable private func status(_ call: Call) async throws -> Answer {
    try .json(JSONTree.status(market.status()))
  }

  @Sendable private func quotes(_ call: Call) async throws -> Answer {
    let status = market.status()
    let lines = status.lines.filter { traded.contains($0.instrument) && $0.quote != nil }
    return try .json(
      JSONTree.view(at: status.asOf, ["items": .list(lines.compactMap(JSONTree.quote))]))
  }

  private func instrument(_ call: Call) throws -> Instrument {
    guard let instrument = call.parameters["symbol"].flatMap(Instrument.init(rawValue:)),
      traded.contains(instrument)
    else { throw Problem(.notFound) }
    return instrument
  }

  @Sendable private func quote(_ call: Call) async throws -> Answer {
    let instrument = try instrument(call)
    let status = market.status()
    guard let line = status.lines.first(where: { $0.instrument == instrument }),
      let quote = JSONTree.quote(line)
    else { throw Problem(.priceUnavailable, headers: [.retryAfter: "1"]) }
    return try .json(JSONTree.view(at: status.asOf, ["quote": quote]))
  }

  @Sendable private func candles(_ call: Call) async throws -> Answer {
    let instrument = try instrument(call)
    let page = try PageRequest(call.query)
    var length = shortest
    if let text = try call.single("seconds") {
      guard let seconds = Int32(text), seconds > 0,
        Span.seconds(seconds).microseconds % shortest.microseconds == 0
      else { throw Problem(.invalidField, field: "seconds") }
      length = .seconds(seconds)
    }
    let candles = market.candles(page.limit, of: instrument, length: length)
    return try .json(
      ["items": .list(candles.map(JSONTree.candle))] as JSONTree)
  }
}

extension JSONTree {
  static func status(_ status: MarketStatus) -> Self {
    view(
      at: status.asOf,
      [
        "is_open": .flag(status.isOpen), "is_fresh": .flag(status.isFresh),
        "items": .list(
          status.lines.map { line in
            var fields: [String: Self] = [
              "symbol": .word(line.instrument), "is_open": .flag(line.isOpen),
              "is_fresh": .flag(line.isFresh), "age_seconds": .seconds(line.age),
            ]
            fields["source"] = line.source.map { .word($0) }
            fields["latency_seconds"] = line.latency.map { .seconds($0) }
            return .object(fields)
          }),
      ])
  }

  /// `nil` without a believed quote.
  static func quote(_ line: MarketStatus.Line) -> Self? {
    guard let quote = line.quote else { return nil }
    return [
      "symbol": .word(line.instrument), "bid": .decimal(quote.bid), "ask": .decimal(quote.ask),
      "quoted_at": .moment(quote.asOf), "age_seconds": .seconds(line.age),
      "is_fresh": .flag(line.isFresh),
    ]
  }

  static func candle(_ candle: Candle) -> Self {
    [
      "from": .moment(candle.start), "open": .decimal(candle.open), "high": .decimal(candle.high),
      "low": .decimal(candle.low), "close": .decimal(candle.close),
      "quotes": .number(candle.quotes),
    ]
  }

  /// As decimal text.
  static func seconds(_ span: Span) -> Self {
    .text(String(span.description.dropLast(2)))
  }
}
