import FlowrexContract
import FlowrexSupport
import FlowrexVenue
import Foundation
import Glibc
import ServiceContract
import TestSupport
import Testing

/// `flowrex venue` as the contract has it, and with a worker in front of it. (S17-ENV-03)
@Suite struct VenueProcessTests {
  @Test(.covers("S17-ENV-03", "C-05", "S17-CL-OBS-03"))
  func `it opens the contract's ports, answers its routes, exports its metrics`() async throws {
    try await RunningVenue.run { venue in
      #expect(try venue.listeningPorts() == [venue.port, venue.metricsPort])
      for route in Program.venue.insideRoutes {
        #expect(await venue.ask(route.path)?.status == 200, "\(route.path)")
        #expect(await RawClient.ask("GET", route.path, port: venue.port)?.status == 404)
      }
      for route in Program.venue.peerRoutes {
        let path = route.path.replacing("{id}", with: "1")
        let answer = await RawClient.ask(route.method.rawValue, path, port: venue.port)
        // It is there, and was asked nothing that it could answer.
        #expect(answer?.status == 400, "\(path)")
        let inside = await RawClient.ask(route.method.rawValue, path, port: venue.metricsPort)
        #expect(inside?.status == 404, "\(path)")
      }
      let text = try #require(await venue.ask("/metrics")).body
      let types = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
        .map { $0.split(separator: " ")[2...3].joined(separator: " ") }
      #expect(
        Set(types) == Set(Program.venue.metrics.map { "\($0.name) \($0.kind.rawValue)" }))
      let health = Command(variables: [
        "ENVIRONMENT": "development", "METRICS_PORT": "\(venue.metricsPort)",
      ])
      #expect(try await health.run("healthcheck").status == 0)
      venue.signal(SIGTERM)
      #expect(try await venue.awaitEnd() == 0)
      #expect(venue.logText.contains(#""message":"ended""#))
    }
  }

  @Test(.covers("S17-ENV-03"))
  func `a laptop trades at a venue of another process, and finds it again after a kill`()
    async throws
  {
    try await withTemporaryFolder { folder in
      let ports = try BoundPort.free(2)
      let first = try await RunningVenue(folder, ports, [:])
      defer { first.kill() }
      let variables = [
        "SIMULATED_VENUE_URL": first.address, "EXECUTION_MODE": "autonomous",
        "DATABASE_PATH": folder.path(of: "flowrex.sqlite"), "OUTBOX_INTERVAL_SECONDS": "0.05",
      ]
      try await RunningService.run(variables) { service in
        let person = try await TradingHouse(
          service: service, worker: nil, command: Command(variables: variables)
        ).admin()
        let one = try await person.place("one")
        let id = try #require(one.json["order_id"].text)
        _ = try await person.awaited(id, "filled")
        let resting = try await person.place("two", at: person.distantPrice())
        let other = try #require(resting.json["order_id"].text)
        _ = try await person.awaited(other, "working")
        first.kill()
        let before = try first.entries()
        // A record that was being written when it died.
        let file = try #require(FileHandle(forWritingAtPath: first.journal))
        try file.seekToEnd()
        try file.write(contentsOf: Data("0123".utf8))
        try file.close()
        // Who asks for an end meanwhile is told that it will be said.
        #expect(try await person.ask("DELETE", "/orders/\(other)").status == 200)
        let second = try await RunningVenue(folder, ports, [:])
        defer { second.kill() }
        #expect(second.logText.contains("the journal's last record was torn"))
        _ = try await person.awaited(other, "cancelled")
        #expect(try second.entries().prefix(before.count) == before[...])
        let divergences = try await person.get("/reconciliation/divergences")
        #expect(divergences["items"].items.isEmpty, "\(divergences)")
      }
    }
  }

  @Test(.covers("S17-ENV-03"))
  func `a journal that changed refuses the start, and says which line`() async throws {
    try await withTemporaryFolder { folder in
      let path = try folder.write("00000000 {}\n", to: "venue.journal")
      let refused = try await Command(variables: [
        "ENVIRONMENT": "development", "VENUE_JOURNAL_PATH": path,
      ]).run("venue")
      #expect(refused.status == 1)
      #expect(
        refused.stderr
          == "refused to start: line 1 of the venue's journal is broken: its sum is another one\n")
    }
  }
}
