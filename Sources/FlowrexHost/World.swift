import Foundation
import Glibc
import Synchronization

/// The clock, the dice and the files: what nothing below may touch by itself.
package enum World {
  /// Seconds since 1970.
  @Sendable package static func now() -> Int64 { Int64(time(nil)) }

  private static let origin = ContinuousClock.now

  /// Nanoseconds of a clock that never goes back.
  @Sendable package static func monotonic() -> Int64 {
    let (seconds, attoseconds) = (ContinuousClock.now - origin).components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }

  /// RFC 3339, in UTC, to the millisecond. (C-21)
  @Sendable package static func timestamp() -> String {
    var moment = timespec()
    clock_gettime(CLOCK_REALTIME, &moment)
    var parts = tm()
    gmtime_r(&moment.tv_sec, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let length = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%S", &parts)
    let seconds = String(
      decoding: text.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let milliseconds = String(moment.tv_nsec / 1_000_000 + 1_000).dropFirst()
    return "\(seconds).\(milliseconds)Z"
  }

  @Sendable package static func random(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }

  /// A file of a folder; `nil` if there is none, or if its name leads elsewhere.
  @Sendable package static func file(_ folder: String, _ name: String) -> [UInt8]? {
    guard !name.contains("/") else { return nil }
    return FileManager.default.contents(atPath: "\(folder)/\(name)").map(Array.init)
  }

  /// A line, whole: of two threads, each line stays one.
  @Sendable package static func writeLine(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let written = Glibc.write(
          STDOUT_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        guard written > 0 else { return }
        rest = rest.dropFirst(written)
      }
    }
  }

  package static func complain(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
