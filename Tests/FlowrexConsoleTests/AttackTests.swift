import FlowrexConsole
import FlowrexSupport
import Foundation
import TestSupport
import Testing

extension ServedConsole {
  /// What other sites, other people and hostile data try. (C-61, C-13)
  @Suite struct AttackTests {
    // MARK: Forms of other sites (CWE-352)

    struct Forgery: Sendable, CustomTestStringConvertible {
      let testDescription: String
      /// `nil`: the headers of a page of ours.
      var headers: [String]?
      var token: Token = .right

      enum Token: Sendable { case right, none, other, ofTheSignIn, cut }
    }

    static let forgeries = [
      Forgery(testDescription: "no token", token: .none),
      Forgery(testDescription: "another session's token", token: .other),
      Forgery(testDescription: "the token of a sign-in", token: .ofTheSignIn),
      Forgery(testDescription: "half a token", token: .cut),
      Forgery(
        testDescription: "another origin, with the right token",
        headers: ["Origin: https://evil.example"]),
      Forgery(testDescription: "an origin that nobody says", headers: ["Origin: null"]),
      Forgery(
        testDescription: "our host on another port", headers: ["Origin: http://localhost:1"]),
      Forgery(
        testDescription: "a page of another site", headers: ["Sec-Fetch-Site: cross-site"]),
      Forgery(
        testDescription: "a page of a neighbouring host", headers: ["Sec-Fetch-Site: same-site"]),
    ]

