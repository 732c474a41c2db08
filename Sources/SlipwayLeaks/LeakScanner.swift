package import SlipwayDiagnostics
import SlipwayModel

/// Looks for secrets in bytes of any kind: tokens that say what they are, values that look random
/// and are given to names that promise a secret, published sample values, and known values. Time
/// grows with the number of bytes only. (S18-HS-07, S17-HS-07, C-16)
package struct LeakScanner: Sendable {
  private let denied: Set<String>
  private let known: KnownValues

  /// - Parameters:
  ///   - denied: SHA-256 of values that are published, in hexadecimal digits. (C-16)
  ///   - known: Values that must stand nowhere.
  package init(denied: [String] = [], known: KnownValues = KnownValues([])) {
    // That of nothing is among them: an empty value is no leak.
    self.denied = Set(denied).subtracting([SHA256.hex([])])
    self.known = known
  }

  /// The leaks of one file, in the order of their lines; each value once for each rule and line.
  package func leaks(in bytes: [UInt8], path: String) -> [Leak] {
    bytes.withUnsafeBufferPointer { buffer in
      var pass = LeakPass(
        text: Text(buffer), isProgram: Self.isProgram(path), denied: denied, known: known)
      pass.run()
      return pass.leaks
    }
  }

  /// Files in which an unquoted word behind `=` is the name of something.
  private static func isProgram(_ path: String) -> Bool {
    let ends = [
      ".swift", ".py", ".js", ".ts", ".tsx", ".jsx", ".go", ".rs", ".java", ".kt", ".rb", ".c",
      ".h", ".cs", ".php", ".scala", ".jsonnet", ".libsonnet",
    ]
    return ends.contains(where: path.hasSuffix)
  }

  /// What `explain` can say of.
  package static let rules: [LeakRule] = {
    var seen: Set<String> = []
    return (TokenRules.all + Self.special).filter { seen.insert($0.id).inserted }
  }()

  static let assigned = LeakRule(
    "assigned-secret", "a value that looks random, given to a name that promises a secret",
    fix: "take it from the secret's source, and change the value that stood here", at: []
  ) { _, _ in nil }
  static let header = LeakRule(
    "authorization-header", "credentials of a request", at: ["Bearer ", "Basic "]
  ) { text, offset in
    let start = offset + (text[offset + 1] == UInt8(ascii: "e") ? 7 : 6)
    let end = text.end(
      of: ByteSet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_.=~"),
      from: start, atMost: 4_096)
    guard end - start >= 20, Randomness.isSecret(text.slice(start..<end)) else { return nil }
    return start..<end
  }
  static let published = LeakRule(
    "published-value", "a value that is published as a sample",
    fix: "delete it; a value that everybody knows protects nothing, here or elsewhere", at: []
  ) { _, _ in nil }
  static let knownValue = LeakRule(
    "known-value", "the value of a secret that it was told to look for",
    fix: "put a new value into the secret's source, and take this one out of the file", at: []
  ) { _, _ in nil }

  private static let special = [assigned, header, published, knownValue]
}

extension Leak {
  /// For people and programs; the value is not in it.
  package func finding(in path: String, commit: String? = nil) -> Finding {
    let rule = LeakScanner.rules.first { $0.id == self.rule }
    let place = commit.map { "commit \($0.prefix(12))" } ?? ""
    return Finding(
      rule: self.rule, message: "'\(path)' holds \(what) (fingerprint \(fingerprint))",
      lands: Landing(path: path, place: place, line: line), why: rule?.why ?? "",
      fix: commit == nil ? rule?.fix ?? "" : (rule?.fix ?? "") + "; history keeps it")
  }
}
