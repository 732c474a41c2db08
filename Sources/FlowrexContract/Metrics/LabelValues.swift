public import ServiceContract

/// The method of a request, as a label. (S17-MET-01)
public enum HTTPMethod: String, LabelValue {
  case get = "GET"
  case post = "POST"
  case put = "PUT"
  case patch = "PATCH"
  case delete = "DELETE"
  /// `HEAD`, `OPTIONS` and whatever a scanner sends.
  case other
}

/// The class of a status code: `status=~"5.."` of the documents matches it too. (S17-MET-01)
public enum StatusClass: String, LabelValue {
  /// A WebSocket handshake that succeeded.
  case informational = "1xx"
  case success = "2xx"
  case redirect = "3xx"
  case clientError = "4xx"
  case serverError = "5xx"
}

/// What is traded: eight major currency pairs and two metals. (C-66: the list is ours)
public enum Instrument: String, LabelValue {
  case eurUSD = "EURUSD"
  case gbpUSD = "GBPUSD"
  case usdJPY = "USDJPY"
  case usdCHF = "USDCHF"
  case audUSD = "AUDUSD"
  case usdCAD = "USDCAD"
  case nzdUSD = "NZDUSD"
  case eurGBP = "EURGBP"
  case xauUSD = "XAUUSD"
  case xagUSD = "XAGUSD"
}

/// Which way an order goes. (S17-MET-03)
public enum Side: String, LabelValue { case buy, sell }

/// How an order comes to be sent. (S17-MET-03, C-65)
public enum ExecutionMode: String, LabelValue {
  /// It waits for a person's approval.
  case guide
  /// It is sent by itself, inside the caps.
  case autonomous
}

/// The kind of a stored strategy; strategies themselves are rows and have no end. (S17-MET-04)
public enum StrategyKind: String, LabelValue {
  case trendFollowing = "trend_following"
  case meanReversion = "mean_reversion"
  case breakout
  /// A person's own idea, posted through the API.
  case manual
  /// Another program's, posted through the API.
  case external
}

/// What a signal asks for. (S17-MET-04)
public enum SignalType: String, LabelValue {
  case enterLong = "enter_long"
  case enterShort = "enter_short"
  case exit
  case hold
}

/// The states of an order. (S04-TRD-05)
public enum OrderState: String, LabelValue {
  case awaitingApproval = "awaiting_approval"
  case accepted
  case submitted
  case working
  case partiallyFilled = "partially_filled"
  case filled
  case cancelled
  case rejected
  case expired
  /// The broker did not answer in time: reconciliation finds out.
  case unknown
}

/// Why the risk engine said no: the standard codes of the API. (S18-HS-10, S04-TRD-06, 07)
public enum DenialCode: String, LabelValue {
  case killSwitch = "kill_switch"
  case tradingHalted = "trading_halted"
  case reducingOnly = "reducing_only"
  case marketClosed = "market_closed"
  case priceStale = "price_stale"
  case priceOutsideBand = "price_outside_band"
  case instrumentNotTraded = "instrument_not_traded"
  case quantityInvalid = "quantity_invalid"
  case orderTooLarge = "order_too_large"
  case symbolExposure = "symbol_exposure"
  case openExposure = "open_exposure"
  case dailyTurnover = "daily_turnover"
  case dailyLoss = "daily_loss"
  case drawdown
  case leverage
  case orderRate = "order_rate"
  case openOrders = "open_orders"
  case fundsInsufficient = "funds_insufficient"
}

/// What orders may do at the moment. (S18-EMG-02, 03)
public enum TradingState: String, LabelValue {
  case active
  /// Orders that make a position smaller, and no others.
  case reducing
  case halted
}
