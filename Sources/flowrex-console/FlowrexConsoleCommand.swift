import ArgumentParser
import FlowrexConfiguration
import FlowrexConsole
import FlowrexContract
import FlowrexHost
import FlowrexMetrics
import FlowrexServing
import Foundation
import Hummingbird
import Logging
import NIOPosix
import ServiceContract
import ServiceLifecycle

/// The console: pages for people who trade. (S18-ARCH-03)
@main
struct FlowrexConsoleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flowrex-console", abstract: "The pages of the trading service.",
    subcommands: [Serve.self, Healthcheck.self], defaultSubcommand: Serve.self)

  /// The process of the container.
  struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Answers the pages.")

    func run() async throws {
      let configuration: ConsoleConfiguration
      do {
        configuration = try ConsoleConfiguration.read(
          ProcessInfo.processInfo.environment, files: World.file)
      } catch {
        World.complain("\(error)")
        // `EX_CONFIG` of sysexits.h.
        throw ExitCode(78)
      }
      do {
        try await ServedConsole(configuration).run()
      } catch let refused as RefusedToServe {
        World.complain("refused to start: \(refused.why)\n")
        throw ExitCode.failure
      }
    }
  }

  /// What the engine asks: a latch, as the API's. (S18-DFF-08, engine fact F11)
  struct Healthcheck: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Exits 0 when the console of this container once reached the API, and lives.")

    private struct Answer: Decodable {
      let was_ready: Bool
    }

    func run() throws {
      var reader = KeyReader(ProcessInfo.processInfo.environment)
      let port = reader.value(Stated.consolePort, in: 1...65_535)
      guard let text = LocalProbe.ask(Health.console.path, port: port) else {
        throw refusal("no answer")
      }
      let parts = text.split(separator: "\r\n\r\n", maxSplits: 1)
      guard text.hasPrefix("HTTP/1.1 200 "), parts.count == 2,
        let answer = try? JSONDecoder().decode(Answer.self, from: Data(parts[1].utf8))
      else { throw refusal("not alive") }
      guard answer.was_ready else { throw refusal("never ready yet") }
    }

    private func refusal(_ why: String) -> ExitCode {
      World.complain("unhealthy: \(why)\n")
      return .failure
    }
  }
}

/// The console with everything that it is made of: the composition root.
private struct ServedConsole {
  let configuration: ConsoleConfiguration

  init(_ configuration: ConsoleConfiguration) { self.configuration = configuration }

  func run() async throws {
    let settings = configuration.settings
    let (metrics, life) = (MetricRegistry(.console), LifeCycle())
    let logger = try ProcessLog.start(
      settings.process, metrics, label: "flowrex-console")
    let loops = MultiThreadedEventLoopGroup(numberOfThreads: settings.life.threads)
    let console = try Console(
      Console.Parts(
        settings: settings,
        cookieKey: configuration.cookieKey?.withBytes { $0 } ?? World.random(32),
        transport: InsideTransport(settings.api, on: loops), metrics: metrics, life: life,
        logger: logger, timestamp: World.timestamp, now: World.now, random: World.random))
    // In reverse order of their end: Prometheus sees the last request.
    var group = ServiceGroupConfiguration(
      services: [
        OnPort(
          settings.life.metricsPort, saidBy: Stated.metricsPort.name, console.inside(loops)),
        OnPort(settings.port, saidBy: Stated.consolePort.name, console.people(loops)),
        UntilReady(within: settings.life.dependencyWait, life) {
          await console.look() ? [] : ["the API"]
        },
      ],
      logger: logger)
    group.maximumGracefulShutdownDuration = settings.life.drain - settings.life.drainAccept
    let drain = Drain(settings: settings.life, life: life, logger: logger)
    var fault: (any Error)?
    do { try await drain.run(ServiceGroup(configuration: group)) } catch { fault = error }
    // What was begun may still ask the loops for something: the end of the process ends both.
    if let fault { throw fault }
    logger.info("ended")
    try await loops.shutdownGracefully()
  }
}
