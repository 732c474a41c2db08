import FlowrexSupport
import TestSupport
import Testing

/// Strategies, signals and journals over the wire, against the real program on both databases.
/// (S17-MET-04, S17-MET-05, S18-AUD-04, C-65)
@Suite(.serialized) struct SignalRouteTests {
  private typealias Person = TradingHouse.Person
  private typealias Reply = (status: Int, json: JSONValue, raw: RawAnswer)

  /// A body of fields whose values are text.
  private static func body(_ fields: [String: String]) -> String {
    "{" + fields.sorted { $0.key < $1.key }.map { "\"\($0)\":\"\($1)\"" }.joined(separator: ",")
      + "}"
  }

  private func create(
    _ person: Person, _ key: String = "s", _ change: [String: String] = [:]
  ) async throws -> Reply {
    let fields = ["client_strategy_id": key, "name": "London, é", "kind": "manual"]
    return try await person.ask("POST", "/strategies", Self.body(fields.merging(change) { $1 }))
  }

  /// A strategy that is switched on.
  private func strategy(
    _ person: Person, _ key: String = "s", _ change: [String: String] = [:]
  ) async throws -> String {
    let id = try #require(try await create(person, key, change).json["id"].text)
    #expect(try await person.ask("POST", "/strategies/\(id)/activate").status == 200)
    return id
  }

  private func post(
    _ person: Person, _ strategy: String, _ key: String, _ change: [String: String?] = [:]
  ) async throws -> Reply {
    var fields = [
      "client_signal_id": key, "strategy_id": strategy, "signal_type": "enter_long",
      "symbol": "EURUSD", "quantity": "0.1",
    ]
    for (name, value) in change { fields[name] = value }
    return try await person.ask("POST", "/signals", Self.body(fields))
  }

  @Test(
    .covers("S17-MET-04", "S17-MET-05", "C-65", "S04-RES-07"),
    arguments: TradingHouse.Kind.allCases)
  func `a signal is posted, approved and executed as one order`(
    kind: TradingHouse.Kind
  ) async throws {
    try await TradingHouse.run(kind, mode: "guide") { house in
      let ann = try await house.person("ann")
      let made = try await create(ann)
      #expect(made.status == 201 && made.json["is_active"] == .flag(false), "\(made)")
      #expect(made.json["execution_mode"] == .nothing)
      let id = try #require(made.json["id"].text)
      #expect(try await create(ann).json == made.json)
      #expect(try await ann.get("/strategies/\(id)") == made.json)
      #expect(try await ann.get("/strategies")["items"].items == [made.json])
      let off = try await post(ann, id, "g")
      #expect(off.status == 409 && off.raw.code == "strategy_is_off")
      let on = try await ann.ask("POST", "/strategies/\(id)/activate")
      #expect(on.status == 200 && on.json["is_active"] == .flag(true))

      let posted = try await post(ann, id, "g")
      #expect(posted.status == 201 && posted.json["state"] == .text("waiting"), "\(posted)")
      #expect(posted.json["execution_mode"] == .text("guide"))
      let signal = try #require(posted.json["id"].text)
      let twin = try await post(ann, id, "g")
      #expect(twin.status == 201 && twin.json == posted.json)
      let other = try await post(ann, id, "g", ["quantity": "0.2"])
      #expect(other.status == 422 && other.raw.code == "key_used_for_another")
      #expect(other.json["field"] == .text("client_signal_id"))
      let early = try await ann.ask("POST", "/signals/\(signal)/execute")
      #expect(early.status == 409 && early.raw.code == "signal_not_approved")
      for _ in 0..<2 {
        let approved = try await ann.ask("POST", "/signals/\(signal)/approve", "{}")
        #expect(approved.status == 200 && approved.json["state"] == .text("approved"))
      }
      let executed = try await ann.ask("POST", "/signals/\(signal)/execute")
      #expect(executed.status == 200 && executed.json["state"] == .text("executed"), "\(executed)")
      let order = try #require(executed.json["order_id"].text)
      let again = try await ann.ask("POST", "/signals/\(signal)/execute")
      #expect(again.status == 200 && again.json == executed.json)
      #expect(try await ann.get("/signals/\(signal)") == executed.json)
      let filled = try await ann.awaited(order, "filled")
      #expect(filled["order"]["quantity"].text == "0.1")
      #expect(filled["order"]["execution_mode"].text == "guide")
      #expect(filled["approval"]["state"].text == "approved")
      #expect(try await ann.get("/orders")["items"].items.count == 1)

      for (series, value) in [
        #"signals_generated_total{strategy="manual",signal_type="enter_long"}"#: 1,
        #"signals_generated_total{strategy="manual",signal_type="exit"}"#: 0,
        #"signals_generated_total{strategy="external",signal_type="hold"}"#: 0,
        "idempotency_conflicts_total": 1, "idempotent_replays_total": 1,
        "order_latency_seconds_count": 1,
      ] {
        #expect(try await house.service.metric(series) == value, "\(series)")
      }
      try await expectActive(1, house)
      let last = try await ann.ask("POST", "/strategies/\(id)/deactivate")
      #expect(last.status == 200 && last.json["is_active"] == .flag(false))
      try await expectActive(0, house)
    }
  }

