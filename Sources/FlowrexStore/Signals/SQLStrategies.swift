import FlowrexContract
package import Ledger

extension SQLTransaction {
  private static let strategies = OwnedList(
    table: "strategies",
    columns: [
      "id", "owner", "client_key", "name", "kind", "mode", "created_at", "is_active", "changed_at",
    ],
    time: "created_at")

  package func insert(_ record: StrategyRecord) throws(StoreFault) -> Bool {
    let strategy = record.strategy
    return try insert(
      Self.strategies,
      [
        .id(strategy.id), .id(record.owner), .text(record.key.text), .text(strategy.name.text),
        .word(strategy.kind), .text(strategy.mode?.rawValue), .time(strategy.createdAt),
        .flag(strategy.isActive), .time(strategy.changedAt),
      ], of: record.owner, key: record.key)
  }

  package func strategy(
    under key: ClientKey, of owner: PersonID
  ) throws(StoreFault) -> StrategyRecord? {
    try run(
      Self.strategies.select("owner = $1 AND client_key = $2"), .id(owner), .text(key.text)
    ).first?.read(of: "strategies", Self.strategy)
  }

  package func strategy(_ id: StrategyID) throws(StoreFault) -> StrategyRecord? {
    try run(Self.strategies.select("id = $1"), .id(id))
      .first?.read(of: "strategies", Self.strategy)
  }

  package func strategy(
    _ id: StrategyID, _ lock: RowLock
  ) throws(StoreFault) -> StrategyRecord? {
    try run(Self.strategies.select("id = $1") + connection.dialect.holding(lock), .id(id))
      .first?.read(of: "strategies", Self.strategy)
  }

  package func save(_ record: StrategyRecord) throws(StoreFault) {
    _ = try run(
      "UPDATE strategies SET is_active = $2, changed_at = $3 WHERE id = $1",
      .id(record.strategy.id), .flag(record.strategy.isActive), .time(record.strategy.changedAt))
  }

  package func strategies(
    of owner: PersonID, _ page: PageRequest
  ) throws(StoreFault) -> ListPage<StrategyRecord> {
    try read(Self.strategies, of: owner, page, Self.strategy)
  }

  package func countActiveStrategies() throws(StoreFault) -> Int {
    try run("SELECT count(*) FROM strategies WHERE is_active = 1")
      .first?.read(of: "strategies") { row throws(StoreFault) in try row.count() } ?? 0
  }

  private static func strategy(_ row: inout RowReader) throws(StoreFault) -> StrategyRecord {
    let id: StrategyID = try row.id()
    let owner: PersonID = try row.id()
    let key = try row.read { ClientKey($0) }
    let name = try row.read { StrategyName($0) }
    let kind: StrategyKind = try row.word()
    let mode: ExecutionMode? = try row.optionalWord()
    let strategy = try Strategy(
      stored: id, name, kind, mode: mode, createdAt: row.time(), isActive: row.flag(),
      changedAt: row.time())
    return StrategyRecord(strategy, of: owner, key: key)
  }
}

extension SQLDialect {
  /// The end of a `SELECT` whose rows are held like that.
  func holding(_ lock: RowLock) -> String {
    switch (self, lock) {
    case (.sqlite, _): ""
    case (.postgresql, .shared): " FOR SHARE"
    case (.postgresql, .exclusive): " FOR UPDATE"
    }
  }
}

extension RowReader {
  mutating func optionalWord<Word: RawRepresentable<String>>() throws(StoreFault) -> Word? {
    guard let text = optionalText() else { return nil }
    guard let word = Word(rawValue: text) else { throw unreadable(text) }
    return word
  }
}
