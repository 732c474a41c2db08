package import FlowrexContract
package import Ledger

/// Prices that move like a market's, as a function of seed, instrument and moment alone.
///
/// Nothing is kept between two moments: every replica and the worker see the same price at the
/// same time without telling each other, and a process that starts anew goes on where it was. It
/// is value noise: random heights at points that are a second, 4 s, 16 s … three days apart,
/// straight lines between them, and twice the height for four times the distance, as a random
/// walk has it. Whole numbers only. (S17-ENV-08)
package struct SimulatedPrices: Hashable, Sendable {
  private let seed: UInt64

  package init(seed: UInt64) { self.seed = seed }

  /// Bid and ask, on the instrument's tick.
  package func prices(
    of instrument: Instrument, at moment: Timestamp
  ) throws(ArithmeticFault) -> (bid: Price, ask: Price) {
    let tick = InstrumentTerms.of(instrument).tick
    let spread = Self.spread(instrument) + Int(noise(instrument, 64, second(moment)) % 3)
    let below = try middle(of: instrument, at: moment).subtracting(tick.times(spread / 2))
    let bid = try below.rounded(to: tick, .down)
    return (bid, try bid.adding(tick.times(spread)))
  }

  private func middle(
    of instrument: Instrument, at moment: Timestamp
  ) throws(ArithmeticFault) -> Price {
    if instrument == .eurGBP {
      // What the two others say: nobody can earn by going round.
      let (euro, pound) = try (
        middle(of: .eurUSD, at: moment), middle(of: .gbpUSD, at: moment)
      )
      return try euro.divided(by: pound, .halfEven)
    }
    let anchor = Self.anchor(instrument)
    let deviation = Int128(deviation(of: instrument, at: moment))
    let change = try divide(Int128(anchor.units) * deviation, by: 1_000_000_000_000, .halfEven)
    return try anchor.adding(Price(units: Int64(change)))
  }

  /// From the anchor, in millionths of a millionth; a fiftieth at most, thrice as much for silver.
  private func deviation(of instrument: Instrument, at moment: Timestamp) -> Int64 {
    var sum: Int64 = 0
    for octave in 0..<Self.octaves {
      let length = Int64(1_000_000) << (2 * octave)
      let place = moment.microseconds.flooredQuotient(by: length)
      let part = moment.microseconds - place * length
      let left = height(instrument, octave, place)
      let right = height(instrument, octave, place + 1)
      sum += (left + (right - left) * part / length) << octave
    }
    return sum * Self.partsPerMillion * Self.liveliness(instrument)
  }

  private static let octaves = 10
  /// Of a second's height.
  private static let partsPerMillion: Int64 = 18

  /// From minus to plus a million.
  private func height(_ instrument: Instrument, _ octave: Int, _ place: Int64) -> Int64 {
    Int64(noise(instrument, octave, place) % 2_000_001) - 1_000_000
  }

  private func second(_ moment: Timestamp) -> Int64 {
    moment.microseconds.flooredQuotient(by: 1_000_000)
  }

  /// The same four numbers give the same one, everywhere. (the finisher of SplitMix64)
  func noise(_ instrument: Instrument, _ kind: Int, _ place: Int64) -> UInt64 {
    let parts = [UInt64(instrument.ordinal), UInt64(kind), UInt64(bitPattern: place)]
    return parts.reduce(Self.mixed(seed &+ Self.golden)) { word, part in
      Self.mixed((word ^ part) &+ Self.golden)
    }
  }

  private static let golden: UInt64 = 0x9E37_79B9_7F4A_7C15

  private static func mixed(_ start: UInt64) -> UInt64 {
    var word = start
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}

extension SimulatedPrices {
  /// Round numbers near what was paid in 2024; they mean nothing. The cross has none.
  private static func anchor(_ instrument: Instrument) -> Price {
    switch instrument {
    case .eurUSD: Price(110, .two)
    case .gbpUSD: Price(127, .two)
    case .usdJPY: Price(150)
    case .usdCHF: Price(88, .two)
    case .audUSD: Price(66, .two)
    case .usdCAD: Price(136, .two)
    case .nzdUSD: Price(61, .two)
    case .eurGBP: Price(866, .three)
    case .xauUSD: Price(2_400)
    case .xagUSD: Price(28)
    }
  }

  /// In ticks, at least.
  private static func spread(_ instrument: Instrument) -> Int {
    switch instrument {
    case .eurUSD, .usdJPY: 6
    case .gbpUSD, .usdCHF, .audUSD, .eurGBP: 9
    case .usdCAD, .nzdUSD: 11
    case .xauUSD: 25
    case .xagUSD: 20
    }
  }

  private static func liveliness(_ instrument: Instrument) -> Int64 {
    switch instrument {
    case .xauUSD: 2
    case .xagUSD: 3
    default: 1
    }
  }
}

extension Int64 {
  /// Rounded down, also below zero.
  func flooredQuotient(by divisor: Int64) -> Int64 {
    let (whole, rest) = quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? whole - 1 : whole
  }
}
