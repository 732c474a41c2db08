import FlowrexSupport
import Foundation
import TestSupport
import Testing

extension ServedConsole {
  /// Orders from the form to the venue and back, through the real service. (S04-TRD-05, C-65)
  @Suite struct TradingTests {
    /// The console before a service whose orders wait for approval, and which people can be added
    /// to.
    private func run(
      mode: String = "guide",
      _ body: (RunningConsole, _ add: (String, String) async throws -> Void) async throws -> Void
    ) async throws {
      try await withTemporaryFolder { folder in
        let variables = [
          "ENVIRONMENT": "development", "DATABASE_PATH": folder.path(of: "flowrex.sqlite"),
          "EXECUTION_MODE": mode, "OUTBOX_INTERVAL_SECONDS": "0.05",
        ]
        try await RunningConsole.runWithService(service: variables) { console, _ in
          try await body(console) { email, role in
            for arguments in [["create", email], ["role", email, role]] {
              let output = try await Tool.built(
                "flowrex", ["user"] + arguments, input: RunningService.password + "\n",
                environment: variables)
              #expect(output.status == 0, "\(output)")
            }
          }
        }
      }
    }

    /// The fields of the form as the page gave them, with what somebody typed.
    private func order(
      _ console: RunningConsole, _ session: RunningConsole.SignedIn, quantity: String = "0.1",
      price: String = ""
    ) async throws -> [(String, String)] {
      let page = try await console.get("/orders", cookie: session.cookie)
      #expect(page.status == 200, "\(page)")
      #expect(page.body.contains(#"<option value="EURUSD""#))
      let key = try #require(page.body.firstMatch(of: /name="key" value="([0-9a-f]{32})"/)?.1)
      return [
        ("form_token", session.token), ("key", String(key)), ("instrument", "EURUSD"),
        ("side", "buy"), ("quantity", quantity), ("type", price.isEmpty ? "market" : "limit"),
        ("price", price),
      ]
    }

    /// Places an order, and gives its page's path.
    private func placed(
      _ console: RunningConsole, _ session: RunningConsole.SignedIn
    ) async throws -> String {
      let answer = try await console.post(
        "/orders", order(console, session), cookie: session.cookie)
      #expect(answer.status == 303, "\(answer)")
      let place = try #require(answer["location"])
      #expect(place.hasSuffix("?done=placed"))
      return String(place.dropLast("?done=placed".count))
    }

    private func page(
      _ console: RunningConsole, _ path: String, _ session: RunningConsole.SignedIn,
      says text: String
    ) async throws -> String {
      var body = ""
      for _ in 0..<400 {
        body = try await console.get(path, cookie: session.cookie).body
        if body.contains(text) { return body }
        try await Task.sleep(for: .milliseconds(50))
      }
      Issue.record("\(path) never says '\(text)': \(body)")
      return body
    }

    @Test(.covers("S04-TRD-05", "S04-TRD-09", "C-65"))
    func `an order is placed, approved, filled and held`() async throws {
      try await run { console, _ in
        let session = try await console.signedIn()
        let path = try await placed(console, session)
        let id = path.dropFirst("/orders/".count)
        _ = try await page(console, path, session, says: ">awaiting approval<")
        let waiting = try await page(console, "/approvals", session, says: String(id))
        #expect(waiting.contains(#"action="/approvals/\#(id)/approve""#))
        let approved = try await console.post(
          "/approvals/\(id)/approve", [("form_token", session.token)], cookie: session.cookie)
        #expect(approved.status == 303 && approved["location"] == "/approvals?done=approved")
        let filled = try await page(console, path, session, says: ">filled<")
        #expect(!filled.contains("Cancel order"))
        let held = try await page(console, "/positions", session, says: "EURUSD")
        #expect(held.contains(#"<td class="number">0.1</td>"#))
        let worth = try await console.get("/portfolio", cookie: session.cookie)
        #expect(worth.status == 200 && worth.body.contains("Equity USD"))
        // What is decided stays so, and the page says it.
        let late = try await console.post(
          "/approvals/\(id)/reject", [("form_token", session.token)], cookie: session.cookie)
        #expect(late.status == 409 && late.body.contains("<code>"), "\(late)")
      }
    }

    @Test(.covers("C-65")) func `an order is rejected`() async throws {
      try await run { console, _ in
        let session = try await console.signedIn()
        let path = try await placed(console, session)
        let id = path.dropFirst("/orders/".count)
        let answer = try await console.post(
          "/approvals/\(id)/reject", [("form_token", session.token)], cookie: session.cookie)
        #expect(answer.status == 303 && answer["location"] == "/approvals?done=rejected")
        _ = try await page(console, path, session, says: ">rejected<")
      }
    }

