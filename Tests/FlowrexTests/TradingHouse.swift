import FlowrexSupport
import Foundation
import TestSupport
import Testing

/// The whole service on a database: a laptop's one process, or API and worker on PostgreSQL.
struct TradingHouse: Sendable {
  enum Kind: String, CaseIterable, Sendable { case sqlite, postgresql }

  static let password = "correct horse battery"

  let service: RunningService
  /// `nil` on a laptop.
  let worker: RunningWorker?
  let command: Command

  static func server() async throws -> TCPPostgres { try await TCPPostgres.server() }
  /// The name of its database on the server.
  var database: String { command.variables["DATABASE_NAME"] ?? "" }

  /// - Parameter mode: `EXECUTION_MODE`.
  static func run(
    _ kind: Kind, mode: String = "autonomous", _ body: (TradingHouse) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      var variables = [
        "ENVIRONMENT": "development", "EXECUTION_MODE": mode, "OUTBOX_INTERVAL_SECONDS": "0.05",
      ]
      switch kind {
      case .sqlite:
        variables["DATABASE_PATH"] = folder.path(of: "flowrex.sqlite")
        try await RunningService.run(variables) { service in
          try await body(
            TradingHouse(
              service: service, worker: nil, command: Command(variables: variables)))
        }
      case .postgresql:
        let server = try await TCPPostgres.server()
        variables.merge(try await server.variables()) { $1 }
        let command = Command(variables: variables)
        #expect(try await command.run("migrate", "up").status == 0)
        try await RunningWorker.run(variables) { worker in
          try await RunningService.run(variables) { service in
            try await body(TradingHouse(service: service, worker: worker, command: command))
          }
        }
      }
    }
  }

  /// Somebody who signed in.
  struct Person: Sendable {
    fileprivate let service: RunningService
    fileprivate let bearer: String

    func ask(
      _ method: String, _ path: String, _ body: String = "", _ headers: [String] = []
    ) async throws -> (status: Int, json: JSONValue, raw: RawAnswer) {
      let answer = try #require(
        await service.ask(method, "/api/v1" + path, [bearer] + headers, body: body))
      return (answer.status, (try? JSONValue(answer.body)) ?? .nothing, answer)
    }

    func get(_ path: String) async throws -> JSONValue {
      let answer = try await ask("GET", path)
      #expect(answer.status == 200, "\(path) \(answer.raw)")
      return answer.json
    }

    /// Places an order of a tenth of a lot, at the market or at a price.
    func place(
      _ key: String, _ side: String = "buy", at limit: String? = nil, quantity: String = "0.1"
    ) async throws -> (status: Int, json: JSONValue, raw: RawAnswer) {
      let price = limit.map { #","limit_price":"\#($0)""# } ?? ""
      return try await ask(
        "POST", "/orders",
        #"{"client_order_id":"\#(key)","symbol":"EURUSD","side":"\#(side)","#
          + #""quantity":"\#(quantity)","type":"\#(limit == nil ? "market" : "limit")"\#(price)}"#)
    }

    /// The order, when it is in a state.
    func awaited(_ id: String, _ state: String) async throws -> JSONValue {
      for _ in 0..<600 {
        let view = try await get("/orders/\(id)")
        if view["order"]["state"].text == state { return view }
        try await Task.sleep(for: .milliseconds(50))
      }
      let view = try await get("/orders/\(id)")
      #expect(view["order"]["state"].text == state)
      return view
    }

    /// A price that nothing is filled at, inside the band.
    func distantPrice() async throws -> String {
      let quote = try await get("/market/quotes/EURUSD")
      let text = try #require(quote["quote"]["bid"].text)
      let bid = try #require(Double(text))
      return String(Int(bid * 0.99 * 10_000).description.dropLast(4)) + "."
        + String(Int(bid * 0.99 * 10_000).description.suffix(4))
    }
  }

  func admin() async throws -> Person {
    Person(service: service, bearer: try await service.signedIn().bearer)
  }

  /// A new person.
  func person(_ name: String, role: String = "user") async throws -> Person {
    let email = "\(name)@example.com"
    let made = try await command.run("user", "create", email, input: Self.password + "\n")
    #expect(made.status == 0, "\(made)")
    if role != "user" {
      #expect(try await command.run("user", "role", email, role).status == 0)
    }
    let answer = try #require(
      await service.ask(
        "POST", "/api/v1/auth/login", body: RunningService.signIn(email, Self.password)))
    return Person(service: service, bearer: try service.signedIn(answer).bearer)
  }
}

extension TCPPostgres {
  /// What a process is told of a new database.
  func variables() async throws -> [String: String] {
    [
      "DATABASE_ENGINE": "postgresql", "DATABASE_PASSWORD": "vR7kTq2mXw9Lb4Nz6HcY8Jd",
      "DATABASE_PORT": "\(port)", "DATABASE_NAME": try await emptyDatabase(),
    ]
  }
}
