public import SlipwayDiagnostics

/// Text of the repository that looks like a secret and opens nothing: a published example, a value
/// that a test made up. Each entry is of one value, found by one rule, in one file.
public struct HarmlessText: Sendable, Hashable {
  /// As the finding prints it: 8 digits.
  public let fingerprint: String
  /// `leaks/assigned-secret`
  public let rule: String
  /// Under the root of the repository.
  public let path: String
  /// For whoever reviews the list.
  public let because: String
  public let origin: Origin

  public static func value(
    _ fingerprint: String, of rule: String, in path: String, because: String,
    file: String = #filePath, line: Int = #line
  ) -> Self {
    .init(
      fingerprint: fingerprint, rule: rule, path: path, because: because,
      origin: Origin(file: file, line: line))
  }
}
