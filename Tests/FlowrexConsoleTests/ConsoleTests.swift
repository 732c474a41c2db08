import FlowrexContract
import FlowrexSupport
import Foundation
import Glibc
import TestSupport
import Testing

extension ServedConsole {
  /// The console before the real service: in, around, out. (S18-ARCH-03)
  @Suite struct ConsoleTests {
    @Test(.covers("S04-AUTH-07", "S04-AUTH-10", "C-61"))
    func `somebody signs in, sees pages and signs out`() async throws {
      try await RunningConsole.runWithService { console, service in
        let answer = try await console.signIn()
        #expect(answer.status == 303)
        #expect(answer["location"] == "/portfolio")
        let cookie = try answer.cookie()
        let page = try await console.get("/portfolio", cookie: cookie)
        #expect(page.body.contains("admin@localhost"))
        #expect(page["content-type"] == "text/html; charset=utf-8")
        #expect(page["cache-control"] == "no-store")
        #expect(try await console.get("/", cookie: cookie)["location"] == "/portfolio")

        let token = try page.formToken()
        let left = try await console.post("/sign-out", [("form_token", token)], cookie: cookie)
        #expect(left.status == 303 && left["location"] == "/sign-in?left=1")
        #expect(left.setCookies.contains { $0.hasPrefix("flowrex-console=;") })
        // Its tokens are of no use any more, whoever kept the cookie.
        let again = try await console.get("/orders", cookie: cookie)
        #expect(again.status == 303 && again["location"] == "/sign-in?next=%2Forders&ended=1")
        let logins = try await service.metric("logins_total")
        #expect(logins == 1)
      }
    }

    @Test(.covers("S04-AUTH-07"))
    func `a wrong password is said, and nothing of it is shown again`() async throws {
      try await RunningConsole.runWithService { console, _ in
        for password in ["wrong password", "", " correct horse battery"] {
          let answer = try await console.signIn("admin@localhost", password)
          #expect(answer.status == 401)
          #expect(answer.body.contains("E-mail address or password is wrong"))
          #expect(answer.body.contains(#"value="admin@localhost""#))
          #expect(password.isEmpty || !answer.body.contains(password.drop { $0 == " " }))
          #expect(answer.setCookies.allSatisfy { $0.hasPrefix("flowrex-console-form=") })
          #expect(!console.logText.contains("admin@localhost"))
        }
      }
    }

    @Test(.covers("S04-TRD-09"))
    func `a page without a session leads to the sign-in and back`() async throws {
      try await RunningConsole.runWithService { console, _ in
        for path in [
          "/portfolio", "/positions", "/orders", "/orders/1", "/approvals", "/guards",
          "/reconciliation", "/emergency",
        ] {
          let answer = try await console.get(path)
          #expect(answer.status == 303)
          let place =
            path == "/orders/1" ? "/sign-in" : "/sign-in?next=\(path.replacing("/", with: "%2F"))"
          #expect(answer["location"] == place)
          let form = try await console.get(place)
          #expect(form.body.contains(#"name="next" value="\#(path)""#) == (path != "/orders/1"))
          if path != "/orders/1" {
            #expect(try await console.signIn(next: path)["location"] == path)
          }
        }
      }
    }

    @Test func `what the API says of a failure stands in the page, with its status`() async throws {
      try await RunningConsole.runWithService { console, _ in
        let session = try await console.signedIn()
        let answer = try await console.get("/orders/no-such-order", cookie: session.cookie)
        #expect((400...499).contains(answer.status))
        #expect(answer.body.contains("<title>"))
      }
    }

    @Test(.covers("S18-EP-04", "C-10"))
    func `health is answered to anybody under any host`() async throws {
      try await RunningConsole.runWithService { console, _ in
        let answer = try #require(await console.ask("GET", "/api/health", host: "elsewhere"))
        #expect(answer.status == 200)
        struct Health: Decodable {
          let status: String
          let service: String
          let timestamp: String
        }
        let health = try JSONDecoder().decode(Health.self, from: Data(answer.body.utf8))
        #expect(health.status == "healthy" && health.service == "flowrex-console")
        #expect(health.timestamp.hasSuffix("Z"))
        #expect(await console.ask("GET", "/sign-in", host: "elsewhere")?.status == 400)
      }
    }

