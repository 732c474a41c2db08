package import FlowrexContract

extension Instrument {
  /// Its place in ``PerInstrument``; a switch, since `allCases.firstIndex` would be a search.
  package var ordinal: Int {
    switch self {
    case .eurUSD: 0
    case .gbpUSD: 1
    case .usdJPY: 2
    case .usdCHF: 3
    case .audUSD: 4
    case .usdCAD: 5
    case .nzdUSD: 6
    case .eurGBP: 7
    case .xauUSD: 8
    case .xagUSD: 9
    }
  }
}

/// One value for each instrument, found without hashing.
package struct PerInstrument<Value> {
  package private(set) var values: [Value]

  package init(_ value: (Instrument) -> Value) { values = Instrument.allCases.map(value) }

  package subscript(instrument: Instrument) -> Value {
    get { values[instrument.ordinal] }
    _modify { yield &values[instrument.ordinal] }
  }
}

extension PerInstrument: Sendable where Value: Sendable {}
extension PerInstrument: Equatable where Value: Equatable {}
extension PerInstrument: Hashable where Value: Hashable {}
