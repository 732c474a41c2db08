/// A configuration value as an environment states it.
public struct Setting: Sendable, Hashable {
  /// The environment variable.
  public let key: String
  /// The value in the form that the service reads.
  public let text: String
  /// Where the specification states it.
  public let file: String
  public let line: Int
  /// The argument that states it, where one call states several keys.
  public let argument: String?

  public init(key: String, text: String, file: String, line: Int, argument: String? = nil) {
    self.key = key
    self.text = text
    self.file = file
    self.line = line
    self.argument = argument
  }
}

/// A value that can be written into an environment variable and read back unchanged.
public protocol ConfigValue: Sendable {
  var text: String { get }
  /// What the reference documentation calls the type.
  static var typeName: String { get }
}

extension String: ConfigValue {
  public var text: String { self }
  public static var typeName: String { "text" }
}
extension Int: ConfigValue {
  public var text: String { String(self) }
  public static var typeName: String { "whole number" }
}
extension Bool: ConfigValue {
  public var text: String { self ? "true" : "false" }
  public static var typeName: String { "`true` or `false`" }
}
extension Duration: ConfigValue {
  /// In seconds: the keys that hold a time span end in `_SECONDS`.
  public var text: String { number.description }
  public static var typeName: String { "seconds" }
}
extension ByteCount: ConfigValue {
  public var text: String { String(bytes) }
  public static var typeName: String { "bytes" }
}
extension Ratio: ConfigValue {
  public var text: String { number.description }
  public static var typeName: String { "ratio from 0 to 1" }
}
extension Money: ConfigValue {
  public var text: String { number.description }
  public static var typeName: String { "US dollars" }
}
extension Array: ConfigValue where Element: ConfigValue {
  public var text: String { map(\.text).joined(separator: ",") }
  public static var typeName: String { "list of \(Element.typeName), separated by commas" }
}
extension ConfigValue where Self: RawRepresentable, RawValue == String {
  public var text: String { rawValue }
}
extension ConfigValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  public static var typeName: String {
    "one of " + allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
  }
}

/// A configuration key: a variable that the service reads.
public struct Key<Value: ConfigValue>: Sendable {
  public let name: String
  /// What the service uses when nobody says otherwise; `nil` means every environment states it.
  public let `default`: Value?
  public let help: String

  public init(_ name: String, default value: Value? = nil, _ help: String) {
    self.name = name
    self.default = value
    self.help = help
  }

  /// States a value: `.logLevel(.warning)`.
  public func callAsFunction(
    _ value: Value, argument: String? = nil, file: String = #filePath, line: Int = #line
  ) -> Setting {
    Setting(key: name, text: value.text, file: file, line: line, argument: argument)
  }

  /// The key without its type.
  public var declaration: KeyDeclaration {
    KeyDeclaration(
      name: name, defaultText: self.default?.text, type: Value.typeName, help: help)
  }
}

/// A configuration key as documentation and checkers see it.
public struct KeyDeclaration: Sendable, Hashable {
  public let name: String
  public let defaultText: String?
  public let type: String
  public let help: String

  public init(name: String, defaultText: String?, type: String, help: String) {
    self.name = name
    self.defaultText = defaultText
    self.type = type
    self.help = help
  }
}

/// All that one environment tells a service. Only a contract knows how to make one.
public struct Configuration<S: Stage>: Sendable {
  public let settings: [Setting]
  public init(stating settings: [Setting]) { self.settings = settings }
}
