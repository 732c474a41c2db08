import ArgumentParser
import FlowrexConfiguration
import FlowrexContract
import FlowrexHost
import Foundation
import ServiceContract

/// What the engine asks: a latch. It fails until the process beside it has once been ready, and
/// asks only whether it lives from then on. (engine fact F11)
///
/// Liveness alone would let a release through that never gets ready; readiness would end all
/// replicas at once when Redis fails.
struct Healthcheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Exits 0 when the service of this container was once ready and lives.")

  private struct Answer: Decodable {
    let was_ready: Bool
  }

  func run() throws {
    let port = Self.port(ProcessInfo.processInfo.environment)
    guard let text = LocalProbe.ask(Health.liveness.path, port: port) else {
      throw refusal("no answer")
    }
    let parts = text.split(separator: "\r\n\r\n", maxSplits: 1)
    guard text.hasPrefix("HTTP/1.1 200 "), parts.count == 2,
      let answer = try? JSONDecoder().decode(Answer.self, from: Data(parts[1].utf8))
    else { throw refusal("not alive") }
    guard answer.was_ready else { throw refusal("never ready yet") }
  }

  /// The API answers on its own port, a worker on the only one that it has.
  private static func port(_ variables: [String: String]) -> Int {
    var reader = KeyReader(variables)
    let isWorker =
      variables[Stated.backendPort.name] == nil && variables[Stated.metricsPort.name] != nil
    return reader.value(isWorker ? Stated.metricsPort : Stated.backendPort, in: 1...65_535)
  }

  private func refusal(_ why: String) -> ExitCode {
    World.complain("unhealthy: \(why)\n")
    return .failure
  }
}
