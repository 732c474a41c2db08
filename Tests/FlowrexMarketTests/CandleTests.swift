import FlowrexContract
import FlowrexMarket
import FlowrexSupport
import Ledger
import TestSupport
import Testing

/// Candles as a pure builder makes them. (S04-TRD-04)
@Suite struct CandleTests {
  /// A minute's beginning.
  private static let start = Timestamp(microseconds: 1_700_049_600_000_000)

  private static func quote(_ bid: Int32, after seconds: Int32) throws -> Quote {
    try #require(
      Quote(
        bid: Price(bid, .five), ask: Price(bid + 2, .five), asOf: start.adding(.seconds(seconds))))
  }

  @Test(.covers("S04-TRD-04"))
  func `a candle has the first, the highest, the lowest and the last middle`() throws {
    var builder = CandleBuilder(length: .minute)
    for (bid, second) in [(110_000, 0), (110_050, 10), (109_990, 20), (110_010, 59)]
      as [(Int32, Int32)]
    {
      #expect(builder.receive(.eurUSD, try Self.quote(bid, after: second)) == nil)
    }
    let candle = try #require(builder.receive(.eurUSD, try Self.quote(110_020, after: 60)))
    #expect(candle.start == Self.start && candle.length == .minute)
    #expect(candle.open == Price(110_001, .five) && candle.close == Price(110_011, .five))
    #expect(candle.high == Price(110_051, .five) && candle.low == Price(109_991, .five))
    #expect(candle.quotes == 4)
    #expect(builder.growing(.eurUSD)?.open == Price(110_021, .five))
  }

  @Test func `a middle between two ticks is kept as it is`() throws {
    var builder = CandleBuilder(length: .minute)
    let quote = try #require(
      Quote(bid: Price(110_000, .five), ask: Price(110_001, .five), asOf: Self.start))
    _ = builder.receive(.eurUSD, quote)
    #expect(builder.growing(.eurUSD)?.open == Price(1_100_005, .six))
  }

  @Test func `a minute without a quote has no candle, and time ends one`() throws {
    var builder = CandleBuilder(length: .minute)
    _ = builder.receive(.eurUSD, try Self.quote(110_000, after: 5))
    #expect(builder.end(at: Self.start.adding(.seconds(59))) == [])
    let ended = builder.end(at: Self.start.adding(.seconds(60)))
    #expect(ended.map(\.start) == [Self.start])
    #expect(builder.end(at: Self.start.adding(.seconds(600))) == [])
    #expect(builder.receive(.eurUSD, try Self.quote(110_000, after: 300)) == nil)
  }

  /// Whatever the quotes are, candles say what a list of all middles says.
  @Test(.covers("S04-TRD-04")) func `candles of an hour say what all quotes of the hour say`()
    throws
  {
    let feed = SimulatedFeed(seed: 9, clock: HandClock(), instruments: [.xauUSD])
    let first = feed.turn(at: Timestamp(microseconds: 1_700_049_600_000_000))
    var history = CandleHistory(length: .minute)
    var middles: [Timestamp: [Price]] = [:]
    for turn in first..<first + 4 * 3_600 {
      for offered in feed.quotes(of: turn) {
        let quote = try #require(
          Quote(bid: offered.bid, ask: offered.ask, asOf: offered.asOf))
        history.receive(.xauUSD, quote)
        let minute = Timestamp(microseconds: offered.asOf.microseconds / 60_000_000 * 60_000_000)
        middles[minute, default: []].append(
          try Price(units: (offered.bid.units + offered.ask.units) / 2))
      }
    }
    let candles = history.last(100, of: .xauUSD)
    #expect(candles.map(\.start) == middles.keys.sorted())
    for candle in candles {
      let all = try #require(middles[candle.start])
      #expect(candle.open == all.first && candle.close == all.last)
      #expect(candle.high == all.max() && candle.low == all.min() && candle.quotes == all.count)
    }
    let all = middles.values.flatMap { $0 }
    let hour = history.last(10, of: .xauUSD, length: .seconds(3_600))
    #expect(hour.map(\.high) == [try #require(all.max())])
    #expect(hour.map(\.low) == [try #require(all.min())])
    #expect(hour.map(\.quotes) == [all.count])
    let quarters = history.last(10, of: .xauUSD, length: .seconds(900))
    #expect(quarters.count == 4)
    #expect(quarters.map(\.open) == [0, 15, 30, 45].map { candles[$0].open })
  }

  @Test func `only multiples of the shortest length are made of it`() throws {
    var history = CandleHistory(length: .minute)
    history.receive(.eurUSD, try Self.quote(110_000, after: 0))
    #expect(history.last(5, of: .eurUSD, length: .seconds(90)) == [])
    #expect(history.last(5, of: .eurUSD, length: .seconds(30)) == [])
    #expect(history.last(5, of: .eurUSD, length: .seconds(120)).count == 1)
    #expect(history.last(0, of: .eurUSD).isEmpty && history.last(-1, of: .eurUSD).isEmpty)
  }

  @Test func `a day is kept and what is older goes`() throws {
    var history = CandleHistory(length: .seconds(1))
    for second: Int32 in 0..<10_000 {
      history.receive(.eurUSD, try Self.quote(110_000 + second % 7, after: second))
    }
    let kept = history.last(.max, of: .eurUSD)
    #expect(kept.count == 1_441)
    #expect(kept.last?.start == Self.start.adding(.seconds(9_999)))
    #expect(kept.first?.start == Self.start.adding(.seconds(9_999 - 1_440)))
  }

  @Test func `candles that do not belong together are not merged`() throws {
    var builder = CandleBuilder(length: .minute)
    _ = builder.receive(.eurUSD, try Self.quote(110_000, after: 0))
    _ = builder.receive(.gbpUSD, try Self.quote(125_000, after: 60))
    let parts = builder.end(at: Self.start.adding(.seconds(600)))
    #expect(parts.count == 2)
    #expect(Candle(merging: parts, length: .seconds(600)) == nil)
    #expect(Candle(merging: [], length: .seconds(600)) == nil)
    #expect(Candle(merging: [parts[0]], length: .seconds(30)) == nil)
    #expect(Candle(merging: [parts[0], parts[0]], length: .seconds(600)) == nil)
  }
}
