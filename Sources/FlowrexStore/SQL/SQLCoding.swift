import FlowrexContract
import Ledger
import Risk

extension SQLValue {
  static func id<Kind>(_ id: Identifier<Kind>) -> Self { .text(id.description) }
  static func id<Kind>(_ id: Identifier<Kind>?) -> Self {
    id.map { .text($0.description) } ?? .null
  }
  static func number<Kind>(_ number: Fixed<Kind>) -> Self { .integer(number.units) }
  static func time(_ time: Timestamp) -> Self { .integer(time.microseconds) }
  static func time(_ time: Timestamp?) -> Self {
    time.map { .integer($0.microseconds) } ?? .null
  }
  static func count(_ count: Int) -> Self { .integer(Int64(count)) }
  static func flag(_ flag: Bool) -> Self { .integer(flag ? 1 : 0) }
  static func word<Word: RawRepresentable<String>>(_ word: Word) -> Self { .text(word.rawValue) }
  static func integer(_ integer: Int64?) -> Self { integer.map { .integer($0) } ?? .null }
  static func text(_ text: String?) -> Self { text.map { .text($0) } ?? .null }
}

extension RowReader {
  mutating func id<Kind>() throws(StoreFault) -> Identifier<Kind> {
    try read { Identifier(text: $0) }
  }

  mutating func optionalID<Kind>() throws(StoreFault) -> Identifier<Kind>? {
    guard let text = optionalText() else { return nil }
    guard let id = Identifier<Kind>(text: text) else { throw unreadable(text) }
    return id
  }

  mutating func number<Kind>() throws(StoreFault) -> Fixed<Kind> {
    let units = try integer()
    do { return try Fixed(units: units) } catch { throw unreadable(String(units)) }
  }

  mutating func optionalNumber<Kind>() throws(StoreFault) -> Fixed<Kind>? {
    guard let units = try optionalInteger() else { return nil }
    do { return try Fixed(units: units) } catch { throw unreadable(String(units)) }
  }

  mutating func time() throws(StoreFault) -> Timestamp { Timestamp(microseconds: try integer()) }

  mutating func optionalTime() throws(StoreFault) -> Timestamp? {
    try optionalInteger().map { Timestamp(microseconds: $0) }
  }

  mutating func count() throws(StoreFault) -> Int { Int(try integer()) }
  mutating func flag() throws(StoreFault) -> Bool { try integer() != 0 }

  mutating func word<Word: RawRepresentable<String>>() throws(StoreFault) -> Word {
    try read { Word(rawValue: $0) }
  }

  mutating func conversion() throws(StoreFault) -> Conversion {
    let kind = try text()
    let rate: Price? = try optionalNumber()
    switch (kind, rate) {
    case ("none", nil): return .none
    case ("times", let rate?): return .times(rate)
    case ("over", let rate?): return .over(rate)
    default: throw unreadable(kind)
    }
  }
}

extension Conversion {
  /// As two columns.
  var stored: (kind: SQLValue, rate: SQLValue) {
    switch self {
    case .none: (.text("none"), .null)
    case .times(let rate): (.text("times"), .number(rate))
    case .over(let rate): (.text("over"), .number(rate))
    }
  }
}

extension OrderEvent {
  init?(kind: OrderEventKind, quantity: Quantity?) {
    switch (kind, quantity) {
    case (.filled, let quantity?): self = .filled(quantity)
    case (.filled, nil): return nil
    case (.approved, _): self = .approved
    case (.refused, _): self = .refused
    case (.approvalExpired, _): self = .approvalExpired
    case (.submitted, _): self = .submitted
    case (.acknowledged, _): self = .acknowledged
    case (.rejected, _): self = .rejected
    case (.cancelRequested, _): self = .cancelRequested
    case (.cancelled, _): self = .cancelled
    case (.expired, _): self = .expired
    case (.answerLost, _): self = .answerLost
    case (.provedAbsent, _): self = .provedAbsent
    case (.settledAbsent, _): self = .settledAbsent
    }
  }
}