  /// The gauge is a worker's, and measured now and then.
  private func expectActive(_ count: Int, _ house: TradingHouse) async throws {
    guard let worker = house.worker else { return }
    for _ in 0..<600 where try await worker.metric("active_strategies") != count {
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(try await worker.metric("active_strategies") == count)
  }

  @Test(.covers("C-65", "S18-HS-10"), arguments: TradingHouse.Kind.allCases)
  func `a strategy by itself asks nobody, and risk all the same`(
    kind: TradingHouse.Kind
  ) async throws {
    try await TradingHouse.run(kind, mode: "guide") { house in
      let ann = try await house.person("ann")
      let id = try await strategy(ann, "s", ["execution_mode": "autonomous"])
      let posted = try await post(ann, id, "large", ["quantity": "90"])
      #expect(posted.json["state"] == .text("approved"), "\(posted)")
      #expect(posted.json["approved_by"] == .nothing)
      let signal = try #require(posted.json["id"].text)
      for _ in 0..<2 {
        let denied = try await ann.ask("POST", "/signals/\(signal)/execute")
        #expect(denied.status == 200 && denied.json["state"] == .text("denied"), "\(denied)")
        #expect(denied.json["denial"]["code"] == .text("order_too_large"))
        #expect(denied.json["order_id"] == .nothing)
      }
      #expect(
        try await house.service.metric(#"risk_rejections_total{code="order_too_large"}"#) == 1)
      let enter = try #require(try await post(ann, id, "in").json["id"].text)
      let order = try await ann.ask("POST", "/signals/\(enter)/execute").json["order_id"].text
      let filled = try await ann.awaited(try #require(order), "filled")
      #expect(filled["order"]["execution_mode"].text == "autonomous")
      let exit = try #require(
        try await post(ann, id, "out", ["signal_type": "exit", "quantity": nil])
          .json["id"].text)
      let close = try await ann.ask("POST", "/signals/\(exit)/execute").json["order_id"].text
      let closed = try await ann.awaited(try #require(close), "filled")["order"]
      #expect(closed["side"].text == "sell" && closed["quantity"].text == "0.1")
      let flat = try #require(
        try await post(ann, id, "flat", ["signal_type": "exit"]).json["id"].text)
      let nothing = try await ann.ask("POST", "/signals/\(flat)/execute")
      #expect(nothing.status == 409 && nothing.raw.code == "nothing_to_exit")
      let hold = try #require(
        try await post(ann, id, "hold", ["signal_type": "hold", "quantity": nil])
          .json["id"].text)
      for verb in ["approve", "execute"] {
        let answer = try await ann.ask("POST", "/signals/\(hold)/\(verb)")
        #expect(answer.status == 409 && answer.raw.code == "signal_asks_for_nothing")
      }
    }
  }

  @Test(.covers("C-65"), arguments: TradingHouse.Kind.allCases)
  func `a signal expires by itself`(kind: TradingHouse.Kind) async throws {
    try await TradingHouse.run(kind, mode: "guide") { house in
      let ann = try await house.person("ann")
      let id = try await strategy(ann)
      let body =
        #"{"client_signal_id":"g","strategy_id":"\#(id)","signal_type":"enter_long","#
        + #""symbol":"EURUSD","quantity":"0.1","life_seconds":1}"#
      let posted = try await ann.ask("POST", "/signals", body)
      #expect(posted.status == 201)
      let signal = try #require(posted.json["id"].text)
      for _ in 0..<200 where try await ann.get("/signals/\(signal)")["state"].text != "expired" {
        // A read each second is within everybody's limit.
        try await Task.sleep(for: .seconds(1))
      }
      for verb in ["approve", "execute"] {
        let answer = try await ann.ask("POST", "/signals/\(signal)/\(verb)")
        #expect(answer.status == 409 && answer.raw.code == "signal_expired", "\(answer)")
      }
    }
  }

  @Test func `a field that is wrong is named`() async throws {
    try await TradingHouse.run(.sqlite) { house in
      let admin = try await house.admin()
      let id = try await strategy(admin)
      for (name, value) in [
        ("client_strategy_id", "a b"), ("client_strategy_id", ""), ("name", ""), ("name", " a"),
        ("name", #"a\u0000"#), ("kind", "lucky"), ("execution_mode", "live"),
      ] {
        let answer = try await create(admin, "new", [name: value])
        #expect(answer.status == 422 && answer.raw.code == "invalid_field", "\(name) \(value)")
        #expect(answer.json["field"] == .text(name))
      }
      for (name, value) in [
        ("client_signal_id", "!signal:1"), ("strategy_id", "x"), ("signal_type", "buy"),
        ("symbol", "BTCUSD"), ("quantity", "0"), ("quantity", "-1"), ("quantity", "1e1"),
        ("quantity", "0.001"), ("quantity", "0.015"), ("limit_price", "0"),
        ("limit_price", "1.0000001"), ("life_seconds", "60"),
      ] {
        let answer = try await post(admin, id, "new", [name: value])
        #expect(answer.status == 422 && answer.raw.code == "invalid_field", "\(name) \(value)")
        #expect(answer.json["field"] == .text(name), "\(name) \(value)")
      }
      for life in ["0", "-1", "86401", "true", "99999999999999"] {
        let body =
          #"{"client_signal_id":"g","strategy_id":"\#(id)","signal_type":"hold","#
          + #""symbol":"EURUSD","life_seconds":\#(life)}"#
        let answer = try await admin.ask("POST", "/signals", body)
        #expect(answer.status == 422 && answer.json["field"] == .text("life_seconds"), "\(life)")
      }
      let more = try await post(admin, id, "g", ["execution_mode": "autonomous"])
      #expect(more.status == 422 && more.raw.code == "unknown_field")
      let missing = try await post(admin, id, "g", ["quantity": nil])
      #expect(missing.status == 422 && missing.json["field"] == .text("quantity"))
      for path in ["/strategies", "/signals", "/journal"] {
        for query in ["limit=0", "limit=201", "limit=x", "after=x", "after=6162"] {
          let answer = try await admin.ask("GET", path + "?" + query)
          #expect(answer.status == 422 && answer.raw.code == "invalid_field", "\(path) \(query)")
        }
        let none = try await admin.ask("GET", path + "/x")
        #expect(none.status == 404 && none.raw.code == "not_found")
      }
      #expect(try await admin.get("/signals")["items"].items.isEmpty)
    }
  }

  @Test(arguments: TradingHouse.Kind.allCases)
  func `a journal is written, read by pages and never changed`(
    kind: TradingHouse.Kind
  ) async throws {
    try await TradingHouse.run(kind) { house in
      let (ann, bob) = (try await house.person("ann"), try await house.person("bob"))
      let strategy = try await strategy(ann)
      let signal = try #require(try await post(ann, strategy, "g").json["id"].text)
      var entries: [JSONValue] = []
      for number in 1...5 {
        let fields = [
          "client_entry_id": "e\(number)", "text": #"Line one\nand \"two\" é"#, "symbol": "EURUSD",
          "signal_id": signal,
        ]
        let written = try await ann.ask("POST", "/journal", Self.body(fields))
        #expect(written.status == 201, "\(written)")
        #expect(written.json["text"].text == "Line one\nand \"two\" é")
        #expect(written.json["signal_id"].text == signal)
        #expect(
          try await ann.ask("POST", "/journal", Self.body(fields)).json == written.json)
        entries.append(written.json)
      }
      let other = try await ann.ask(
        "POST", "/journal", Self.body(["client_entry_id": "e1", "text": "else"]))
      #expect(other.status == 422 && other.json["field"] == .text("client_entry_id"))
      var read: [JSONValue] = []
      var query = "?limit=2"
      for pages in 1...3 {
        let page = try await ann.get("/journal" + query)
        read += page["items"].items
        #expect((page["next"] == .nothing) == (pages == 3))
        query = "?limit=2&after=" + (page["next"].text ?? "")
      }
      #expect(read == entries.reversed())
      let path = "/journal/" + (entries[0]["id"].text ?? "")
      #expect(try await ann.get(path) == entries[0])
      #expect(try await bob.ask("GET", path).status == 404)
      #expect(try await bob.get("/journal")["items"].items.isEmpty)
      for method in ["PUT", "PATCH", "DELETE"] {
        let answer = try await ann.ask(method, path, method == "DELETE" ? "" : "{}")
        #expect(answer.status == 405, "\(method) \(answer)")
      }
      // What is another person's is no thing to write about.
      let theirs = try await bob.ask(
        "POST", "/journal",
        Self.body(["client_entry_id": "b", "text": "x", "signal_id": signal]))
      #expect(theirs.status == 422 && theirs.json["field"] == .text("signal_id"))
      for text in ["", " ", #"a\u0000b"#, #"a\u001bb"#, String(repeating: "a", count: 8_001)] {
        let answer = try await ann.ask(
          "POST", "/journal", Self.body(["client_entry_id": "n", "text": text]))
        #expect(answer.status == 422 && answer.json["field"] == .text("text"))
      }
    }
  }

  @Test(arguments: TradingHouse.Kind.allCases)
  func `another person's strategy and signal are none at all`(
    kind: TradingHouse.Kind
  ) async throws {
    try await TradingHouse.run(kind) { house in
      let (ann, bob) = (try await house.person("ann"), try await house.person("bob"))
      let admin = try await house.admin()
      let id = try await strategy(ann)
      let signal = try #require(try await post(ann, id, "g").json["id"].text)
      for stranger in [bob, admin] {
        for (method, path) in [
          ("GET", "/strategies/\(id)"), ("POST", "/strategies/\(id)/activate"),
          ("POST", "/strategies/\(id)/deactivate"), ("GET", "/signals/\(signal)"),
          ("POST", "/signals/\(signal)/approve"), ("POST", "/signals/\(signal)/execute"),
        ] {
          let answer = try await stranger.ask(method, path)
          #expect(answer.status == 404 && answer.raw.code == "not_found", "\(method) \(path)")
        }
        let posted = try await post(stranger, id, "mine")
        #expect(posted.status == 404 && posted.raw.code == "not_found")
        for path in ["/strategies", "/signals", "/journal"] {
          #expect(try await stranger.get(path)["items"].items.isEmpty, "\(path)")
        }
      }
      // The same key of another person is another strategy.
      let same = try await create(bob)
      #expect(same.status == 201 && same.json["id"].text != id)
      #expect(try await ann.get("/strategies/\(id)")["is_active"] == .flag(true))
      #expect(try await ann.get("/signals/\(signal)")["order_id"] == .nothing)
    }
  }
}
