import FlowrexContract
import FlowrexSupport
import TestSupport
import Testing

/// Orders and money over the wire, against the real program on both databases. (S04-TRD-05 … 12)
@Suite(.serialized) struct TradingRouteTests {
  @Test(.covers("S04-TRD-05", "S04-RES-07", "S17-ENV-04"), arguments: TradingHouse.Kind.allCases)
  func `an order is placed once, filled, booked and told`(kind: TradingHouse.Kind) async throws {
    try await TradingHouse.run(kind) { house in
      let ann = try await house.person("ann")
      let first = try await ann.place("a1")
      #expect(first.status == 200 && first.json["outcome"] == .text("accepted"))
      #expect(first.json["replayed"] == .flag(false))
      let id = try #require(first.json["order_id"].text)
      let twin = try await ann.place("a1")
      #expect(twin.json["order_id"].text == id && twin.json["replayed"] == .flag(true))
      let other = try await ann.place("a1", "sell")
      #expect(other.status == 422 && other.raw.code == "key_used_for_another")

      let order = try await ann.awaited(id, "filled")["order"]
      #expect(order["filled"].text == "0.1" && order["client_order_id"].text == "a1")
      let events = try await ann.get("/orders/\(id)/events")["items"].items
      #expect(events.map { $0["event"].text } == ["submitted", "acknowledged", "filled"])
      #expect(events.map { $0["number"] } == [.number(1), .number(2), .number(3)])
      let page = try await ann.get("/orders/\(id)/events?limit=2&after=1")
      #expect(page["items"].items.count == 2 && page["next"].text == "3")

      let trades = try await ann.get("/trades")["items"].items
      #expect(trades.count == 1 && trades[0]["order_id"].text == id)
      let trade = try await ann.get("/trades/" + (trades[0]["id"].text ?? ""))
      #expect(trade == trades[0] && trade["fee_usd"].text == "0.35")
      let portfolio = try await ann.get("/portfolio")
      #expect(portfolio["cash_usd"].text == "99999.65")
      #expect(portfolio["positions"][0]["quantity"].text == "0.1")
      #expect(portfolio["valuation"]["equity_usd"].text != nil)
      let open = try await ann.get("/positions/open")
      #expect(open["items"][0]["symbol"].text == "EURUSD" && open["as_of"].text != nil)
      #expect(try await ann.get("/positions/summary")["open"] == .number(1))
      #expect(
        try await ann.get("/positions/EURUSD")["position"]["average_price"].text
          == trade["price"].text)
      let day = try await ann.get("/portfolio/pnl")["items"]
      #expect(day.items.count == 1 && day[0]["fees_usd"].text == "0.35")
      #expect(day[0]["trades"] == .number(1))
      let metrics = [
        "idempotent_replays_total": 1, "idempotency_conflicts_total": 1,
        "order_latency_seconds_count": 1,
        #"orders_accepted_total{symbol="EURUSD",side="buy",execution_mode="autonomous"}"#: 1,
        #"order_transitions_total{state="accepted"}"#: 1,
      ]
      for (series, value) in metrics {
        #expect(try await house.service.metric(series) == value, "\(series)")
      }
      if let worker = house.worker {
        let filled =
          #"trades_executed_total{symbol="EURUSD",side="buy",execution_mode="autonomous"}"#
        #expect(try await worker.metric(filled) == 1)
        let sent = #"broker_requests_total{operation="submit",outcome="succeeded"}"#
        #expect(try await worker.metric(sent) == 1)
      }
    }
  }

  @Test(.covers("S18-HS-10", "S04-TRD-06"), arguments: TradingHouse.Kind.allCases)
  func `a denial is an answer with its code, and the same one again`(
    kind: TradingHouse.Kind
  ) async throws {
    try await TradingHouse.run(kind) { house in
      let ann = try await house.person("ann")
      for isReplay in [false, true] {
        let answer = try await ann.place("big", quantity: "90")
        #expect(answer.status == 200 && answer.json["outcome"] == .text("denied"))
        #expect(answer.json["denial"]["code"] == .text("order_too_large"))
        #expect(answer.json["denial"]["message"].text?.contains("250000.00 USD") == true)
        #expect(answer.json["replayed"] == .flag(isReplay))
      }
      #expect(
        try await house.service.metric(#"risk_rejections_total{code="order_too_large"}"#) == 1)
      #expect(try await ann.get("/orders")["items"].items.isEmpty)
    }
  }

  @Test(.covers("S04-TRD-05"), arguments: TradingHouse.Kind.allCases)
  func `what rests is cancelled, and lists are read by pages`(
    kind: TradingHouse.Kind
  ) async throws {
    try await TradingHouse.run(kind) { house in
      let ann = try await house.person("ann")
      let price = try await ann.distantPrice()
      var ids: [String] = []
      for number in 1...3 {
        let answer = try await ann.place("r\(number)", at: price)
        ids.append(try #require(answer.json["order_id"].text, "\(answer.raw)"))
      }
      for id in ids { _ = try await ann.awaited(id, "working") }
      let first = try await ann.get("/orders?limit=2")
      #expect(first["items"].items.map { $0["id"].text } == [ids[2], ids[1]])
      let next = try #require(first["next"].text)
      let second = try await ann.get("/orders?limit=2&after=\(next)")
      #expect(second["items"].items.map { $0["id"].text } == [ids[0]])
      #expect(second["next"] == .nothing)
      let cancelled = try await ann.ask("DELETE", "/orders/\(ids[0])")
      #expect(cancelled.status == 200 && cancelled.json["cancel_requested"] == .flag(true))
      #expect(try await ann.awaited(ids[0], "cancelled")["order"]["filled"].text == "0")
      // Asking twice is asking once.
      #expect(try await ann.ask("DELETE", "/orders/\(ids[0])").status == 200)
      let working = try await ann.get("/orders?state=working,partially_filled&symbol=EURUSD")
      #expect(working["items"].items.count == 2)
      #expect(try await ann.get("/orders?symbol=XAUUSD")["items"].items.isEmpty)
      for query in ["state=bad", "symbol=eurusd", "limit=0", "after=zz", "limit=1&limit=2&after="] {
        let answer = try await ann.ask("GET", "/orders?\(query)")
        #expect(answer.status == 422 && answer.raw.code == "invalid_field", "\(query)")
      }
    }
  }

  @Test(.covers("C-65"), arguments: TradingHouse.Kind.allCases)
  func `a guided order waits for a person, who lets it go or ends it`(
    kind: TradingHouse.Kind
  ) async throws {
    try await TradingHouse.run(kind, mode: "guide") { house in
      let ann = try await house.person("ann")
      let go = try #require(try await ann.place("g1").json["order_id"].text)
      let end = try #require(try await ann.place("g2").json["order_id"].text)
      let waiting = try await ann.get("/approvals")["items"].items
      #expect(waiting.map { $0["order"]["id"].text } == [end, go])
      #expect(waiting.allSatisfy { $0["approval"]["state"] == .text("pending") })
      for _ in 1...2 {
        let answer = try await ann.ask("POST", "/approvals/\(go)/approve")
        #expect(answer.status == 200 && answer.json["denial"] == .nothing, "\(answer.raw)")
      }
      let rejected = try await ann.ask("POST", "/approvals/\(end)/reject")
      #expect(rejected.json["state"] == .text("rejected"))
      let late = try await ann.ask("POST", "/approvals/\(end)/approve")
      #expect(late.status == 409 && late.raw.code == "approval_decided")
      let done = try await ann.awaited(go, "filled")
      #expect(done["approval"]["state"] == .text("approved"))
      #expect(try await ann.get("/approvals/\(go)")["approval"]["decided_by"].text != nil)
      #expect(try await ann.get("/approvals")["items"].items.isEmpty)
      #expect(
        try await house.service.metric(#"approvals_decided_total{decision="approved"}"#) == 1)
    }
  }

  @Test(.covers("S04-RES-07"), arguments: TradingHouse.Kind.allCases)
  func `of twins at one moment there is one order`(kind: TradingHouse.Kind) async throws {
    try await TradingHouse.run(kind) { house in
      let ann = try await house.person("ann")
      _ = try await ann.get("/portfolio")
      let answers = try await withThrowingTaskGroup(of: (Int, String?, String?).self) { group in
        for _ in 1...12 {
          group.addTask {
            let answer = try await ann.place("twin")
            return (answer.status, answer.json["order_id"].text, answer.raw.code)
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let orders = Set(answers.compactMap(\.1))
      #expect(orders.count == 1)
      for answer in answers {
        #expect(answer.0 == 200 || answer.0 == 409 && answer.2 == "key_in_flight", "\(answer)")
      }
      #expect(try await ann.get("/orders")["items"].items.count == 1)
    }
  }

  @Test(.covers("S04-TRD-05"))
  func `an order is exactly what the document says`() async throws {
    try await TradingHouse.run(.sqlite) { house in
      let ann = try await house.person("ann")
      let good = [
        "client_order_id": #""k""#, "symbol": #""EURUSD""#, "side": #""buy""#,
        "quantity": #""0.1""#, "type": #""limit""#, "limit_price": #""1.09""#,
      ]
      let wrong: [(String, String?)] = [
        ("client_order_id", #""""#), ("client_order_id", #""a b""#), ("client_order_id", "7"),
        ("client_order_id", #""!x""#), ("symbol", #""EUR/USD""#), ("side", #""BUY""#),
        ("quantity", "0.1"), ("quantity", #""1e3""#), ("quantity", #""-0.1""#),
        ("quantity", #""0""#), ("quantity", #""0.001""#), ("quantity", #""1000""#),
        ("quantity", nil), ("type", #""stop""#), ("limit_price", nil),
        ("limit_price", #""1.0900001""#), ("limit_price", #""0""#), ("limit_price", #""NaN""#),
        ("life", #""forever""#),
      ]
      for (field, value) in wrong {
        var order = good
        order[field] = value
        let body = order.map { #""\#($0)":\#($1)"# }.joined(separator: ",")
        let answer = try await ann.ask("POST", "/orders", "{\(body)}")
        #expect(answer.status == 422, "\(field) \(value ?? "missing") \(answer.raw)")
        #expect(answer.raw.code == "invalid_field" && answer.json["field"] == .text(field))
      }
      // People are told what would be right, and where the bounds stand.
      let large = good.merging(["quantity": #""1000""#]) { $1 }
        .map { #""\#($0)":\#($1)"# }.joined(separator: ",")
      #expect(
        try await ann.ask("POST", "/orders", "{\(large)}").json["detail"]
          == .text("the quantity 1000 is above the largest of 100 lots"))
      let euro = try #require(
        try await ann.get("/market/instruments")["items"].items.first {
          $0["symbol"] == .text("EURUSD")
        })
      #expect(euro["largest"] == .text("100") && euro["lot_step"] == .text("0.01"))
      #expect(euro["base"] == .text("EUR") && euro["tick"] == .text("0.00001"))
      for name in ["mode", "execution_mode", "purpose", "account", "owner", "price"] {
        let body = good.map { #""\#($0)":\#($1)"# }.joined(separator: ",")
        let answer = try await ann.ask("POST", "/orders", #"{\#(body),"\#(name)":"x"}"#)
        #expect(answer.status == 422 && answer.raw.code == "unknown_field", "\(name)")
      }
      #expect(try await ann.get("/orders")["items"].items.isEmpty)
    }
  }
}