    @Test(.covers("S18-DFF-08"))
    func `the health check is a latch that closes when the API was reached`() async throws {
      try await RunningService.run { service in
        let nobody = try BoundPort.free(1)[0]
        try await RunningConsole.run(api: nobody, wasReady: false) { console in
          let status = try await check(console)
          #expect(status == 1)
          let ready = try await console.metric("service_ready")
          #expect(ready == 0)
          // It answers all the same, and says what is wrong.
          let answer = try await console.signIn()
          #expect(answer.status == 503)
          #expect(
            answer.body.contains("The API cannot be reached at the moment. Nothing was done."))
          #expect(answer["retry-after"] == nil || answer["retry-after"] == "5")
        }
        try await RunningConsole.run(api: service.port) { console in
          let before = try await check(console)
          #expect(before == 0)
          service.signal(SIGKILL)
          let after = try await check(console)
          #expect(after == 0)
        }
      }
    }

    private func check(_ console: RunningConsole) async throws -> Int32 {
      try await Tool.built(
        "flowrex-console", ["healthcheck"],
        environment: ["CONSOLE_PORT": "\(console.port)", "ENVIRONMENT": "development"]
      ).status
    }

    @Test(.covers("S18-NGX-21"))
    func `files are kept for a year under names that follow their content`() async throws {
      try await RunningConsole.runWithService { console, _ in
        let page = try await console.get("/sign-in").body
        let names = page.matches(of: /"\/static\/(console\.[0-9a-f]{16}\.(css|js|svg))"/)
        #expect(Set(names.map(\.2)) == ["css", "js", "svg"])
        for name in names {
          let file = try await console.get("/static/\(name.1)")
          #expect(file.status == 200)
          #expect(file["cache-control"] == "public, max-age=31536000, immutable")
          #expect(file["x-content-type-options"] == "nosniff")
          #expect(!file.body.isEmpty)
        }
        for name in ["console.css", "console.0000000000000000.css", "..%2Fconsole.css", "x"] {
          #expect(try await console.get("/static/\(name)").status == 404)
        }
      }
    }

    @Test(.covers("C-33"))
    func `after the signal it still answers, then says to close, then ends`() async throws {
      try await RunningConsole.runWithService(["DRAIN_ACCEPT_SECONDS": "1"]) { console, _ in
        console.signal(SIGTERM)
        let answer = try await console.get("/sign-in")
        #expect(answer.status == 200)
        let value = try await console.metric("service_draining")
        #expect(value == 1)
        #expect(try await console.awaitEnd() == 0)
        #expect(console.logText.contains(#""message":"ended""#))
      }
    }

    @Test(.covers("S17-SEC-14", "S17-CL-ENV-06"))
    func `production refuses what is plain, weak or missing, all at once`() async throws {
      let output = try await Tool.built(
        "flowrex-console", [],
        environment: [
          "ENVIRONMENT": "production", "DEBUG": "true", "LOG_FORMAT": "text",
          "APP_URL": "http://console.example", "WS_URL": "ws://api.example/ws",
          "API_INSIDE_URL": "https://api.example/x", "METRICS_PORT": "9090",
          "CONSOLE_PORT": "0", "TRUSTED_HOSTS": "*", "SERVICE_NAME": "console",
          "SECRETS_DIRECTORY": "/nonexistent", "APP_VERSION": "1", "APP_COMMIT": "1",
          "APP_BUILD_ID": "1",
        ])
      #expect(output.status == 78)
      for line in [
        "API_INSIDE_URL: expected `http://host:port` and nothing more",
        "APP_URL: must begin with https://",
        "CONSOLE_COOKIE_KEY: no file 'console-cookie-key' in SECRETS_DIRECTORY",
        "CONSOLE_PORT: expected a number from 1 to 65535", "DEBUG: must be `false` in production",
        "LOG_FORMAT: must be `json` in production",
        "TRUSTED_HOSTS: names each host, and `*` is none", "WS_URL: must begin with wss://",
      ] {
        #expect(output.stderr.contains("  \(line)\n"), "\(line)\n\(output.stderr)")
      }
    }

    @Test func `HEAD is answered like GET, without a body`() async throws {
      try await RunningConsole.runWithService { console, _ in
        let answer = try #require(await console.ask("HEAD", "/sign-in"))
        #expect(answer.status == 200 && answer.body.isEmpty)
        #expect(answer["content-security-policy"] != nil)
      }
    }
  }
}