    @Test(.covers("C-61"))
    func `a form that is not ours changes nothing`() async throws {
      try await RunningConsole.runWithService { console, service in
        for forgery in Self.forgeries {
          let session = try await console.signedIn()
          let token: String? =
            switch forgery.token {
            case .right: session.token
            case .none: nil
            case .other: try await console.signedIn().token
            case .ofTheSignIn: try await console.signInForm().token
            case .cut: String(session.token.prefix(32))
            }
          let fields = token.map { [("form_token", $0)] } ?? []
          let before = try await service.metrics()
          for path in [
            "/orders", "/orders/1/cancel", "/approvals/1/approve", "/approvals/1/reject",
            "/emergency", "/emergency/release", "/sign-out",
          ] {
            let answer = try await console.post(
              path, fields + [("sure", "yes")], cookie: session.cookie, forgery.headers)
            #expect(answer.status == 403, "\(forgery) \(path)")
            #expect(answer.setCookies.isEmpty)
          }
          // The API was not even asked.
          let writes = { (text: String) in
            text.split(separator: "\n").filter {
              $0.hasPrefix("http_requests_total{") && !$0.contains(#"method="GET""#)
            }
          }
          let after = try await service.metrics()
          #expect(writes(after) == writes(before))
          #expect(try await console.get("/portfolio", cookie: session.cookie).status != 303)
        }
      }
    }

    @Test(.covers("C-61"))
    func `nobody is signed in by somebody else's form`() async throws {
      try await RunningConsole.runWithService { console, _ in
        let form = try await console.signInForm()
        let people = [("email", RunningService.email), ("password", RunningService.password)]
        // Without the cookie, with another one, without the token, from another site.
        for (cookie, token, headers) in [
          (nil, form.token, nil),
          (try await console.signInForm().cookie, form.token, nil),
          (form.cookie, "", nil),
          (form.cookie, form.token, ["Origin: https://evil.example"]),
        ] as [(String?, String, [String]?)] {
          let answer = try await console.post(
            "/sign-in", people + [("form_token", token)], cookie: cookie, headers)
          #expect(answer.status == 403)
          #expect(!answer.setCookies.contains { $0.hasPrefix("flowrex-console=") })
        }
      }
    }

    // MARK: Cookies

    @Test(.covers("C-61"))
    func `a cookie that we did not seal is none`() async throws {
      try await RunningConsole.runWithService { console, _ in
        for cookie in [
          "flowrex-console=", "flowrex-console=AAAA", "flowrex-console=admin",
          "flowrex-console={\"email\":\"admin@localhost\"}",
        ] {
          let answer = try await console.get("/portfolio", cookie: cookie)
          #expect(answer.status == 303 && answer["location"]?.hasPrefix("/sign-in") == true)
        }
      }
    }

    @Test(.covers("S17-VAR-42", "S17-VAR-43", "S17-VAR-44", "C-61"))
    func `cookies are closed to scripts and to other sites`() async throws {
      try await RunningConsole.runWithService { console, _ in
        let form = try await console.get("/sign-in").setCookies
        let session = try await console.signIn().setCookies
        #expect(form.count == 1 && session.count == 2)
        for cookie in form + session {
          #expect(cookie.contains("; HttpOnly; SameSite=Strict"))
          #expect(cookie.contains("; Path=/;"))
          #expect(!cookie.lowercased().contains("domain="))
          // A JWT is no part of it.
          #expect(!cookie.contains("eyJ"))
        }
        // One after the other, nobody gets the cookie of before.
        let again = try await console.signIn().setCookies
        #expect(again.first != session.first)
      }
    }

    // MARK: Addresses (CWE-601)

    @Test
    func `a sign-in leads to our pages only`() async throws {
      try await RunningConsole.runWithService { console, _ in
        for next in [
          "https://evil.example", "//evil.example", "/\\evil.example",
          "/orders/../..//evil.example",
          "javascript:alert(1)", "/sign-out", "/static/x", "/orders?x=1", "portfolio", "/Portfolio",
          "/%2Fevil.example", "/portfolio\r\nSet-Cookie: a=b",
        ] {
          let answer = try await console.signIn(next: next)
          #expect(answer.status == 303 && answer["location"] == "/portfolio")
          #expect(!answer.setCookies.contains { $0.hasPrefix("a=b") })
          let asked = try await console.get("/sign-in?next=https%3A%2F%2Fevil.example")
          #expect(!asked.body.contains("evil.example"))
        }
      }
    }

    // MARK: Headers (CWE-1021)

    @Test(.covers("C-13", "S17-HDR-01", "S04-NET-05"))
    func `every page forbids frames, foreign files and programs in itself`() async throws {
      try await RunningConsole.runWithService { console, _ in
        for path in ["/sign-in", "/portfolio", "/nowhere", "/orders/%00", "/static/x"] {
          let session = try await console.signedIn()
          let answer = try await console.get(path, cookie: session.cookie)
          let policy = try #require(answer["content-security-policy"])
          #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self';"))
          #expect(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"))
          #expect(policy.contains("form-action 'self'"))
          #expect(!policy.contains("unsafe") && !policy.contains("*"))
          #expect(answer["x-frame-options"] == "DENY")
          #expect(answer["x-content-type-options"] == "nosniff")
          #expect(answer["referrer-policy"] == "strict-origin-when-cross-origin")
          #expect(answer["cross-origin-opener-policy"] == "same-origin")
          #expect(answer.headers.filter { $0.name == "content-security-policy" }.count == 1)
          // Nothing in the page itself runs or paints, so that the policy takes nothing away.
          #expect(answer.body.firstMatch(of: /<style|style=|\son[a-z]+=|javascript:/) == nil)
          #expect(answer.body.firstMatch(of: /<script(?! src="\/static\/)/) == nil)
        }
      }
    }

    // MARK: Input

    @Test func `a form that is too large or no form is refused`() async throws {
      try await RunningConsole.runWithService { console, _ in
        let form = try await console.signInForm()
        let large = try await console.post(
          "/sign-in", [("email", String(repeating: "x", count: 20_000))], cookie: form.cookie)
        #expect(large.status == 413)
        for type in ["application/json", "text/plain", "multipart/form-data; boundary=x"] {
          let answer = await console.ask(
            "POST", "/sign-in", ["Content-Type: \(type)", "Cookie: \(form.cookie)"], body: "a=b")
          #expect(answer?.status == 400)
        }
        let twice = try await console.post(
          "/sign-in", [("form_token", form.token), ("form_token", form.token)], cookie: form.cookie)
        #expect(twice.status == 400)
      }
    }

    @Test
    func `an id reaches one place of the API and no other`() async throws {
      try await StandInAPI.run(StandInAPI.answering { _ in nil }) { api in
        try await RunningConsole.run(api: api.port) { console in
          for path in [
            "/orders/..%2f..%2fadmin%2femergency", "/orders/%2e%2e", "/orders/1%0d%0aX: y",
            "/orders/a%20b", "/orders/1%3fx=1",
          ] {
            let session = try await console.signedIn()
            _ = try await console.get(path, cookie: session.cookie)
            for asked in api.requests.map(\.path) {
              let parts = asked.split(separator: "?")[0].split(separator: "/")
              #expect(
                parts.starts(with: ["api", "v1"]) && !parts.contains("..") && !asked.contains(" "))
              #expect(!asked.hasPrefix("/api/v1/admin"))
            }
          }
        }
      }
    }

