import FlowrexSupport
import FlowrexVenue
import Foundation
import TestSupport
import Testing

/// `flowrex venue` as a process of its own, ended by its own process id.
final class RunningVenue: Sendable {
  struct NotStarted: Error { let said: String }

  let port: Int
  let metricsPort: Int
  /// The path of its journal.
  let journal: String
  private let process: RunningProcess

  static func run(
    _ variables: [String: String] = [:], _ body: (RunningVenue) async throws -> Void
  ) async throws {
    for attempt in 1... {
      do {
        return try await withTemporaryFolder { folder in
          let ports = try BoundPort.free(2)
          let venue = try await RunningVenue(folder, ports, variables)
          defer { venue.kill() }
          try await body(venue)
        }
      } catch let error as NotStarted where attempt < 5 && error.said.contains("in use") {
        // Somebody else took the port between our look and the start.
      }
    }
  }

  /// Starts it, and waits until it was ready.
  ///
  /// - Parameter ports: its own and that of its metrics.
  init(_ folder: TemporaryFolder, _ ports: [Int], _ variables: [String: String]) async throws {
    (port, metricsPort) = (ports[0], ports[1])
    journal = folder.path(of: "venue.journal")
    process = try RunningProcess(
      "flowrex", ["venue"], in: folder,
      [
        "ENVIRONMENT": "development", "BACKEND_HOST": "127.0.0.1", "VENUE_PORT": "\(port)",
        "METRICS_PORT": "\(metricsPort)", "LOG_FORMAT": "json", "SERVICE_NAME": "venue",
        "VENUE_JOURNAL_PATH": journal,
      ].merging(variables) { $1 })
    for _ in 0..<1_200 {
      if let answer = await ask("/health/live"), answer.body.contains("\"was_ready\":true"),
        await RawClient.ask("GET", "/venue/v1/events?after=0&epoch=0&limit=1", port: port) != nil
      {
        return
      }
      guard process.isRunning else { break }
      try await Task.sleep(for: .milliseconds(20))
    }
    defer { process.kill() }
    throw NotStarted(said: logText)
  }

  var address: String { "http://127.0.0.1:\(port)" }
  var logText: String { process.logText }
  var isRunning: Bool { process.isRunning }

  /// On the port of its metrics.
  func ask(_ path: String) async -> RawAnswer? {
    await RawClient.ask("GET", path, port: metricsPort)
  }

  /// What it wrote down so far.
  func entries() throws -> [VenueBook.Entry] {
    try VenueJournal.read(journal).records.flatMap { try $0.entries() }
  }

  func listeningPorts() throws -> Set<Int> { try process.listeningPorts() }
  func signal(_ number: Int32) { process.signal(number) }
  func kill() { process.kill() }
  func awaitEnd() async throws -> Int32 { try await process.awaitEnd() }
}
