/// A reader of bytes that somebody else wrote. Whatever they are, it answers or refuses: it does
/// not crash, and it ends.
package struct Trial: Sendable, CustomStringConvertible {
  package let name: String
  private let read: @Sendable ([UInt8]) throws -> Void

  package init(_ name: String, _ read: @escaping @Sendable ([UInt8]) throws -> Void) {
    self.name = name
    self.read = read
  }

  /// Reads once, and says whether the reader took it.
  @discardableResult package func run(_ bytes: [UInt8]) -> Bool {
    do {
      try read(bytes)
      return true
    } catch {
      return false
    }
  }

  package var description: String { name }

  /// What a reader refuses with something else than an error.
  package struct Refused: Error {
    package init() {}
  }
}
