import FlowrexConsole
import FlowrexSupport
import Foundation
import Synchronization
import TestSupport
import Testing

extension ServedConsole {
  /// The pages in a real Chromium, as a person uses them.
  @Suite struct BrowserTests {
    private func signIn(_ browser: Browser, _ console: RunningConsole) async throws {
      try await browser.open(console.home + "/")
      try await browser.type(RunningService.email, into: "#email")
      try await browser.type(RunningService.password, into: "#password")
      try await browser.follow("form.card button")
    }

    @Test(.covers("S18-ARCH-03"), arguments: [true, false])
    func `somebody signs in, looks around and signs out, with scripts and without`(
      hasScripts: Bool
    ) async throws {
      try await RunningConsole.runWithService { console, _ in
        try await Browser.run { browser in
          if !hasScripts { try await browser.switchScriptsOff() }
          try await signIn(browser, console)
          #expect(try await browser.markup("h1") == "<h1>Portfolio</h1>")
          #expect(try await browser.markup(".who").contains("admin@localhost"))
          for (place, title) in [
            ("positions", "Positions"), ("orders", "Orders"), ("approvals", "Approvals"),
            ("guards", "Guards"), ("reconciliation", "Reconciliation"),
            ("emergency", "Emergency stop"),
          ] {
            try await browser.follow("nav a[href='/\(place)']")
            #expect(try await browser.markup("h1") == "<h1>\(title)</h1>")
            #expect(
              try await browser.markup("nav [aria-current]").contains("href=\"/\(place)\""))
          }
          try await browser.follow(".account button")
          #expect(try await browser.markup(".notice").contains("You are signed out."))
          try await browser.open(console.home + "/portfolio")
          #expect(try await browser.markup("h1") == "<h1>Sign in</h1>")
          #expect(browser.complaints == [])
        }
      }
    }

    @Test(.covers("S04-TRD-05", "C-65"), arguments: [true, false])
    func `somebody places an order and approves it, with scripts and without`(
      hasScripts: Bool
    ) async throws {
      try await RunningConsole.runWithService { console, _ in
        try await Browser.run { browser in
          if !hasScripts { try await browser.switchScriptsOff() }
          try await signIn(browser, console)
          try await browser.follow("nav a[href='/orders']")
          try await browser.type("0.1", into: "#quantity")
          try await browser.follow("form.card button")
          #expect(try await browser.markup(".notice").contains("The order was placed."))
          try await browser.follow("nav a[href='/approvals']")
          #expect(try await browser.markup("tbody").contains("EURUSD"))
          try await browser.follow("tbody button.main")
          #expect(try await browser.markup(".notice").contains("The order was approved."))
          #expect(try await browser.markup("main").contains("Nothing here."))
          #expect(browser.complaints == [])
        }
      }
    }

    @Test func `every page fits, wide and narrow, light and dark`() async throws {
      try await RunningConsole.runWithService(
        service: ["EXECUTION_MODE": "autonomous", "OUTBOX_INTERVAL_SECONDS": "0.05"]
      ) { console, _ in
        try await Browser.run { browser in
          try await browser.open(console.home + "/sign-in")
          _ = try await browser.picture("sign-in")
          try await signIn(browser, console)
          for quantity in ["0.1", "0.25"] {
            try await browser.open(console.home + "/orders")
            try await browser.type(quantity, into: "#quantity")
            try await browser.follow("form.card button")
          }
          try await browser.await("a fill") {
            try await browser.open(console.home + "/positions")
            return try await browser.markup("main").contains("0.35")
          }
          for (name, scheme, width) in [
            ("wide", "light", 1_280), ("dark", "dark", 1_280), ("narrow", "light", 390),
          ] {
            try await browser.size(width, 800)
            try await browser.prefer(scheme)
            for page in [
              "portfolio", "positions", "orders", "approvals", "guards", "reconciliation",
              "emergency",
            ] {
              try await browser.open("\(console.home)/\(page)")
              let picture = try await browser.picture("\(page)-\(name)")
              #expect(picture.count > 5_000)
              let overflow = try await browser.value(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth")
              #expect(overflow == .whole(0), "\(page) \(name)")
            }
          }
          #expect(browser.complaints == [])
        }
      }
    }

    @Test(.covers("C-13")) func `the policy lets our own files in, and nothing else`() async throws
    {
      try await RunningConsole.runWithService { console, _ in
        try await Browser.run { browser in
          try await browser.open(console.home + "/sign-in")
          // Our style is there: the card is no plain block.
          let border = try await browser.value(
            "getComputedStyle(document.querySelector('.card')).borderTopStyle")
          #expect(border == .text("solid"))
          #expect(browser.complaints == [])
          // A program in the page, a style in it, a picture from elsewhere: all are stopped.
          _ = try await browser.value(
            """
            (() => {
              const script = document.createElement("script");
              script.textContent = "window.taken = true";
              document.body.append(script);
              document.body.setAttribute("style", "display:none");
              const picture = document.createElement("img");
              picture.src = "http://127.0.0.1:1/x.png";
              document.body.append(picture);
            })()
            """)
          #expect(try await browser.value("window.taken === undefined") == .flag(true))
          #expect(
            try await browser.value("getComputedStyle(document.body).display") == .text("block"))
          try await browser.await("three complaints") { browser.complaints.count >= 3 }
          #expect(try await browser.value("document.cookie") == .text(""))
        }
      }
    }