    @Test func `the address of a person reaches the API, a claimed one does not`() async throws {
      try await StandInAPI.run(StandInAPI.answering { _ in nil }) { api in
        try await RunningConsole.run(api: api.port) { console in
          _ = await console.ask(
            "GET", "/sign-in", ["X-Forwarded-For: 203.0.113.9"])
          let form = try await console.signInForm()
          _ = try await console.post(
            "/sign-in", [("form_token", form.token)], cookie: form.cookie,
            ["X-Forwarded-For: 198.51.100.7, 203.0.113.9", "X-Request-ID: request-of-a-test"])
          let login = try #require(api.requests.first { $0.path == "/api/v1/auth/login" })
          // The edge wrote the last one; what stands before it anybody can write.
          #expect(login.headers["x-forwarded-for"] == "203.0.113.9")
          #expect(login.headers["x-request-id"] == "request-of-a-test")
        }
      }
    }

    // MARK: Hostile data (CWE-79)

    private static func hostile(_ text: String) -> JSONValue {
      let item: JSONValue = .object(
        Dictionary(
          uniqueKeysWithValues: [
            "id", "order_id", "instrument", "symbol", "side", "quantity", "filled", "price",
            "state",
            "status", "placed_at", "asked_at", "expires_at", "average_price", "unrealised",
            "realised", "exposure", "event", "detail", "at", "name", "cap", "effective", "help",
            "by", "since", "as_of", "number", text,
          ].map { ($0, .text(text)) }))
      var fields = item.fields
      fields["items"] = .list([item, item])
      fields["next"] = .text(text)
      fields["parts"] = item
      fields["caps"] = .list([item])
      return .object(fields)
    }

    @Test(.covers("S04-NET-05"), arguments: HTMLTests.hostile)
    func `nothing that the API answers becomes markup`(text: String) async throws {
      let answers = StandInAPI.answering { asked in
        asked.path.contains("/auth/") || asked.path.hasPrefix("/health")
          ? nil : .ok(Self.hostile(text))
      }
      try await StandInAPI.run(answers) { api in
        try await RunningConsole.run(api: api.port) { console in
          let session = try await console.signedIn()
          for path in [
            "/portfolio", "/positions", "/orders", "/orders/1", "/approvals", "/guards",
            "/reconciliation", "/emergency",
          ] {
            let body = try await console.get(path, cookie: session.cookie).body
            let clean = try Self.skeleton(body)
            #expect(clean.allSatisfy { Self.elements.contains($0) }, "\(path): \(clean)")
            #expect(!body.contains("<script>") && !body.contains("<img") && !body.contains("<svg"))
            #expect(
              body.firstMatch(of: /\son[a-z]+\s*=\s*["'a-z]/.ignoresCase()) == nil
                || !body.contains("\" on"))
            #expect(body.firstMatch(of: /(href|src|action)="(?!\/(?!\/))/) == nil, "\(path)")
          }
        }
      }
    }

    private static let elements = Set(Tag.allCases.map(\.rawValue)).union(["!doctype"])

    /// The names of all start tags, as a browser would see them.
    private static func skeleton(_ body: String) throws -> [String] {
      body.matches(of: /<([^\/][^\s>]*)/).map { String($0.1) }
    }

    @Test func `a hostile problem of the API is text too`() async throws {
      let text = #"<script>alert("1")</script>"#
      let answers = StandInAPI.answering { asked in
        asked.path.contains("/auth/") || asked.path.hasPrefix("/health")
          ? nil : .problem(409, text, text)
      }
      try await StandInAPI.run(answers) { api in
        try await RunningConsole.run(api: api.port) { console in
          let session = try await console.signedIn()
          let answer = try await console.get("/portfolio", cookie: session.cookie)
          #expect(answer.status == 409)
          #expect(!answer.body.contains("<script>"))
          #expect(answer.body.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;"))
        }
      }
    }

    @Test func `an API that answers nonsense ends no page in silence`() async throws {
      let answers = StandInAPI.answering { asked in
        asked.path.contains("/auth/") || asked.path.hasPrefix("/health")
          ? nil : .ok(.text("nonsense"))
      }
      try await StandInAPI.run(answers) { api in
        try await RunningConsole.run(api: api.port) { console in
          let session = try await console.signedIn()
          let answer = try await console.get("/orders", cookie: session.cookie)
          #expect(answer.status == 502)
          #expect(answer.body.contains("does not understand"))
        }
      }
    }
  }
}