    @Test(.covers("S04-RES-07")) func `a form that is sent twice is one order`() async throws {
      try await run { console, _ in
        let session = try await console.signedIn()
        let fields = try await order(console, session)
        let one = try await console.post("/orders", fields, cookie: session.cookie)
        let two = try await console.post("/orders", fields, cookie: session.cookie)
        #expect(one.status == 303 && one["location"] == two["location"])
        let list = try await console.get("/orders", cookie: session.cookie).body
        #expect(list.matches(of: /<tr><td><a href="\/orders\//).count == 1)
        // The same form with another quantity is not that order, and is not done.
        var other = fields
        other[4].1 = "0.2"
        let three = try await console.post("/orders", other, cookie: session.cookie)
        #expect((400...499).contains(three.status))
        #expect(three.body.contains(#"<code>"#))
      }
    }

    @Test(.covers("S18-HS-10", "S04-TRD-06"))
    func `what risk denies is said with its code, and what was typed stays`() async throws {
      try await run { console, _ in
        let session = try await console.signedIn()
        let answer = try await console.post(
          "/orders", order(console, session, quantity: "90"), cookie: session.cookie)
        #expect(answer.status == 422, "\(answer)")
        #expect(answer.body.contains("The order was refused."))
        #expect(answer.body.contains(#"value="90""#))
        let list = try await console.get("/orders", cookie: session.cookie).body
        #expect(list.contains("Nothing here."))
      }
    }

    @Test func `what cannot be an order is said before anybody is asked`() async throws {
      try await run { console, _ in
        let session = try await console.signedIn()
        for (quantity, price, words) in [
          ("", "", "The quantity is a number"), ("-1", "", "The quantity is a number"),
          ("1e3", "", "The quantity is a number"), ("0.1", "x", "A limit order needs a price."),
          ("0.000001", "", "invalid_field: quantity"),
        ] {
          let answer = try await console.post(
            "/orders", order(console, session, quantity: quantity, price: price),
            cookie: session.cookie)
          #expect(answer.status == 422, "\(quantity) \(price)")
          #expect(answer.body.contains(words), "\(quantity) \(price)\n\(answer)")
        }
      }
    }

    @Test(.covers("S04-TRD-05")) func `an order is cancelled`() async throws {
      try await run { console, _ in
        let session = try await console.signedIn()
        let path = try await placed(console, session)
        let answer = try await console.post(
          path + "/cancel", [("form_token", session.token)], cookie: session.cookie)
        #expect(answer.status == 303 && answer["location"] == path + "?done=cancelling")
        _ = try await page(console, path, session, says: ">cancelled<")
      }
    }

    @Test
    func `another person's order is nobody's, to read or to change`() async throws {
      try await run { console, add in
        try await add("other@example.com", "user")
        let mine = try await console.signedIn()
        let path = try await placed(console, mine)
        let id = path.dropFirst("/orders/".count)
        let other = try await console.signedIn("other@example.com")
        #expect(try await console.get(path, cookie: other.cookie).status == 404)
        for place in [path + "/cancel", "/approvals/\(id)/approve", "/approvals/\(id)/reject"] {
          let answer = try await console.post(
            place, [("form_token", other.token)], cookie: other.cookie)
          #expect(answer.status == 404, "\(place)")
        }
        #expect(!(try await console.get("/orders", cookie: other.cookie)).body.contains(id))
        _ = try await page(console, path, mine, says: ">awaiting approval<")
      }
    }

    @Test(.covers("S18-EMG-02", "S18-EMG-06"))
    func `one administrator stops trading, two end the stop`() async throws {
      try await run { console, add in
        try await add("user@example.com", "user")
        try await add("second@example.com", "admin")
        let user = try await console.signedIn("user@example.com")
        for answer in [
          try await console.get("/emergency", cookie: user.cookie),
          try await console.post(
            "/emergency", [("form_token", user.token), ("sure", "yes")], cookie: user.cookie),
        ] {
          #expect(answer.status == 403)
        }
        let home = try await console.get("/portfolio", cookie: user.cookie).body
        #expect(!home.contains("/emergency"))

        let first = try await console.signedIn()
        let token = [("form_token", first.token)]
        let unsure = try await console.post("/emergency", token, cookie: first.cookie)
        #expect(unsure.status == 422 && unsure.body.contains("the box was not ticked"))
        let stop = try await console.post(
          "/emergency", token + [("sure", "yes")], cookie: first.cookie)
        #expect(stop.status == 303 && stop["location"] == "/emergency?done=stopped")
        let state = try await console.get("/emergency", cookie: first.cookie).body
        #expect(state.contains("<dt>Stopped</dt><dd>yes</dd>"))
        let denied = try await console.post(
          "/orders", order(console, first), cookie: first.cookie)
        #expect(denied.status == 422 && denied.body.contains("kill_switch"))

        // Asked for, and not confirmed by the one who asked.
        let asked = try await console.post("/emergency/release", token, cookie: first.cookie)
        #expect(asked.status == 303)
        let alone = try await console.post("/emergency/release", token, cookie: first.cookie)
        #expect((400...499).contains(alone.status))
        let second = try await console.signedIn("second@example.com")
        let confirmed = try await console.post(
          "/emergency/release", [("form_token", second.token)], cookie: second.cookie)
        #expect(confirmed.status == 303)
        let after = try await console.get("/emergency", cookie: second.cookie).body
        #expect(after.contains("<dt>Stopped</dt><dd>no</dd>"))
      }
    }
  }
}
