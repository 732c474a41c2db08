import TestSupport
import Testing

/// The container's entry point, run as its user, with real signals and certificates. (F5, F16)
struct SupervisorTests {
  private static let challenge = "/.well-known/acme-challenge/token"
  private static let flag = "/var/lib/edge/maintenance"

  @Test func `without a certificate only the authority is answered, until there is one`()
    async throws
  {
    let outcomes = try await withEdge(does: [
      .challenges(token: "token", answer: "token.thumbprint"), .start(ready: []),
      .wait(for: 200, Self.challenge, host: Shop.api, port: 8080),
      .request("GET", "/", port: 8080, headers: ["Accept": "text/html"]),
      .request("POST", "/api/v1/orders", host: "any.name", port: 8080), .handshake(Shop.site),
      .certificate("first"), .wait(forSubject: "first"),
      .wait(for: 200, "/api/v1/orders", host: Shop.api),
      .request("GET", Self.challenge, host: Shop.api, port: 8080),
      .request("GET", "/.well-known/acme-challenge/other", port: 8080),
      .wait(for: 301, "/", port: 8080), .words,
    ])
    #expect(outcomes[1].status == 200)
    #expect(outcomes[2].body == "token.thumbprint")
    #expect(outcomes[3].status == 503)
    #expect(outcomes[3].values("Retry-After") == ["60"])
    #expect(outcomes[3].values("X-Frame-Options") == ["DENY"])
    #expect(outcomes[3].body?.contains("Service Unavailable") == true)
    #expect(outcomes[4].status == 503)
    #expect(outcomes[4].values("Content-Type") == ["application/problem+json"])
    #expect(outcomes[5].error?.hasPrefix("ConnectionRefusedError") == true)
    #expect(outcomes[7].subject == "subject=CN = first")
    #expect(outcomes[8].status == 200)
    #expect(outcomes[9].body == "token.thumbprint")
    #expect(outcomes[10].status == 404)
    #expect(outcomes[11].status == 301)
    #expect(
      outcomes[12].supervisor == [
        """
        supervise: no certificate yet, answering on port 80 only: \
        /var/lib/edge/certificates/fullchain.pem
        """,
        "supervise: took the certificate and the configuration that are there now",
      ])
  }

  @Test func `a new certificate is taken without a failed request, a bad one is not taken`()
    async throws
  {
    let slow = ["X-Stand-In": "sleep=7"]
    let outcomes = try await withEdge(does: [
      .certificate("first"), .start(), .begin(.request("GET", "/portfolio", headers: slow)),
      .certificate("second"), .wait(forSubject: "second"), .finish,
      .hammer(.request("GET", "/portfolio")), .certificate("third"),
      .wait(forSubject: "third"), .pause(seconds: 1), .rest,
      .certificate("fourth", broken: true), .pause(seconds: 12), .handshake(Shop.site),
      .request("GET", "/healthz", port: 8081), .words, .certificate("fifth"),
      .wait(forSubject: "fifth"),
    ])
    #expect(outcomes[4].subject == "subject=CN = second")
    #expect(outcomes[5].status == 200)
    let statuses = try #require(outcomes[10].statuses)
    #expect(statuses.count >= 50)
    #expect(statuses.allSatisfy { $0 == 200 }, "\(statuses.filter { $0 != 200 })")
    #expect(outcomes[13].subject == "subject=CN = third")
    #expect(outcomes[14].status == 200)
    let complaints = outcomes[15].supervisor.filter {
      $0.hasPrefix("supervise: not taken, nginx would refuse it: ")
    }
    #expect(complaints.count == 1, "\(outcomes[15].supervisor)")
    #expect(outcomes[17].subject == "subject=CN = fifth")
  }

  @Test func `an edge that starts with a bad certificate is not healthy, yet can get another`()
    async throws
  {
    let outcomes = try await withEdge(does: [
      .certificate("first", broken: true), .challenges(token: "token", answer: "yes"),
      .start(status: 503, ready: []), .wait(for: 200, Self.challenge, port: 8080),
      .certificate("second"), .wait(forSubject: "second"),
      .request("GET", "/healthz", port: 8081),
    ])
    #expect(outcomes[2].status == 503)
    #expect(outcomes[3].body == "yes")
    #expect(outcomes[5].subject == "subject=CN = second")
    #expect(outcomes[6].status == 200)
  }

  @Test func `QUIT finishes what has begun and takes nothing new`() async throws {
    let slow = ["X-Stand-In": "sleep=3"]
    let outcomes = try await withEdge(does: [
      .certificate("first"), .start(), .begin(.request("GET", "/portfolio", headers: slow)),
      .signal(3, within: 20), .finish, .request("GET", "/portfolio"),
    ])
    #expect(outcomes[3].status == 0)
    #expect(outcomes[4].status == 200)
    #expect(outcomes[5].error?.hasPrefix("ConnectionRefusedError") == true)
  }

  @Test func `TERM ends it at once`() async throws {
    let slow = ["X-Stand-In": "sleep=9"]
    let outcomes = try await withEdge(does: [
      .certificate("first"), .start(), .begin(.request("GET", "/portfolio", headers: slow)),
      .signal(15, within: 5), .finish,
    ])
    #expect(outcomes[3].status == 0)
    #expect(outcomes[4].status != 200)
  }

  @Test(.covers("C-55", "S18-EMG-04"))
  func `maintenance closes all but health and certificates, without a reload`()
    async throws
  {
    let html = ["Accept": "text/html"]
    let outcomes = try await withEdge(does: [
      .certificate("first"), .challenges(token: "token", answer: "yes"), .start(),
      .wait(for: 200, Self.challenge, port: 8080), .file(Self.flag, exists: true),
      .request("GET", "/", headers: html),
      .request("POST", "/sign-in", headers: html, bytes: 9),
      .request("POST", "/api/v1/orders", host: Shop.api, bytes: 9),
      .request("GET", "/static/app.js"), .request("GET", "/nowhere", host: Shop.api),
      .request("GET", "/health", host: Shop.api), .request("GET", "/api/health"),
      .request("GET", Self.challenge, port: 8080), .request("GET", "/healthz", port: 8081),
      .file(Self.flag, exists: false), .request("GET", "/"),
    ])
    for outcome in outcomes[5...9] {
      #expect(outcome.status == 503)
      #expect(outcome.values("Retry-After") == ["60"])
      #expect(outcome.values("Cache-Control") == ["no-store"])
      #expect(outcome.values("Strict-Transport-Security").count == 1)
      #expect(outcome.values("Content-Security-Policy").count == 1)
    }
    #expect(outcomes[5].body?.contains("being maintained") == true)
    #expect(outcomes[6].values("Content-Type") == ["text/html"])
    #expect(outcomes[7].values("Content-Type") == ["application/problem+json"])
    #expect(outcomes[10...13].map(\.status) == [200, 200, 200, 200])
    #expect(outcomes[12].body == "yes")
    #expect(outcomes[15].status == 200)
  }

  @Test func `development waits for its certificate in the same way`() async throws {
    let outcomes = try await withEdge(
      .development,
      does: [
        .start(ready: []), .request("GET", "/", host: "localhost", port: 8080),
        .certificate("localhost"),
        .wait(forSubject: "localhost", host: "localhost"),
        .wait(for: 200, "/", host: "localhost"),
      ])
    #expect(outcomes[1].status == 503)
    #expect(outcomes[3].subject == "subject=CN = localhost")
    #expect(outcomes[4].status == 200)
  }
}

extension Outcome {
  /// The supervisor's own lines.
  fileprivate var supervisor: [String] {
    (err ?? "").split(separator: "\n").map(String.init).filter { $0.hasPrefix("supervise: ") }
  }
}
