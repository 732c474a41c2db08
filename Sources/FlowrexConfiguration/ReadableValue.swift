package import FlowrexContract
package import ServiceContract

/// A value that can be read from an environment variable: the other direction of `ConfigValue`.
package protocol ReadableValue: ConfigValue {
  /// `nil` for anything that is not exactly a value of this type.
  init?(configurationText text: String)
  /// What stands in for a value that could not be read, until the reader refuses the whole.
  static var placeholder: Self { get }
}

extension String: ReadableValue {
  package init?(configurationText text: String) { self = text }
  package static var placeholder: String { "" }
}

extension Int: ReadableValue {
  package init?(configurationText text: String) {
    // `Int` itself would also read `+5`.
    guard text.first != "+", let value = Int(text) else { return nil }
    self = value
  }
  package static var placeholder: Int { 1 }
}

extension Bool: ReadableValue {
  package init?(configurationText text: String) {
    switch text {
    case "true": self = true
    case "false": self = false
    default: return nil
    }
  }
  package static var placeholder: Bool { false }
}

extension Duration: ReadableValue {
  /// Seconds, never negative, exact to the nanosecond.
  package init?(configurationText text: String) {
    guard let number = ExactDecimal(plain: text), number.scale <= 9 else { return nil }
    var unit: Int64 = 1
    for _ in 0..<number.scale { unit *= 10 }
    self.init(
      secondsComponent: number.mantissa / unit,
      attosecondsComponent: number.mantissa % unit * (1_000_000_000 / unit) * 1_000_000_000)
  }
  package static var placeholder: Duration { .seconds(1) }
}

extension ByteCount: ReadableValue {
  package init?(configurationText text: String) {
    guard let bytes = Int(configurationText: text), bytes >= 0 else { return nil }
    self.init(bytes: bytes)
  }
  package static var placeholder: ByteCount { .kibibytes(1) }
}

extension Ratio: ReadableValue {
  package init?(configurationText text: String) {
    guard let number = ExactDecimal(plain: text), number <= 1 else { return nil }
    self.init(number)
  }
  package static var placeholder: Ratio { Ratio(0) }
}

extension Money: ReadableValue {
  package init?(configurationText text: String) {
    guard let number = ExactDecimal(plain: text), number.scale <= 2 else { return nil }
    let (cents, overflow) = number.mantissa.multipliedReportingOverflow(
      by: number.scale == 2 ? 1 : number.scale == 1 ? 10 : 100)
    guard !overflow else { return nil }
    self = .cents(cents)
  }
  package static var placeholder: Money { .cents(0) }
}

extension Array: ReadableValue where Element: ReadableValue {
  /// Nothing is the empty list; an empty element is none.
  package init?(configurationText text: String) {
    guard !text.isEmpty else {
      self = []
      return
    }
    var elements: [Element] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard !part.isEmpty, let element = Element(configurationText: String(part)) else {
        return nil
      }
      elements.append(element)
    }
    self = elements
  }
  package static var placeholder: [Element] { [] }
}

extension ReadableValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  package init?(configurationText text: String) { self.init(rawValue: text) }
  package static var placeholder: Self {
    guard let first = allCases.first else { preconditionFailure("an empty list of values") }
    return first
  }
}

extension AccessTokenLife: ReadableValue {}
extension CacheTTL: ReadableValue {}
extension DatabaseEngine: ReadableValue {}
extension DatabaseTLS: ReadableValue {}
extension DevelopmentLogLevel: ReadableValue {}
extension ExecutionMode: ReadableValue {}
extension Instrument: ReadableValue {}
extension LogFormat: ReadableValue {}
extension LogLevel: ReadableValue {}
extension PasswordCost: ReadableValue {}
extension RedisEngine: ReadableValue {}
extension RefreshTokenLife: ReadableValue {}
extension TokenAlgorithm: ReadableValue {}
extension TradingMode: ReadableValue {}
extension VenueGuarantee: ReadableValue {}

extension StageKind: ReadableValue {
  /// The two short forms that the documents use are understood, nothing else is. (C-06)
  package init?(configurationText text: String) {
    switch text {
    case "dev": self = .development
    case "prod": self = .production
    default: self.init(rawValue: text)
    }
  }
  package static var placeholder: StageKind { .production }
}

extension HostName: ReadableValue {
  package init?(configurationText text: String) {
    let allowed = text.utf8.allSatisfy { byte in
      byte.isASCIILetterOrDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        || byte == UInt8(ascii: "_")
    }
    guard !text.isEmpty, text.utf8.count <= 253, allowed else { return nil }
    self.init(text)
  }
  package static var placeholder: HostName { "localhost" }
}

extension AddressRange: ReadableValue {
  package init?(configurationText text: String) {
    guard AddressBlock(text) != nil else { return nil }
    self.init(text)
  }
  package static var placeholder: AddressRange { "127.0.0.1/32" }
}

extension ExactDecimal {
  /// Digits, and perhaps a point with digits behind it; no sign, no exponent.
  fileprivate init?(plain text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count),
      parts.allSatisfy({ part in
        !part.isEmpty && part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= $0 }
      })
    else { return nil }
    self.init(text: text)
  }
}

extension UInt8 {
  fileprivate var isASCIILetterOrDigit: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }
}
