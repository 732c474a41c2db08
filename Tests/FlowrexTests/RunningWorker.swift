import Foundation
import Glibc
import TestSupport
import Testing

/// `flowrex worker` as a process of its own, ended by its own process id.
final class RunningWorker: Sendable {
  struct NotStarted: Error { let said: String }

  let metricsPort: Int
  private let log: String
  private let process: WorkerProcess

  private struct WorkerProcess: @unchecked Sendable {
    // `Process` is used by one task at a time.
    let process: Process
  }

  static func run(
    _ variables: [String: String], wasReady: Bool = true,
    _ body: (RunningWorker) async throws -> Void
  ) async throws {
    for attempt in 1... {
      do {
        return try await withTemporaryFolder { folder in
          let worker = try RunningWorker(folder, variables)
          defer { worker.kill() }
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
    log = try folder.write("", to: "log")
    let output = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "\(buildFolder)/flowrex")
    process.arguments = ["worker"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = [
      "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "LLVM_PROFILE_FILE": "/dev/null",
      "ENVIRONMENT": "development", "BACKEND_HOST": "127.0.0.1",
      "METRICS_PORT": "\(metricsPort)", "LOG_FORMAT": "json", "SERVICE_NAME": "worker",
    ].merging(variables) { $1 }
    process.standardOutput = output
    process.standardError = output
    try process.run()
    self.process = WorkerProcess(process: process)
  }

  func awaitHealth(_ wasReady: Bool = true) async throws {
    for _ in 0..<1_200 {
      if let answer = await ask("/health/live"), answer.body.contains("\"was_ready\":\(wasReady)") {
        return
      }
      guard process.process.isRunning else { break }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw NotStarted(said: logText)
  }

  var logText: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

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

  func listeningPorts() throws -> Set<Int> {
    try RunningService.listeningPorts(of: process.process.processIdentifier)
  }

  func signal(_ number: Int32) { Glibc.kill(process.process.processIdentifier, number) }

  /// The exit status, after the end.
  func awaitEnd() async throws -> Int32 {
    for _ in 0..<1_200 where process.process.isRunning {
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(!process.process.isRunning)
    return process.process.isRunning ? -1 : process.process.terminationStatus
  }

  private func kill() {
    guard process.process.isRunning else { return }
    Glibc.kill(process.process.processIdentifier, SIGKILL)
    process.process.waitUntilExit()
  }
}