    @Test func `hostile answers are shown and do nothing`() async throws {
      let text = #""><img src=x onerror="window.taken=1"><script>window.taken=1</script>"#
      let answers = StandInAPI.answering { asked in
        guard asked.path == "/api/v1/orders?limit=50" || asked.path == "/api/v1/orders" else {
          return nil
        }
        return .ok(
          .object([
            "items": .list([
              .object(["id": .text(text), "symbol": .text(text), "state": .text(text)])
            ])
          ]))
      }
      try await StandInAPI.run(answers) { api in
        try await RunningConsole.run(api: api.port) { console in
          try await Browser.run { browser in
            try await signIn(browser, console)
            try await browser.follow("nav a[href='/orders']")
            #expect(try await browser.value("document.images.length") == .whole(0))
            #expect(try await browser.value("window.taken === undefined") == .flag(true))
            let shown = try await browser.value(
              "document.querySelector('tbody td:nth-child(3)').textContent")
            #expect(shown == .text(text))
            #expect(browser.complaints == [])
          }
        }
      }
    }

    /// The API's own stream, and what the script says to it.
    @Test(.covers("S17-VAR-71", "S18-NGX-17"))
    func `an order that is placed elsewhere appears by itself`() async throws {
      let port = try BoundPort.free(1)[0]
      let origin = ["CORS_ORIGINS": "http://localhost:\(port)"]
      try await RunningConsole.runWithService(service: origin, port: port) { console, service in
        try await Browser.run { browser in
          try await signIn(browser, console)
          try await browser.follow("nav a[href='/orders']")
          try await browser.await("the stream") {
            try await browser.markup("[data-state]").contains(">Live<")
          }
          let elsewhere = try await service.signedIn()
          let order =
            #"{"client_order_id":"elsewhere-1","symbol":"XAUUSD","side":"buy","#
            + #""quantity":"0.1","type":"market"}"#
          let placed = try #require(
            await service.ask("POST", "/api/v1/orders", [elsewhere.bearer], body: order))
          #expect(placed.status == 200, "\(placed)")
          try await browser.await("the order") {
            try await browser.markup("[data-live]").contains("XAUUSD")
          }
          #expect(try await browser.markup("[data-state]").contains(">Live<"))
          #expect(browser.complaints == [])
        }
      }
    }

    @Test(.covers("S17-VAR-71")) func `a message of the stream brings the page up to date`()
      async throws
    {
      let filled = Filled()
      let answers = StandInAPI.answering { asked in
        guard asked.path == "/api/v1/orders" else { return nil }
        return .ok(
          .object([
            "items": .list([.object(["id": .text("1"), "filled": .text(filled.text)])])
          ]))
      }
      try await StandInAPI.run(answers) { api in
        try await RunningConsole.run(api: api.port) { console in
          try await Browser.run { browser in
            try await signIn(browser, console)
            try await browser.follow("nav a[href='/orders']")
            try await browser.await("the stream") {
              try await browser.markup("[data-state]").contains(">Live<")
            }
            let opened = try #require(
              api.requests.last { $0.headers["sec-websocket-key"] != nil })
            #expect(opened.headers["sec-websocket-protocol"] == "flowrex.v1, flowrex.bearer.a.b.c")
            #expect(opened.headers["origin"] == console.home)
            filled.text = "0.70"
            api.tell("{}")
            try await browser.await("the new quantity") {
              try await browser.markup("table").contains("0.70")
            }
            #expect(browser.complaints == [])
          }
        }
      }
    }
  }
}

/// A quantity that changes while the test runs.
private final class Filled: Sendable {
  private let value = Mutex("0.10")
  var text: String {
    get { value.withLock { $0 } }
    set { value.withLock { $0 = newValue } }
  }
}
