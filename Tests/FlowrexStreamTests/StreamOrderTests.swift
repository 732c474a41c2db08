import FlowrexContract
import FlowrexStore
import FlowrexStream
import Foundation
import Ledger
import TestSupport
import Testing

/// What a client is told, in which order, and what it costs others when it does not read.
struct StreamOrderTests {
  private static func subscribe(after number: Int64) -> String {
    #"{"type":"subscribe","after":{"\#(Stage.account)":\#(number)}}"#
  }

  @Test func `a new client is shown where its accounts stand, then what happens`() async throws {
    let stage = Stage()
    stage.source.place(3, for: Stage.account)
    let (_, line) = try await stage.client()
    #expect(try line.types() == ["hello", "snapshot", "subscribed"])
    let snapshot = try Said(line.heard[1])
    #expect(snapshot.seq == 3 && snapshot.reset == false)
    #expect(line.heard[1].contains(#""positions":[{"cost":"-5","quantity":"2","symbol":"EURUSD""#))
    stage.source.place(2, for: Stage.account)
    stage.hub.heard(.accounts([Stage.account]))
    try await eventually { try line.numbers() == [3, 4, 5] }
  }

  @Test func `a client that comes back is told what it missed, each thing once`() async throws {
    let stage = Stage()
    stage.source.place(250, for: Stage.account)
    let (_, line) = try await stage.client(saying: Self.subscribe(after: 7))
    stage.hub.heard(.accounts([Stage.account]))
    try await eventually { try line.numbers().count == 243 }
    #expect(try line.numbers() == Array(8...250))
    #expect(try !line.types().contains("snapshot"))
  }

  @Test func `who was away too long, or knows the future, begins anew`() async throws {
    for after in [4, 11] as [Int64] {
      let stage = Stage()
      stage.source.place(10, for: Stage.account)
      stage.source.forget(upTo: 5, of: Stage.account)
      let (_, line) = try await stage.client(saying: Self.subscribe(after: after))
      #expect(try line.types() == ["hello", "snapshot", "subscribed"])
      #expect(try Said(line.heard[1]).reset == true)
      #expect(try line.numbers() == [10])
    }
  }

  @Test func `somebody else's account is nobody's to name`() async throws {
    let stage = Stage()
    let other = AccountID(0xB)
    stage.source.open(other, of: "bob")
    stage.source.place(2, for: other)
    let text = #"{"type":"subscribe","after":{"\#(other)":0}}"#
    let (_, line) = try await stage.client(saying: text)
    stage.hub.heard(.accounts([other, Stage.account]))
    stage.source.place(for: Stage.account)
    stage.hub.heard(.accounts([Stage.account]))
    try await eventually { try line.types().last == "order" }
    #expect(
      try line.heard.compactMap { try Said($0).account }.allSatisfy { $0 == "\(Stage.account)" })
  }

  @Test func `an account that is opened later is told of`() async throws {
    let stage = Stage()
    let (_, line) = try await stage.client("eve")
    #expect(try line.types() == ["hello", "subscribed"])
    stage.source.open(AccountID(0xE), of: "eve")
    await stage.hub.look()
    try await eventually { try line.types().last == "snapshot" }
  }

  @Test func `without a hint, and after the store was away, nothing is lost`() async throws {
    let stage = Stage()
    let (_, line) = try await stage.client()
    stage.source.goAway()
    stage.source.place(3, for: Stage.account)
    stage.hub.heard(.accounts([Stage.account]))
    await stage.hub.look()
    #expect(try line.numbers() == [0] && line.closes == [])
    stage.source.goAway(false)
    await stage.hub.look()
    try await eventually { try line.numbers() == [0, 1, 2, 3] }
  }

  @Test func `a store that is away at the beginning is said, and tried again elsewhere`()
    async throws
  {
    let stage = Stage()
    stage.source.goAway()
    let (session, line) = try await stage.client(saying: nil)
    #expect(session.receive(SocketFrame(.text, Array(Stage.subscribe.utf8))) == .nothing)
    try await eventually { line.closes == [.unavailable] }
    #expect(SocketClose.unavailable.code == 1_013)
  }

  @Test(.covers("S17-VAR-39", "S04-RES-11"))
  func `who does not read is dropped, costs a queue and no more, and harms nobody`() async throws {
    let stage = Stage()
    let (_, stuck) = try await stage.client()
    let (_, well) = try await stage.client()
    stuck.read(false)
    stage.source.place(10_000, for: Stage.account)
    stage.hub.heard(.accounts([Stage.account]))
    try await eventually { try well.numbers().count == 10_001 }
    // Nothing more is read for who has no room.
    stage.hub.heard(.accounts([Stage.account]))
    stage.time.pass(.seconds(5))
    stage.hub.beat()
    #expect(stuck.closes == [])
    stage.time.pass(.milliseconds(1))
    stage.hub.beat()
    #expect(stuck.closes == [.slowReader] && well.closes == [])
    #expect(stuck.heard.count == 3)
    #expect(try well.numbers() == Array(0...10_000))
    // A hundred pages for the one, three for the other, and a few looks.
    #expect(stage.source.reads < 120)
    #expect(stage.metric("websocket_slow_readers_dropped_total") == 1)
    // What waited is gone with the socket.
    stuck.read(true)
    #expect(stuck.heard.count == 3)
  }

  @Test(.covers("S17-VAR-39"))
  func `who reads slowly but reads is told everything in order`() async throws {
    let stage = Stage()
    let (_, line) = try await stage.client()
    line.read(false)
    stage.source.place(2_000, for: Stage.account)
    stage.hub.heard(.accounts([Stage.account]))
    while try line.numbers().count < 2_001 {
      stage.time.pass(.seconds(1))
      stage.hub.beat()
      let heard = line.heard.count
      line.read(true)
      // Something in each second, however busy this machine is.
      try await eventually { line.heard.count > heard }
      line.read(false)
    }
    #expect(try line.numbers() == Array(0...2_000) && line.closes == [])
  }

  @Test func `prices go to who asked, the last one of each and no line of old ones`() async throws {
    let stage = Stage()
    func quote(_ instrument: Instrument, _ bid: Int32) -> StreamQuote {
      StreamQuote(
        instrument, bid: Price(bid, .two), ask: Price(bid + 1, .two), at: Timestamp(microseconds: 1)
      )
    }
    stage.hub.publish(quote(.eurUSD, 1))
    let asks = #"{"type":"subscribe","quotes":["EURUSD","GBPUSD"]}"#
    let (_, line) = try await stage.client(saying: asks)
    let (_, other) = try await stage.client()
    try await eventually { try line.types().contains("quote") }
    line.read(false)
    for bid in 2...900 { stage.hub.publish(quote(.eurUSD, Int32(bid))) }
    stage.hub.publish(quote(.gbpUSD, 5))
    stage.hub.publish(quote(.usdJPY, 5))
    line.read(true)
    let quotes = try line.heard.filter { try Said($0).type == "quote" }
    #expect(quotes.count == 3)
    #expect(quotes[0].contains(#""bid":"0.01""#))
    #expect(quotes[1].contains(#""ask":"9.01""#) && quotes[1].contains(#""bid":"9""#))
    #expect(quotes[2].contains("GBPUSD") && quotes[2].contains("1970-01-01T00:00:00.000001Z"))
    #expect(try !other.types().contains("quote"))
  }
}
