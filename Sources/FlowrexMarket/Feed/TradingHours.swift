package import FlowrexContract
package import Ledger

/// When an instrument is traded. (C-58)
package enum TradingHours: Hashable, Sendable {
  /// A simulated market has no nights: what works on a Wednesday works on a Sunday.
  case always
  /// Currencies from Sunday 22:00 to Friday 21:00 in UTC, gold and silver with a pause from 21:00
  /// to 23:00. Real hours follow New York's clock: an hour that is open in summer only, or in
  /// winter only, is closed here.
  case currencies

  package func areOpen(for instrument: Instrument, at moment: Timestamp) -> Bool {
    switch self {
    case .always: return true
    case .currencies:
      let hour = moment.microseconds.flooredQuotient(by: 60 * Span.minute.microseconds)
      // 1 January 1970 was a Thursday; weeks begin on Sunday.
      let sinceSunday = hour + 4 * 24
      let ofWeek = sinceSunday - sinceSunday.flooredQuotient(by: 7 * 24) * 7 * 24
      guard (22..<5 * 24 + 21).contains(ofWeek) else { return false }
      let isMetal = [.xauUSD, .xagUSD].contains(instrument)
      return !isMetal || ofWeek % 24 < 21 || ofWeek % 24 >= 23
    }
  }
}
