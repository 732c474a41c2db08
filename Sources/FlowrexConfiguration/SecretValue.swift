/// The value of a secret. It has no textual form: whatever prints it prints its place-holder.
/// (S17-CL-SEC-06, S04-OBS-07)
package struct SecretValue: Sendable {
  private let bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Lends the bytes to those who need them: a key, a password of a connection.
  package func withBytes<Result>(_ body: ([UInt8]) throws -> Result) rethrows -> Result {
    try body(bytes)
  }

  package var isEmpty: Bool { bytes.isEmpty }
}

extension SecretValue: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "(secret)" }
  package var debugDescription: String { "(secret)" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
