import FlowrexSupport
import TestSupport
import Testing

/// Nobody sees or touches what is another person's, and nobody without the role what is the
/// administrators'. (S04-TRD-05, S17-CL-SEC-04)
@Suite(.serialized) struct AccessTests {
  static let others: [(name: String, method: String, path: String)] = [
    ("to see an order", "GET", "/orders/{order}"),
    ("to cancel an order", "DELETE", "/orders/{order}"),
    ("to see what became of an order", "GET", "/orders/{order}/events"),
    ("to see an approval", "GET", "/approvals/{order}"),
    ("to approve an order", "POST", "/approvals/{order}/approve"),
    ("to reject an order", "POST", "/approvals/{order}/reject"),
    ("to see a trade", "GET", "/trades/{trade}"),
    ("to see a position", "GET", "/positions/EURUSD"),
  ]

  @Test(arguments: TradingHouse.Kind.allCases)
  func `another person's order is no order at all`(kind: TradingHouse.Kind) async throws {
    try await TradingHouse.run(kind, mode: "guide") { house in
      let (ann, bob) = (try await house.person("ann"), try await house.person("bob"))
      let admin = try await house.admin()
      let waiting = try #require(try await ann.place("w").json["order_id"].text)
      let done = try #require(try await ann.place("d").json["order_id"].text)
      #expect(try await ann.ask("POST", "/approvals/\(done)/approve").status == 200)
      _ = try await ann.awaited(done, "filled")
      let trade = try #require(try await ann.get("/trades")["items"][0]["id"].text)
      let nobodys = "01234567-89ab-7def-8123-456789abcdef"
      // An administrator administrates, and does not trade for others either.
      for stranger in [bob, admin] {
        for (_, method, template) in Self.others {
          let path = template.replacing("{order}", with: waiting)
            .replacing("{trade}", with: trade)
          let answer = try await stranger.ask(method, path)
          #expect(answer.status == 404 && answer.raw.code == "not_found", "\(method) \(path)")
          // It looks the same as what does not exist.
          let none = try await stranger.ask(
            method, path.replacing(waiting, with: nobodys).replacing(trade, with: nobodys))
          #expect(none.status == 404 && none.json["title"] == answer.json["title"])
        }
        for path in ["/orders", "/approvals", "/trades", "/portfolio/pnl"] {
          #expect(try await stranger.get(path)["items"].items.isEmpty, "\(path)")
        }
        #expect(try await stranger.get("/positions/open")["items"].items.isEmpty)
        #expect(try await stranger.get("/portfolio")["cash_usd"].text == "100000")
      }
      // The same key of another person is another order.
      let same = try await bob.place("w")
      #expect(same.json["outcome"] == .text("accepted"))
      #expect(same.json["order_id"].text != waiting)
      #expect(try await ann.get("/orders/\(waiting)")["order"]["state"].text == "awaiting_approval")
    }
  }

  @Test(.covers("S18-EMG-02"))
  func `what stops trading is for administrators`() async throws {
    try await TradingHouse.run(.sqlite) { house in
      let bob = try await house.person("bob")
      for (method, path, body) in [
        ("GET", "/admin/emergency", ""), ("POST", "/admin/emergency", ""),
        ("POST", "/admin/emergency/release", ""), ("POST", "/admin/positions/close-all", ""),
        ("GET", "/admin/maintenance", ""), ("PUT", "/admin/maintenance", #"{"is_on":true}"#),
        ("GET", "/admin/accounts/halted", ""), ("GET", "/admin/rulings", ""),
        (
          "POST", "/admin/accounts/01234567-89ab-7def-8123-456789abcdef/resume",
          #"{"reason":"mine"}"#
        ),
        (
          "POST", "/admin/divergences/settle",
          #"{"kind":"work_fails","subject":"x","reason":"mine"}"#
        ),
      ] {
        let answer = try await bob.ask(method, path, body)
        #expect(answer.status == 403 && answer.raw.code == "forbidden", "\(method) \(path)")
      }
      let admin = try await house.admin()
      #expect(try await admin.get("/admin/emergency")["is_stopped"] == .flag(false))
      #expect(try await admin.get("/admin/maintenance")["is_on"] == .flag(false))
    }
  }

  @Test func `what a divergence is about is for administrators`() async throws {
    try await TradingHouse.run(.postgresql) { house in
      let server = try await TradingHouse.server()
      try await server.say(
        """
        INSERT INTO divergences (kind, subject, detail, found_at)
        VALUES ('work_fails', 'ann', 'of ann', 1);

        """, in: house.database)
      let path = "/reconciliation/divergences"
      let (bob, admin) = (try await house.person("bob"), try await house.admin())
      #expect(
        try await admin.get(path)["items"][0]["subject"].text == "ann")
      let seen = try await bob.get(path)["items"][0]
      #expect(seen["kind"].text == "work_fails")
      #expect(seen["subject"] == .nothing && seen["detail"] == .nothing)
      #expect(try await bob.get("/reconciliation/status")["status"].text == "differs")
    }
  }
}
