public import ServiceContract

extension Flowrex {
  public static let tradesExecuted = Counter<TradeLabels>(
    "trades_executed_total", "Fills booked in the ledger. (S17-MET-03)")

  public static let tradesAttempted = Counter<TradeLabels>(
    "trades_attempted_total", "Orders handed to a broker. (S17-ALERT-07, C-24)")

  public static let tradesFailed = Counter<TradeLabels>(
    "trades_failed_total", "Orders handed to a broker that ended without a fill. (C-24)")

  public static let ordersAccepted = Counter<TradeLabels>(
    "orders_accepted_total", "Orders made durable, whatever became of them. (S04-OBS-02)")

  public static let orderTransitions = Counter<OrderStateLabels>(
    "order_transitions_total", "Orders that entered a state. (S04-OBS-02, S04-TRD-05)")

  public static let openOrders = Gauge<OrderStateLabels, Count>(
    "open_orders", "Orders now in a state; ended ones are not counted. (S04-OBS-02)")

  public static let orderLatency = Histogram<Unlabelled, Duration>(
    "order_latency_seconds", buckets: orderBuckets,
    "From the request to the durable order, risk checks included. (S04-TRD-07)")

  public static let brokerRequests = Counter<BrokerCallLabels>(
    "broker_requests_total", "Calls to the broker by their end. (S04-OBS-10)")

  public static let brokerRequestDuration = Histogram<BrokerOperationLabels, Duration>(
    "broker_request_duration_seconds", buckets: orderBuckets,
    "How long the broker takes to answer. (S04-OBS-10, S04-RES-09)")

  public static let idempotentReplays = Counter<Unlabelled>(
    "idempotent_replays_total", "Orders that were asked for again, and not sent. (S04-RES-07)")

  public static let idempotencyConflicts = Counter<Unlabelled>(
    "idempotency_conflicts_total", "Keys used again for something else. (S04-RES-07)")

  public static let approvalsPending = Gauge<Unlabelled, Count>(
    "approvals_pending", "Orders that wait for a person. (C-65)")

  public static let approvalsDecided = Counter<ApprovalLabels>(
    "approvals_decided_total", "Approvals given, refused and expired. (C-65)")

  public static let signalsGenerated = Counter<SignalLabels>(
    "signals_generated_total", "Signals stored, by strategy kind. (S17-MET-04)")

  public static let activeStrategies = Gauge<Unlabelled, Count>(
    "active_strategies", "Strategies switched on. (S17-MET-05)")

  private static let orderBuckets: [Duration] = [
    .milliseconds(1), .milliseconds(2), .milliseconds(5), .milliseconds(10), .milliseconds(25),
    .milliseconds(50), .milliseconds(100), .milliseconds(250), .milliseconds(500), .seconds(1),
    .seconds(2), .seconds(5), .seconds(8),
  ]
}

extension Flowrex {
  /// What the API decides about orders; what people settle through it may end one, or differ.
  public static let decisionFamilies: [MetricFamily] = [
    ordersAccepted.family, orderTransitions.family, orderLatency.family,
    idempotentReplays.family, idempotencyConflicts.family, approvalsDecided.family,
    signalsGenerated.family, riskRejections.family, riskDecision.family, tradesFailed.family,
    divergencesFound.family,
  ]

  /// What becomes of them on the way to the broker and back.
  public static let deliveryFamilies: [MetricFamily] = [
    tradesExecuted.family, tradesAttempted.family, tradesFailed.family,
    orderTransitions.family, approvalsDecided.family, brokerRequests.family,
    brokerRequestDuration.family, outboxMessages.family, outboxAge.family,
    outboxDeliveries.family,
  ]
}
