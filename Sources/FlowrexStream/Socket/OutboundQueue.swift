import FlowrexContract

/// What waits to be written to one socket: a bounded line of messages, and the last price of each
/// instrument, of which an older one is worth nothing. (S17-VAR-39)
struct OutboundQueue: Sendable {
  private struct Entry {
    let text: [UInt8]
    let since: Int64
  }

  private let limit: Int
  private var entries: [Entry] = []
  /// What was written already stays until there is much of it: taking the first out is cheap.
  private var head = 0
  private var prices: [Instrument: Entry] = [:]
  private var priceOrder: [Instrument] = []

  init(limit: Int) { self.limit = limit }

  var count: Int { entries.count - head }
  var room: Int { limit - count }
  /// Since when the first message waits; prices do not wait, they are replaced.
  var waitsSince: Int64? { count > 0 ? entries[head].since : nil }

  /// - Returns: false when there is no room.
  mutating func offer(_ text: [UInt8], now: Int64) -> Bool {
    guard room > 0 else { return false }
    entries.append(Entry(text: text, since: now))
    return true
  }

  mutating func offer(price text: [UInt8], of instrument: Instrument, now: Int64) {
    if prices.updateValue(Entry(text: text, since: now), forKey: instrument) == nil {
      priceOrder.append(instrument)
    }
  }

  /// Messages first: prices are the part that may be late.
  mutating func next() -> [UInt8]? {
    if head < entries.count {
      let text = entries[head].text
      head += 1
      if head == entries.count || head >= 256 {
        entries.removeFirst(head)
        head = 0
      }
      return text
    }
    guard !priceOrder.isEmpty else { return nil }
    return prices.removeValue(forKey: priceOrder.removeFirst())?.text
  }

  mutating func removeAll() {
    entries = []
    head = 0
    prices = [:]
    priceOrder = []
  }
}
