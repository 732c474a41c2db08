import FlowrexContract
package import Ledger

extension SQLTransaction {
  private static let signals = OwnedList(
    table: "signals",
    columns: [
      "id", "owner", "client_key", "strategy", "type", "instrument", "quantity", "limit_price",
      "mode", "posted_at", "expires_at", "approved_by", "approved_at", "order_id", "code",
      "sentence", "ended_at",
    ],
    time: "posted_at")

  package func insert(_ record: SignalRecord) throws(StoreFault) -> Bool {
    let (signal, terms) = (record.signal, record.signal.terms)
    let limit: SQLValue =
      if case .limit(let price) = terms.pricing { .number(price) } else { .null }
    let quantity: SQLValue = terms.quantity.map { .number($0) } ?? .null
    return try insert(
      Self.signals,
      [
        .id(signal.id), .id(record.owner), .text(record.key.text), .id(signal.strategy),
        .word(terms.type), .word(terms.instrument), quantity, limit, .word(signal.mode),
        .time(signal.postedAt), .time(signal.expiresAt),
      ] + Self.progress(of: signal), of: record.owner, key: record.key)
  }

  /// What changes: who agreed, when, and the end.
  private static func progress(of signal: Signal) -> [SQLValue] {
    let consent: [SQLValue] = [.id(signal.consent?.person), .time(signal.consent?.at)]
    switch signal.outcome {
    case .executed(let order, let at):
      return consent + [.id(order), .null, .null, .time(at)]
    case .denied(let code, let sentence, let at):
      return consent + [.null, .word(code), .text(sentence), .time(at)]
    case nil: return consent + [.null, .null, .null, .null]
    }
  }

  package func signal(
    under key: ClientKey, of owner: PersonID
  ) throws(StoreFault) -> SignalRecord? {
    try run(Self.signals.select("owner = $1 AND client_key = $2"), .id(owner), .text(key.text))
      .first?.read(of: "signals", Self.signal)
  }

  package func signal(_ id: SignalID) throws(StoreFault) -> SignalRecord? {
    try run(Self.signals.select("id = $1"), .id(id)).first?.read(of: "signals", Self.signal)
  }

  package func heldSignal(_ id: SignalID) throws(StoreFault) -> SignalRecord? {
    try run(Self.signals.select("id = $1") + connection.dialect.holding, .id(id))
      .first?.read(of: "signals", Self.signal)
  }

  package func save(_ record: SignalRecord) throws(StoreFault) {
    _ = try connection.execute(
      """
      UPDATE signals SET approved_by = $2, approved_at = $3, order_id = $4, code = $5,
        sentence = $6, ended_at = $7
      WHERE id = $1
      """, [.id(record.signal.id)] + Self.progress(of: record.signal))
  }

  package func signals(
    of owner: PersonID, _ page: PageRequest
  ) throws(StoreFault) -> ListPage<SignalRecord> {
    try read(Self.signals, of: owner, page, Self.signal)
  }

  private static func signal(_ row: inout RowReader) throws(StoreFault) -> SignalRecord {
    let id: SignalID = try row.id()
    let owner: PersonID = try row.id()
    let key = try row.read { ClientKey($0) }
    let strategy: StrategyID = try row.id()
    let terms = try terms(&row)
    let mode: ExecutionMode = try row.word()
    let (posted, expires) = (try row.time(), try row.time())
    let person: PersonID? = try row.optionalID()
    let consent = try row.optionalTime().map { Signal.Consent(by: person, at: $0) }
    return SignalRecord(
      Signal(
        stored: id, of: strategy, terms, mode: mode, postedAt: posted, expiresAt: expires,
        consent: consent, outcome: try outcome(&row)),
      of: owner, key: key)
  }

  private static func terms(_ row: inout RowReader) throws(StoreFault) -> SignalTerms {
    let type: SignalType = try row.word()
    let instrument: Instrument = try row.word()
    let quantity: Quantity? = try row.optionalNumber()
    let limit: Price? = try row.optionalNumber()
    do throws(SignalTermsFault) {
      return try SignalTerms(
        type, of: instrument, quantity, limit.map { .limit($0) } ?? .market)
    } catch {
      throw row.unreadable("\(error)")
    }
  }

  private static func outcome(
    _ row: inout RowReader
  ) throws(StoreFault) -> Signal.Outcome? {
    let order: OrderID? = try row.optionalID()
    let code: DenialCode? = try row.optionalWord()
    let sentence = row.optionalText()
    guard let at = try row.optionalTime() else { return nil }
    switch (order, code, sentence) {
    case (let order?, nil, nil): return .executed(order, at: at)
    case (nil, let code?, let sentence?): return .denied(code, sentence: sentence, at: at)
    default: throw row.unreadable("neither an order nor a denial")
    }
  }
}
