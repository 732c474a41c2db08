import FlowrexSupport
import Foundation
import TestSupport
import Testing

/// `flowrex worker` as a process of its own, ended by its own process id.
final class RunningWorker: Sendable {
  struct NotStarted: Error { let said: String }

  let metricsPort: Int
  private let process: RunningProcess

  static func run(
    _ variables: [String: String], wasReady: Bool = true,
    _ body: (RunningWorker) async throws -> Void
  ) async throws {
    for attempt in 1... {
      do {
        return try await withTemporaryFolder { folder in
          let worker = try RunningWorker(folder, variables)
          defer { worker.process.kill() }
          try await worker.awaitHealth(wasReady)
          try await body(worker)
        }
      } catch let error as NotStarted where attempt < 5 && error.said.contains("in use") {
        // Somebody else took the port between our look and the start.
      }
    }
  }

  private init(_ folder: TemporaryFolder, _ variables: [String: String]) throws {
    metricsPort = try BoundPort.free(1)[0]
    process = try RunningProcess(
      "flowrex", ["worker"], in: folder,
      [
        "ENVIRONMENT": "development", "BACKEND_HOST": "127.0.0.1",
        "METRICS_PORT": "\(metricsPort)", "LOG_FORMAT": "json", "SERVICE_NAME": "worker",
      ].merging(variables) { $1 })
  }

  func awaitHealth(_ wasReady: Bool = true) async throws {
    for _ in 0..<1_200 {
      if let answer = await ask("/health/live"), answer.body.contains("\"was_ready\":\(wasReady)") {
        return
      }
      guard process.isRunning else { break }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw NotStarted(said: logText)
  }

  var logText: String { process.logText }

  func ask(_ path: String) async -> RawAnswer? {
    await RawClient.ask("GET", path, port: metricsPort)
  }

  func metrics() async throws -> String { try #require(await ask("/metrics")).body }

  func metric(_ series: String) async throws -> Int? {
    try await metrics().split(separator: "\n").first { $0.hasPrefix(series + " ") }
      .flatMap { Int($0.dropFirst(series.count + 1)) }
  }

  /// Whether it does a job now.
  func leads(_ job: String) async throws -> Bool {
    try await metric(#"job_leader{job_name="\#(job)"}"#) == 1
  }

  func listeningPorts() throws -> Set<Int> { try process.listeningPorts() }

  func signal(_ number: Int32) { process.signal(number) }

  /// The exit status, after the end.
  func awaitEnd() async throws -> Int32 { try await process.awaitEnd() }
}
