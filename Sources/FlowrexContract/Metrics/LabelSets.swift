public import ServiceContract

/// Labels of `http_requests_total`. (S17-MET-01)
public struct RequestLabels: LabelSet {
  public let method: Label<HTTPMethod> = "method"
  /// The route's template, never the path that was asked for. (C-23)
  public let endpoint: Label<Endpoint> = "endpoint"
  public let status: Label<StatusClass> = "status"
  public init() {}
}

/// Labels of `http_request_duration_seconds`. (S17-MET-02)
public struct RouteLabels: LabelSet {
  public let method: Label<HTTPMethod> = "method"
  public let endpoint: Label<Endpoint> = "endpoint"
  public init() {}
}

/// Labels of the limiter's metrics.
public struct LimitLabels: LabelSet {
  public let limit: Label<LimitClassName> = "limit_class"
  public init() {}
}

/// Labels of the limiter's decisions without Redis.
public struct DegradedLimitLabels: LabelSet {
  public let limit: Label<LimitClassName> = "limit_class"
  public let decision: Label<DegradedDecision> = "decision"
  public init() {}
}

/// Labels of the trade counters, so that one can be divided by another. (S17-MET-03)
public struct TradeLabels: LabelSet {
  public let symbol: Label<Instrument> = "symbol"
  public let side: Label<Side> = "side"
  public let mode: Label<ExecutionMode> = "execution_mode"
  public init() {}
}

/// One series per instrument.
public struct SymbolLabels: LabelSet {
  public let symbol: Label<Instrument> = "symbol"
  public init() {}
}

/// One series per state of an order.
public struct OrderStateLabels: LabelSet {
  public let state: Label<OrderState> = "state"
  public init() {}
}

/// Labels of `signals_generated_total`. (S17-MET-04)
public struct SignalLabels: LabelSet {
  public let strategy: Label<StrategyKind> = "strategy"
  public let type: Label<SignalType> = "signal_type"
  public init() {}
}

/// One series per denial code.
public struct DenialLabels: LabelSet {
  public let code: Label<DenialCode> = "code"
  public init() {}
}

/// One series per trading state.
public struct TradingStateLabels: LabelSet {
  public let state: Label<TradingState> = "state"
  public init() {}
}

/// One series per cap.
public struct CapLabels: LabelSet {
  public let cap: Label<RiskCapName> = "cap"
  public init() {}
}

/// Labels of calls to the broker.
public struct BrokerCallLabels: LabelSet {
  public let operation: Label<BrokerOperation> = "operation"
  public let outcome: Label<CallOutcome> = "outcome"
  public init() {}
}

/// One series per operation of the broker.
public struct BrokerOperationLabels: LabelSet {
  public let operation: Label<BrokerOperation> = "operation"
  public init() {}
}

/// One series per source of quotes.
public struct SourceLabels: LabelSet {
  public let source: Label<MarketDataSource> = "source"
  public init() {}
}

/// One series per fault of a quote.
public struct QuoteFaultLabels: LabelSet {
  public let reason: Label<QuoteFault> = "reason"
  public init() {}
}

/// One series per decision on an approval.
public struct ApprovalLabels: LabelSet {
  public let decision: Label<ApprovalDecision> = "decision"
  public init() {}
}

/// One series per kind of divergence.
public struct DivergenceLabels: LabelSet {
  public let kind: Label<DivergenceKind> = "kind"
  public init() {}
}
