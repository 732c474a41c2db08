package import SlipwayDiagnostics

/// Something in which environments may differ, and why. What is not listed and does not follow from
/// an environment's own names must be the same everywhere, so that what passed in staging is what
/// runs in production. (S17-PR-05)
public struct Difference: Sendable {
  /// What differs.
  package enum Subject: Sendable, Hashable {
    case setting(String)
    case service(String)
    case alert(String)
    case sizes
  }
  package let subject: Subject
  package let reason: String
  package let origin: Origin

  /// A configuration key has another value. A name that no key has is refused, as is one whose
  /// values agree.
  public static func setting(
    _ key: String, because reason: String, file: String = #filePath, line: Int = #line
  ) -> Self {
    Self(subject: .setting(key), reason: reason, origin: Origin(file: file, line: line))
  }

  /// A service runs in some environments only.
  public static func service(
    _ name: String, because reason: String, file: String = #filePath, line: Int = #line
  ) -> Self {
    Self(subject: .service(name), reason: reason, origin: Origin(file: file, line: line))
  }

  /// An alert watches some environments only.
  public static func alert(
    _ name: String, because reason: String, file: String = #filePath, line: Int = #line
  ) -> Self {
    Self(subject: .alert(name), reason: reason, origin: Origin(file: file, line: line))
  }

  /// Replicas, limits and reservations.
  public static func sizes(
    because reason: String, file: String = #filePath, line: Int = #line
  ) -> Self {
    Self(subject: .sizes, reason: reason, origin: Origin(file: file, line: line))
  }
}
