import ArgumentParser
import FlowrexConfiguration
import FlowrexHost
import FlowrexStore
import Foundation
import Ledger

/// A command that works on the configured database, answers in plain sentences, and ends.
///
/// Exit statuses: 0 it is done, 1 it was refused or did not succeed, 78 the configuration was
/// refused. (S17-MIG-11)
protocol DatabaseCommand: AsyncParsableCommand {
  func run(
    on database: StoreFactory.Opened, _ configuration: DatabaseConfiguration
  ) async throws
}

extension DatabaseCommand {
  func run() async throws {
    let configuration: DatabaseConfiguration
    do {
      configuration = try DatabaseConfiguration.read(
        ProcessInfo.processInfo.environment, files: World.file)
    } catch {
      World.complain("\(error)")
      throw Status.configuration
    }
    do {
      let database = try StoreFactory.open(configuration)
      defer { database.close() }
      try await run(on: database, configuration)
    } catch let status as ExitCode {
      throw status
    } catch let error as ValidationError {
      throw error
    } catch {
      World.complain("\(error)\n")
      throw ExitCode.failure
    }
  }
}

extension World {
  /// Microseconds since 1970.
  @Sendable static func moment() -> Timestamp {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Timestamp(
      microseconds: Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000)
  }
}
