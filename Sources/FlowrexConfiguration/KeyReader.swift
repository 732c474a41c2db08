package import FlowrexContract
package import ServiceContract

/// Reads keys of the contract, remembers which, and collects every problem until the end.
package struct KeyReader {
  package let stage: StageKind
  /// The names of the keys that were asked for, found or not.
  package private(set) var namesRead: Set<String> = []
  package private(set) var problems: [ConfigurationProblem] = []
  private var variables: [String: String]

  /// Reads the stage first: it decides what the other keys may say.
  ///
  /// - Parameter variables: The environment, with the optional file's lines below it.
  package init(_ variables: [String: String]) {
    self.variables = variables
    // Without a stage nothing starts; the other keys are then judged as a laptop's, so that the
    // one line that matters is not lost among what production would also want. (S17-SEC-07)
    stage =
      variables[Derived.environment.name].flatMap(StageKind.init(configurationText:))
      ?? .development
    _ = value(Derived.environment)
  }

  /// A key with a default.
  package mutating func value<Value: ReadableValue>(_ key: Key<Value>) -> Value {
    if let value: Value = found(key.name) { return value }
    if variables[key.name] == nil, key.default == nil { missing(key.name) }
    return key.default ?? .placeholder
  }

  /// A key that every deployed environment states; a laptop has a value of its own for most.
  package mutating func value<Value: ReadableValue>(_ key: StatedKey<Value>) -> Value {
    if let value: Value = found(key.name) { return value }
    guard variables[key.name] == nil else { return .placeholder }
    if stage == .development, let value = key.onLaptop { return value }
    missing(key.name)
    return .placeholder
  }

  /// What an image states. One that was built without its arguments states nothing, in variables
  /// that are empty.
  package mutating func stamp(_ key: StatedKey<String>) -> String {
    if variables[key.name]?.isEmpty == true { variables[key.name] = nil }
    return value(key)
  }

  /// A whole number between two bounds.
  package mutating func value(_ key: Key<Int>, in range: ClosedRange<Int>) -> Int {
    bounded(value(key), key.name, range)
  }

  package mutating func value(_ key: StatedKey<Int>, in range: ClosedRange<Int>) -> Int {
    bounded(value(key), key.name, range)
  }

  /// A time span of more than nothing, which a clock can tell from nothing.
  package mutating func span(_ key: Key<Duration>) -> Duration {
    let value = value(key)
    if value <= .zero {
      refuse(key.name, "must be longer than 0 seconds")
    } else if value < .milliseconds(1) {
      refuse(key.name, "must be at least 0.001 seconds")
    }
    return value
  }

  /// A time span between two bounds.
  package mutating func span(
    _ key: Key<Duration>, in range: ClosedRange<Duration>
  ) -> Duration {
    let value = span(key)
    if !range.contains(value) {
      let (least, most) = (range.lowerBound.number, range.upperBound.number)
      refuse(key.name, "expected seconds from \(least) to \(most)")
    }
    return value
  }

  /// The least severe line; `debug` and `trace` are development's. (C-22, S17-ENV-21)
  package mutating func logLevel() -> DevelopmentLogLevel {
    let key = Setting.logLevel
    guard stage == .development, let text = variables[key.name] else {
      return DevelopmentLogLevel(rawValue: value(key).rawValue) ?? .info
    }
    namesRead.insert(key.name)
    guard let level = DevelopmentLogLevel(configurationText: text) else {
      refuse(key.name, "expected \(DevelopmentLogLevel.typeName)")
      return .info
    }
    return level
  }

  /// States something that a rule beyond one key's type found.
  package mutating func refuse(_ name: String, _ text: String) {
    problems.append(ConfigurationProblem(name, text))
  }

  /// - Throws: all problems at once, if there is one.
  func refuseIfNeeded() throws(ConfigurationRefused) {
    guard !problems.isEmpty else { return }
    // The first problem of a name is the cause; what rules say of its stand-in is none.
    var seen: Set<String> = []
    let problems = problems.filter { seen.insert($0.name).inserted }
    throw ConfigurationRefused(problems: problems.sorted { $0.name < $1.name })
  }

  /// Whether somebody stated the variable; for names that are no keys.
  func isStated(_ name: String) -> Bool { variables[name] != nil }

  /// A secret as a variable, which only development may have. (C-16, S17-SEC-02)
  func variable(of secret: SecretKey) -> String? { variables[secret.name] }

  var names: [String] { variables.keys.sorted() }

  private mutating func found<Value: ReadableValue>(_ name: String) -> Value? {
    namesRead.insert(name)
    guard let text = variables[name] else { return nil }
    guard let value = Value(configurationText: text) else {
      refuse(name, "expected \(Value.typeName)")
      return nil
    }
    return value
  }

  private mutating func missing(_ name: String) { refuse(name, "is not set") }

  private mutating func bounded(_ value: Int, _ name: String, _ range: ClosedRange<Int>) -> Int {
    if !range.contains(value) {
      refuse(name, "expected a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }
}
