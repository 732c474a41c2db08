import FlowrexContract
import FlowrexStore
import FlowrexTrading
import Ledger

/// Strategies, signals and journals, as clients read them.
extension JSONTree {
  static func strategy(_ record: StrategyRecord) -> Self {
    let strategy = record.strategy
    var fields: [String: Self] = [
      "id": .id(strategy.id), "client_strategy_id": .text(record.key.text),
      "name": .text(strategy.name.text), "kind": .word(strategy.kind),
      "is_active": .flag(strategy.isActive), "created_at": .moment(strategy.createdAt),
      "changed_at": .moment(strategy.changedAt),
    ]
    fields["execution_mode"] = strategy.mode.map { .word($0) }
    return .object(fields)
  }

  static func signal(_ record: SignalRecord, at now: Timestamp) -> Self {
    let (signal, terms) = (record.signal, record.signal.terms)
    var fields: [String: Self] = [
      "id": .id(signal.id), "client_signal_id": .text(record.key.text),
      "strategy_id": .id(signal.strategy), "signal_type": .word(terms.type),
      "symbol": .word(terms.instrument), "execution_mode": .word(signal.mode),
      "state": .word(signal.state(at: now)), "posted_at": .moment(signal.postedAt),
      "expires_at": .moment(signal.expiresAt),
    ]
    fields["quantity"] = terms.quantity.map { .decimal($0) }
    if case .limit(let price) = terms.pricing { fields["limit_price"] = .decimal(price) }
    fields["approved_by"] = signal.consent?.person.map { .id($0) }
    fields["approved_at"] = signal.consent.map { .moment($0.at) }
    switch signal.outcome {
    case .executed(let order, let at):
      fields["order_id"] = .id(order)
      fields["ended_at"] = .moment(at)
    case .denied(let code, let sentence, let at):
      fields["denial"] = .denial(code, sentence)
      fields["ended_at"] = .moment(at)
    case nil: break
    }
    return .object(fields)
  }

  static func entry(_ record: JournalRecord) -> Self {
    var fields: [String: Self] = [
      "id": .id(record.id), "client_entry_id": .text(record.key.text),
      "text": .text(record.text.text), "written_at": .moment(record.at),
    ]
    fields["symbol"] = record.instrument.map { .word($0) }
    fields["signal_id"] = record.signal.map { .id($0) }
    return .object(fields)
  }
}

/// What the published document says of them.
extension BodySchema {
  private static func page(_ name: String, _ item: BodySchema) -> BodySchema {
    object(
      name, ["items": ["type": "array", "items": item.tree]],
      optional: ["next": text, "unreadable": ["type": "integer", "minimum": 0]])
  }

  private static func words<Word: RawRepresentable<String> & CaseIterable>(
    _ type: Word.Type
  ) -> JSONTree {
    ["type": "string", "enum": .list(type.allCases.map { .text($0.rawValue) })]
  }

  private static let id: JSONTree = ["type": "string", "format": "uuid"]
  private static let key: JSONTree = [
    "type": "string", "pattern": "^[0-9A-Za-z._:-]{1,64}$",
  ]
  /// A number as text, exact.
  private static let decimal: JSONTree = [
    "type": "string", "pattern": #"^-?[0-9]+(\.[0-9]{1,8})?$"#,
  ]

  /// The same without a sign.
  private static let amount: JSONTree = [
    "type": "string", "pattern": #"^[0-9]+(\.[0-9]{1,8})?$"#,
  ]

  static let newStrategy = object(
    "NewStrategy",
    [
      "client_strategy_id": key, "kind": words(StrategyKind.self),
      "name": ["type": "string", "minLength": 1, "maxLength": .number(StrategyName.longest)],
    ], optional: ["execution_mode": words(ExecutionMode.self)], isClosed: true)

  static let strategy = object(
    "Strategy",
    [
      "id": id, "client_strategy_id": key, "name": text, "kind": words(StrategyKind.self),
      "is_active": ["type": "boolean"], "created_at": moment, "changed_at": moment,
    ], optional: ["execution_mode": words(ExecutionMode.self)])

  static let strategies = page("Strategies", strategy)

  static let newSignal = object(
    "NewSignal",
    [
      "client_signal_id": key, "strategy_id": id, "signal_type": words(SignalType.self),
      "symbol": words(Instrument.self),
    ],
    optional: [
      "quantity": amount, "limit_price": amount,
      "life_seconds": [
        "type": "integer", "minimum": 1,
        "maximum": .number(Int(StrategyDesk.longestLife.microseconds / 1_000_000)),
      ],
    ], isClosed: true)

  static let signal = object(
    "Signal",
    [
      "id": id, "client_signal_id": key, "strategy_id": id,
      "signal_type": words(SignalType.self), "symbol": words(Instrument.self),
      "execution_mode": words(ExecutionMode.self), "state": words(SignalState.self),
      "posted_at": moment, "expires_at": moment,
    ],
    optional: [
      "quantity": decimal, "limit_price": decimal, "approved_by": id, "approved_at": moment,
      "order_id": id, "ended_at": moment,
      "denial": object("", ["code": words(DenialCode.self), "message": text]).tree,
    ])

  static let signals = page("Signals", signal)

  static let newJournalEntry = object(
    "NewJournalEntry",
    [
      "client_entry_id": key,
      "text": ["type": "string", "minLength": 1, "maxLength": .number(JournalText.longest)],
    ], optional: ["symbol": words(Instrument.self), "signal_id": id], isClosed: true)

  static let journalEntry = object(
    "JournalEntry",
    ["id": id, "client_entry_id": key, "text": text, "written_at": moment],
    optional: ["symbol": words(Instrument.self), "signal_id": id])

  static let journal = page("Journal", journalEntry)
}
