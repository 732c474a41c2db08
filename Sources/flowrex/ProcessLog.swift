import FlowrexAPI
import FlowrexConfiguration
import FlowrexContract
import FlowrexMetrics
import Logging
import ServiceContract

/// The log of a process that stays up: one line an event, on standard output and perhaps in a
/// file. (S17-LOG-01 … 06, C-20)
enum ProcessLog {
  static func start(_ process: ProcessSettings, _ metrics: MetricRegistry) throws -> Logger {
    let file = try process.logFile.map { try LogFile($0) }
    let frame = LineLogHandler.Frame(
      service: "flowrex-\(process.component)", environment: process.stage.rawValue,
      isJSON: process.logFormat == .json, metrics: metrics, timestamp: World.timestamp,
      write: { line in
        World.writeLine(line)
        file?.write(line)
      })
    let level = Logger.Level(rawValue: process.logLevel.rawValue) ?? .info
    LoggingSystem.bootstrap { label in
      // Libraries speak up when something is wrong. (S17-LOG-06)
      let isOurs = label == "flowrex"
      return LineLogHandler(label, level: isOurs ? level : max(level, .warning), frame: frame)
    }
    let logger = Logger(label: "flowrex")
    logger.info(
      "Logging configured",
      metadata: [
        "log_level": "\(process.logLevel.rawValue)", "log_format": "\(process.logFormat.rawValue)",
      ])
    return logger
  }
}
