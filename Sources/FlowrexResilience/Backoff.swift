/// Pauses between attempts: twice as long each time, up to a longest. (S04-RES-05)
package struct Backoff: Hashable, Sendable {
  private let first: Int64
  private let longest: Int64
  private var pause: Int64

  /// - Parameters: nanoseconds.
  package init(first: Int64, longest: Int64) {
    self.first = first
    self.longest = longest
    pause = first
  }

  /// The pause before the next attempt.
  package mutating func next() -> Int64 {
    defer { pause = min(pause * 2, longest) }
    return pause
  }

  package mutating func reset() { pause = first }
}
