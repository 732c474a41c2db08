import FlowrexVenue
import Ledger
import Risk

/// What is particular about a world. Most are usual; every fourth seed brings what those do not.
enum WorldKind: Hashable, Sendable {
  case usual
  /// Somebody orders again as soon as an order is cancelled, at a venue that tells late.
  case hurried
  /// A day ends while people trade.
  case midnight
  /// Prices fall while money goes out: little is left that carries what is open.
  case falling

  init(seed: UInt64) {
    guard seed.isMultiple(of: 4) else {
      self = .usual
      return
    }
    self = [.hurried, .midnight, .falling][Int(seed / 4 % 3)]
  }

  /// The account of whoever is in a hurry.
  static let hurriedAccount = AccountID(0xD)

  var accounts: [AccountID] {
    [AccountID(0xA), AccountID(0xB), AccountID(0xC)]
      + (self == .hurried ? [Self.hurriedAccount] : [])
  }

  /// Whether money comes to an account and goes after its beginning. Where prices fall, one keeps
  /// what it has: what it was worth at its highest is known.
  func hasMovements(_ account: AccountID) -> Bool {
    switch self {
    case .usual, .midnight: true
    case .hurried: account != Self.hurriedAccount
    case .falling: account != accounts.last
    }
  }

  /// How much of what is drawn from sixty goes out.
  var mostlyOut: Int { self == .falling ? 52 : 40 }

  var beginning: Timestamp { self == .midnight ? midnight.adding(.seconds(-40)) : World.start }

  /// The one that comes after ``World/start``.
  var midnight: Timestamp {
    Timestamp(microseconds: (World.start.day.number + 1) * Span.day.microseconds)
  }

  var temper: VenueTemper {
    self == .hurried
      ? VenueTemper(refusals: 40, partials: 800, lateFills: 900)
      : VenueTemper(refusals: 40, partials: 300, lateFills: 400)
  }

  /// What the venue promises: so long after the end of an order it tells of the last trade.
  var lateFills: Span { self == .hurried ? .seconds(5) : .seconds(2) }
  /// The venue looks at its book every so many steps of the market, half a second each: before
  /// that time is over.
  var stepsOfATurn: Int { self == .hurried ? 8 : 1 }

  /// Small numbers, so that caps are reached all the time.
  func caps(_ seed: UInt64) throws -> Caps {
    var settings = CapSettings()
    settings.orderValue = 60_000
    settings.symbolExposure = 90_000
    settings.openExposure = 150_000
    settings.openOrders = 6
    settings.ordersPerMinute = 6
    // In some worlds a few orders are a day's.
    settings.dailyTurnover = seed.isMultiple(of: 2) ? 150_000 : 500_000
    settings.dailyLoss = 600
    settings.leverage = 2
    switch self {
    case .usual: break
    case .hurried:
      settings.ordersPerMinute = 60
      settings.dailyTurnover = 5_000_000
    case .midnight:
      settings.ordersPerMinute = 20
      settings.dailyLoss = 20_000
    case .falling:
      settings.dailyTurnover = 500_000
      settings.dailyLoss = 20_000
      settings.drawdown = try Proportion(text: "0.002")
    }
    return try Caps.hard.tightened(by: settings)
  }
}
