import FlowrexSupport
import TestSupport
import Testing

/// The stop over the wire. (S18-EMG-02, 03, 06, C-55)
@Suite(.serialized) struct EmergencyRouteTests {
  @Test(
    .covers("S18-EMG-02", "S18-EMG-03", "S18-EMG-06"), arguments: TradingHouse.Kind.allCases)
  func `one stops, everything is closed, and two let it go on`(
    kind: TradingHouse.Kind
  ) async throws {
    try await TradingHouse.run(kind) { house in
      let (ann, admin) = (try await house.person("ann"), try await house.admin())
      let second = try await house.person("eve", role: "admin")
      let held = try #require(try await ann.place("held").json["order_id"].text)
      _ = try await ann.awaited(held, "filled")
      let price = try await ann.distantPrice()
      let resting = try #require(try await ann.place("rest", at: price).json["order_id"].text)
      _ = try await ann.awaited(resting, "working")

      let stop = try await admin.ask("POST", "/admin/emergency")
      #expect(stop.status == 200 && stop.json["emergency"]["is_stopped"] == .flag(true))
      #expect(stop.json["asked_to_end"] == .number(1))
      #expect(try await house.service.metric("kill_switch_engaged") == 1)
      _ = try await ann.awaited(resting, "cancelled")
      let denied = try await ann.place("no")
      #expect(denied.json["denial"]["code"] == .text("kill_switch"))
      #expect(try await ann.get("/risk")["is_stopped"] == .flag(true))

      var close = try await admin.ask("POST", "/admin/positions/close-all")
      // A cancelled order keeps its room until late fills of it can be told no more.
      for _ in 0..<200 where close.json["orders"].items.isEmpty {
        try await Task.sleep(for: .milliseconds(100))
        close = try await admin.ask("POST", "/admin/positions/close-all")
      }
      #expect(close.json["orders"].items.count == 1, "\(close.raw)")
      #expect(close.json["not_reached"].items.isEmpty && close.json["denied"].items.isEmpty)
      let closing = try #require(close.json["orders"][0].text)
      _ = try await ann.awaited(closing, "filled")
      #expect(try await ann.get("/positions/open")["items"].items.isEmpty)

      let asked = try await admin.ask("POST", "/admin/emergency/release")
      #expect(asked.status == 200 && asked.json["is_stopped"] == .flag(true))
      let alone = try await admin.ask("POST", "/admin/emergency/release")
      #expect(alone.status == 409 && alone.raw.code == "second_person_needed")
      let freed = try await second.ask("POST", "/admin/emergency/release")
      #expect(freed.status == 200 && freed.json["is_stopped"] == .flag(false))
      #expect(freed.json["trading_state"] == .text("active"))
      let again = try await second.ask("POST", "/admin/emergency/release")
      #expect(again.status == 409 && again.raw.code == "not_stopped")
      #expect(try await ann.place("yes").json["outcome"] == .text("accepted"))
    }
  }

  @Test(.covers("C-55"), arguments: TradingHouse.Kind.allCases)
  func `maintenance answers 503 until it is over, and leaves the way back open`(
    kind: TradingHouse.Kind
  ) async throws {
    try await TradingHouse.run(kind) { house in
      let (ann, admin) = (try await house.person("ann"), try await house.admin())
      let on = try await admin.ask("PUT", "/admin/maintenance", #"{"is_on":true}"#)
      #expect(on.status == 200 && on.json["is_on"] == .flag(true))
      for (method, path) in [("GET", "/portfolio"), ("GET", "/orders"), ("DELETE", "/orders/1")] {
        let answer = try await ann.ask(method, path)
        #expect(answer.status == 503 && answer.raw.code == "maintenance", "\(path)")
        #expect(answer.raw["retry-after"] == "60")
      }
      #expect(try await house.service.metric("maintenance_mode") == 1)
      #expect(try await ann.get("/auth/me")["role"].text == "user")
      #expect(await house.service.ask("GET", "/health/ready")?.status == 200)
      let bad = try await admin.ask("PUT", "/admin/maintenance", #"{"is_on":"no"}"#)
      #expect(bad.status == 422)
      let off = try await admin.ask("PUT", "/admin/maintenance", #"{"is_on":false}"#)
      #expect(off.json["is_on"] == .flag(false) && off.json["by"].text != nil)
      _ = try await ann.get("/portfolio")
    }
  }
}
