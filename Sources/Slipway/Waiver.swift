package import SlipwayDiagnostics

/// A day of the calendar, in UTC.
public struct Day: Sendable, Hashable, Comparable {
  public let year: Int
  public let month: Int
  public let day: Int

  /// `.day(2027, 3, 31)`. A day that no calendar has is refused where it is used.
  public static func day(_ year: Int, _ month: Int, _ day: Int) -> Self {
    Self(year: year, month: month, day: day)
  }

  /// `2027-03-31`
  public var text: String {
    func padded(_ number: Int, _ count: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  /// Whether the calendar has it.
  package var exists: Bool {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (2000...9999).contains(year) && (1...12).contains(month)
      && (1...lengths[month - 1]).contains(day)
  }

  public static func < (left: Self, right: Self) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }
}

/// A finding that a person lets pass for a time: which rule, why, who answers for it, until when.
/// It is said in every report; after its last day it stops every run; one that lets nothing pass is
/// refused. A hard stop cannot be waived: ``WaivableRule`` does not have it.
public struct Waiver: Sendable {
  public let rule: WaivableRule
  /// The environment; `nil` for a rule over all of them.
  public let environment: String?
  public let reason: String
  public let owner: String
  /// The last day on which it holds.
  public let until: Day
  package let origin: Origin

  /// - Parameters:
  ///   - environment: Where the finding is let pass; leave it out for a rule over all environments.
  ///   - reason: Why the harm that the rule speaks of is borne.
  ///   - owner: The team or person who answers for it.
  ///   - until: The last day on which it holds.
  public static func waive(
    _ rule: WaivableRule, in environment: String? = nil, because reason: String, owner: String,
    until: Day, file: String = #filePath, line: Int = #line
  ) -> Self {
    Self(
      rule: rule, environment: environment, reason: reason, owner: owner, until: until,
      origin: Origin(file: file, line: line))
  }

  /// As a report shows it.
  package var note: FindingWaiver {
    FindingWaiver(owner: owner, reason: reason, until: until.text, origin: origin)
  }
}
