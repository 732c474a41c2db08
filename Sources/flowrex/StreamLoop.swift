import FlowrexConfiguration
import FlowrexContract
import FlowrexMarket
import FlowrexStore
import FlowrexStream
import Ledger
import ServiceContract
import ServiceLifecycle

/// Keeps streams going while the process serves. (S17-VAR-37 … 39)
struct StreamLoop: Service {
  let stream: StreamHub
  let bell: any ChangeBell

  func run() async throws {
    await cancelWhenGracefulShutdown { await stream.run(bell) }
    // Who came between the last word and the end.
    stream.drain()
  }
}

/// Tells streams the prices that are believed: the last of each, a few times a second, which is as
/// fast as anybody reads. (S04-TRD-02)
struct QuoteLoop: Service {
  let stream: StreamHub
  let market: LiveMarket

  private static let turn = Duration.milliseconds(250)

  func run() async throws {
    try? await cancelWhenGracefulShutdown {
      var told: [Instrument: Quote] = [:]
      while !Task.isCancelled {
        let prices = market.market()
        for instrument in Instrument.allCases {
          guard let quote = try? prices.quote(of: instrument), told[instrument] != quote else {
            continue
          }
          told[instrument] = quote
          stream.publish(
            StreamQuote(instrument, bid: quote.bid, ask: quote.ask, at: quote.asOf))
        }
        try await Task.sleep(for: Self.turn)
      }
    }
  }
}

extension StreamLimits {
  init(_ settings: StreamSettings) {
    self.init(
      sockets: settings.limit, perPerson: settings.perUser, queue: settings.queue,
      message: settings.message.bytes, heartbeat: settings.heartbeat,
      sendTimeout: settings.sendTimeout)
  }
}
