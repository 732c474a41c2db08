package import FlowrexConfiguration
import FlowrexContract
package import FlowrexMetrics
import FlowrexServing
package import Logging
import ServiceContract

/// The log of a process, from its first line. (S17-LOG-01 … 06, C-20)
package enum ProcessLog {
  /// Sets up logging for the whole process, once, and says so.
  ///
  /// - Parameter label: The program's own lines; libraries have others.
  /// - Throws: `LogFile.NotOpened`.
  package static func start(
    _ settings: ProcessSettings, _ metrics: MetricRegistry, label: String = "flowrex"
  ) throws -> Logger {
    let file = try settings.logFile.map { try LogFile($0) }
    let frame = LineLogHandler.Frame(
      service: "flowrex-\(settings.component)", environment: settings.stage.rawValue,
      isJSON: settings.logFormat == .json, metrics: metrics, timestamp: World.timestamp,
      write: { line in
        World.writeLine(line)
        file?.write(line)
      })
    let level = Logger.Level(rawValue: settings.logLevel.rawValue) ?? .info
    LoggingSystem.bootstrap { name in
      // Libraries speak up when something is wrong. (S17-LOG-06)
      LineLogHandler(name, level: name == label ? level : max(level, .warning), frame: frame)
    }
    let logger = Logger(label: label)
    logger.info(
      "Logging configured",
      metadata: [
        "log_level": "\(settings.logLevel.rawValue)",
        "log_format": "\(settings.logFormat.rawValue)",
      ])
    return logger
  }
}
