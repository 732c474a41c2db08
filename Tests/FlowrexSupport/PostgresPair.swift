package import FlowrexStorePostgres
import Foundation
import TestSupport

/// A primary and a copy that follows it, real servers of one test; they end with this process.
package struct PostgresPair: Sendable {
  package let primary: PostgresSettings
  /// Reached as its role that only reads.
  package let copy: PostgresSettings
  /// The role that only reads.
  package static let reader = "flowrex_reader"

  package static func start() async throws -> PostgresPair {
    let owner = String(ProcessInfo.processInfo.processIdentifier)
    let first = try await folder("serve-postgres", [owner])
    let primary = PostgresSettings(
      host: first, database: "flowrex", user: "flowrex", tls: "disable")
    try await PostgresServer.say(
      "CREATE DATABASE flowrex;\nCREATE ROLE \(reader) LOGIN;\n", primary)
    var copy = primary
    copy.host = try await folder("serve-standby", [owner, first])
    copy.user = reader
    copy.isReplica = true
    return PostgresPair(primary: primary, copy: copy)
  }

  /// What the primary says is taken, and not carried out.
  package func pause() async throws {
    try await PostgresServer.say(
      """
      SELECT pg_wal_replay_pause();
      DO $$ BEGIN
        WHILE pg_get_wal_replay_pause_state() <> 'paused' LOOP PERFORM pg_sleep(0.01); END LOOP;
      END $$;

      """, copy)
  }

  package func resume() async throws {
    try await PostgresServer.say("SELECT pg_wal_replay_resume();\n", copy)
  }

  /// Ends the copy for good, as a machine's loss would.
  package func endCopy() async throws {
    try Data().write(to: URL(filePath: copy.host).appending(path: "stop"))
    while FileManager.default.fileExists(atPath: copy.host) {
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  private static func folder(_ script: String, _ arguments: [String]) async throws -> String {
    let output = try await Tool.script(
      "../Tests/FlowrexSupport/stand-ins/\(script)", arguments)
    guard output.status == 0 else {
      throw Tool.Failure.notStarted(path: script, reason: output.description)
    }
    return output.stdout.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
