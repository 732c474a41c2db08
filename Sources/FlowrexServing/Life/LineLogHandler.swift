import FlowrexContract
package import FlowrexMetrics
import Foundation
import Glibc
package import Logging

/// Writes one line for each event: JSON, or text on a laptop. (S17-LOG-01 … 04, C-20, C-21)
package struct LineLogHandler: LogHandler {
  /// What is the same in every line of a process.
  package struct Frame: Sendable {
    let service: String
    let environment: String
    let isJSON: Bool
    let timestamp: @Sendable () -> String
    let write: @Sendable ([UInt8]) -> Void
    let metrics: MetricRegistry

    /// - Parameters:
    ///   - timestamp: RFC 3339, in UTC, to the millisecond.
    ///   - write: Takes a line whole, so that lines of two threads do not mix.
    package init(
      service: String, environment: String, isJSON: Bool, metrics: MetricRegistry,
      timestamp: @escaping @Sendable () -> String, write: @escaping @Sendable ([UInt8]) -> Void
    ) {
      self.service = service
      self.environment = environment
      self.isJSON = isJSON
      self.metrics = metrics
      self.timestamp = timestamp
      self.write = write
    }
  }

  package var metadata: Logger.Metadata = [:]
  package var metadataProvider: Logger.MetadataProvider?
  package var logLevel: Logger.Level
  private let label: String
  private let frame: Frame

  package init(_ label: String, level: Logger.Level, frame: Frame) {
    self.label = label
    self.frame = frame
    logLevel = level
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    frame.metrics.add(to: Flowrex.logLines, .of(\.level, Self.severity(event.level)))
    var fields = metadata
    fields.merge(metadataProvider?.get() ?? [:]) { $1 }
    fields.merge(event.metadata ?? [:]) { $1 }
    // An error's own text may hold anything; its type says what broke. (S17-CL-SEC-06)
    if let error = event.error {
      fields["error"] = "\(String(describing: type(of: error)))"
    }
    let pairs = fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value.description) }
    frame.write(
      frame.isJSON ? json(event, pairs) : text(event, pairs))
  }

  private func json(_ event: LogEvent, _ fields: [(String, String)]) -> [UInt8] {
    var line: [UInt8] = [UInt8(ascii: "{")]
    let fixed = [
      ("timestamp", frame.timestamp()), ("level", event.level.rawValue),
      ("service", frame.service), ("environment", frame.environment), ("logger", label),
      ("message", event.message.description),
    ]
    let names = Set(fixed.map(\.0))
    for (name, value) in fixed + fields.filter({ !names.contains($0.0) }) {
      if line.count > 1 { line.append(UInt8(ascii: ",")) }
      Self.append(name, to: &line)
      line.append(UInt8(ascii: ":"))
      Self.append(value, to: &line)
    }
    return line + [UInt8(ascii: "}"), UInt8(ascii: "\n")]
  }

  private func text(_ event: LogEvent, _ fields: [(String, String)]) -> [UInt8] {
    let words = fields.map { " \($0.0)=\(Self.plain($0.1))" }.joined()
    let level = event.level.rawValue
    return Array(
      "\(frame.timestamp()) \(level) \(Self.plain(event.message.description))\(words)\n".utf8)
  }

  /// Without what could begin a line of its own. (S04-OBS-07)
  private static func plain(_ text: String) -> String {
    String(text.map { $0.isNewline || $0 == "\u{1B}" ? " " : $0 })
  }

  private static let hex = Array("0123456789abcdef".utf8)

  /// A JSON string; whatever a value holds, it stays one line.
  private static func append(_ text: String, to line: inout [UInt8]) {
    line.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): line += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): line += Array(#"\n"#.utf8)
      case 0..<0x20, 0x7F:
        line += Array(#"\u00"#.utf8) + [hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      default: line.append(byte)
      }
    }
    line.append(UInt8(ascii: "\""))
  }

  private static func severity(_ level: Logger.Level) -> LogSeverity {
    switch level {
    case .trace, .debug: .debug
    case .info, .notice: .info
    case .warning: .warning
    case .error: .error
    case .critical: .critical
    }
  }
}
