/// How much a finding matters. There is no third word: a finding stops the run, or it does not.
public enum FindingSeverity: String, Sendable, Comparable, CaseIterable {
  case error, warning
  public static func < (left: Self, right: Self) -> Bool {
    left == .error && right == .warning
  }
}

/// A place in a file that was, or would be, written.
public struct Landing: Hashable, Sendable, Comparable {
  /// The path under the output folder.
  public let path: String
  /// The place inside the file: `services.postgres.ports[0]`, or a line.
  public let place: String
  /// The text that stands there, if it is short enough to show.
  public let text: String?
  public let line: Int?

  public init(path: String, place: String = "", text: String? = nil, line: Int? = nil) {
    self.path = path
    self.place = place
    self.text = text
    self.line = line
  }

  public static func < (left: Self, right: Self) -> Bool {
    (left.path, left.line ?? 0, left.place) < (right.path, right.line ?? 0, right.place)
  }
}

/// What a person said about a finding that they let pass for a time.
public struct FindingWaiver: Hashable, Sendable {
  public let owner: String
  public let reason: String
  /// The last day on which it holds: `2027-03-31`.
  public let until: String
  /// Where the specification says so.
  public let origin: Origin

  public init(owner: String, reason: String, until: String, origin: Origin) {
    self.owner = owner
    self.reason = reason
    self.until = until
    self.origin = origin
  }

  /// `waived by platform until 2027-03-31: the second machine comes in March`
  public var words: String { "waived by \(owner) until \(until): \(reason)" }
}

/// Something that is wrong, with both of its ends: where it was written, and where it would land.
public struct Finding: Hashable, Sendable {
  /// The rule that found it: `network/datastores-stay-private`.
  public let rule: String
  public let severity: FindingSeverity
  /// One sentence, lower case, no full stop; it names the thing in quotes and the consequence.
  public let message: String
  /// Where the specification says so, the first place first.
  public let written: [Origin]
  /// Two to four words that stand under the specification line.
  public let label: String
  public let lands: Landing?
  public let why: String
  public let fix: String
  /// The environment it was found in, or empty.
  public let environment: String
  /// Who lets it pass, and until when; `nil` for what nobody lets pass.
  public let waiver: FindingWaiver?

  public init(
    rule: String, severity: FindingSeverity = .error, message: String, written: [Origin] = [],
    label: String = "written here", lands: Landing? = nil, why: String, fix: String,
    environment: String = "", waiver: FindingWaiver? = nil
  ) {
    self.rule = rule
    self.severity = severity
    self.message = message
    self.written = written.reduce(into: []) { places, place in
      // A place that has a part in it twice is shown once.
      if !places.contains(place) { places.append(place) }
    }
    self.label = label
    self.lands = lands
    self.why = why
    self.fix = fix
    self.environment = environment
    self.waiver = waiver
  }

  /// The same finding, said of an environment.
  public func within(_ environment: String) -> Finding {
    Finding(
      rule: rule, severity: severity, message: message, written: written, label: label,
      lands: lands, why: why, fix: fix, environment: environment, waiver: waiver)
  }

  /// The same finding, which no longer stops anything but is still said, and by whom it was let
  /// pass.
  public func waived(by waiver: FindingWaiver) -> Finding {
    Finding(
      rule: rule, severity: .warning, message: message, written: written, label: label,
      lands: lands, why: why, fix: fix, environment: environment, waiver: waiver)
  }
}

extension Finding: Comparable {
  /// The order in which findings are printed: severity, place, rule, words.
  public static func < (left: Finding, right: Finding) -> Bool {
    if left.severity != right.severity { return left.severity < right.severity }
    if left.environment != right.environment { return left.environment < right.environment }
    let (first, second) = (left.written.first, right.written.first)
    if first != second {
      guard let first else { return false }
      guard let second else { return true }
      return first < second
    }
    if left.rule != right.rule { return left.rule < right.rule }
    if let one = left.lands, let other = right.lands,
      one.path != other.path || one.line != other.line
    {
      return one < other
    }
    return left.message < right.message
  }
}
