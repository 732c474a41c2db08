import FlowrexSupport
import TestSupport
import Testing

/// Halted accounts and differences over the wire. (S03-ARCH-05, S03-ARCH-07, S18-AUD-01)
@Suite(.serialized) struct RulingRouteTests {
  @Test(.covers("S03-ARCH-07", "S18-AUD-01", "S18-AUD-02"))
  func `an administrator lets a halted account trade again, and says why`() async throws {
    try await TradingHouse.run(.postgresql) { house in
      let (ann, admin) = (try await house.person("ann"), try await house.admin())
      _ = try await ann.get("/portfolio")
      let server = try await TradingHouse.server()
      try await server.say("UPDATE accounts SET state = 'halted';\n", in: house.database)
      #expect(try await ann.place("no").json["denial"]["code"] == .text("trading_halted"))
      let halted = try await admin.get("/admin/accounts/halted")["items"]
      let id = try #require(halted[0]["account_id"].text)
      #expect(halted.items.count == 1 && halted[0]["state"] == .text("halted"))
      let path = "/admin/accounts/\(id)/resume"

      #expect(try await ann.ask("POST", path, #"{"reason":"I want to"}"#).status == 403)
      for body in ["{}", #"{"reason":" "}"#, #"{"reason":"x","more":1}"#] {
        #expect(try await admin.ask("POST", path, body).status == 422, "\(body)")
      }
      let nobody = "/admin/accounts/01234567-89ab-7def-8123-456789abcdef/resume"
      #expect(try await admin.ask("POST", nobody, #"{"reason":"why not"}"#).status == 404)
      #expect(try await ann.place("no-2").json["denial"]["code"] == .text("trading_halted"))

      let reason = "the feed was wrong, see the runbook"
      let resumed = try await admin.ask("POST", path, #"{"reason":"\#(reason)"}"#)
      #expect(resumed.status == 200 && resumed.json["was"] == .text("halted"), "\(resumed.raw)")
      #expect(resumed.json["state"] == .text("active"))
      #expect(try await ann.place("yes").json["outcome"] == .text("accepted"))
      let again = try await admin.ask("POST", path, #"{"reason":"once more"}"#)
      #expect(again.status == 200 && again.json["was"] == .text("active"))
      let rulings = try await admin.get("/admin/rulings")["items"]
      #expect(rulings.items.count == 1 && rulings[0]["reason"] == .text(reason))
      #expect(rulings[0]["kind"] == .text("account_resumed"))
      #expect(rulings[0]["subject"] == .text(id))
      #expect(try await house.command.run("audit", "verify").status == 0)
      try await server.say(
        """
        DO $$ BEGIN ASSERT (
          SELECT count(*) FROM audit_logs WHERE action = 'ruled' AND subject = '\(id)') = 1;
        END $$;

        """, in: house.database)
    }
  }

  @Test(.covers("S03-ARCH-05", "S18-AUD-01"))
  func `an administrator settles a difference, and the view agrees at once`() async throws {
    try await TradingHouse.run(.postgresql) { house in
      let (ann, admin) = (try await house.person("ann"), try await house.admin())
      let server = try await TradingHouse.server()
      try await server.say(
        """
        INSERT INTO divergences (kind, subject, detail, found_at)
        VALUES ('work_fails', 'simulated/1/after 7', 'of somebody', 1);

        """, in: house.database)
      #expect(try await ann.get("/reconciliation/status")["open"] == .number(1))
      let path = "/admin/divergences/settle"
      func body(_ subject: String, kind: String = "work_fails") -> String {
        #"{"kind":"\#(kind)","subject":"\#(subject)","reason":"looked at it"}"#
      }
      #expect(try await ann.ask("POST", path, body("simulated/1/after 7")).status == 403)
      #expect(try await admin.ask("POST", path, body("x")).status == 404)
      #expect(try await admin.ask("POST", path, body("x", kind: "nonsense")).status == 422)
      #expect(try await admin.ask("POST", path, body("")).status == 422)
      let settled = try await admin.ask("POST", path, body("simulated/1/after 7"))
      #expect(settled.status == 200 && settled.json["replayed"] == .flag(false), "\(settled.raw)")
      for _ in 0..<600
      where try await ann.get("/reconciliation/status")["open"] != .number(0) {
        try await Task.sleep(for: .milliseconds(50))
      }
      #expect(try await ann.get("/reconciliation/status")["open"] == .number(0))
      let again = try await admin.ask("POST", path, body("simulated/1/after 7"))
      #expect(again.status == 200 && again.json["replayed"] == .flag(true))
      #expect(try await admin.get("/admin/rulings")["items"].items.count == 1)
    }
  }
}
