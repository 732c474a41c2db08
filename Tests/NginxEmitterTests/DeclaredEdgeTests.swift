import FlowrexContract
import Foundation
import ServiceContract
import Slipway
import SlipwayDocuments
import TestSupport
import Testing

/// The edge of each declared environment, asked for everything that the contract promises: one
/// start of nginx an environment, all questions to it.
@Suite(.serialized) struct DeclaredEdgeTests {
  /// A question to the edge, and what has to come back.
  private struct Question {
    let step: Step
    var status = 200
    var kind = Promise.Kind.api
    /// Whom the edge asks in turn, and for what.
    var asks: Promise?
    var allow: Set<String>?
    var isFlood = false
    /// How often a flood passes before it is stopped; `nil` where nothing stops it.
    var limit: LimitClass?
  }

  @Test(
    .covers(
      "C-12", "C-13", "C-34", "S18-NGX-13", "S18-NGX-14", "S18-NGX-17", "S18-NGX-18",
      "S18-NGX-19", "S18-NGX-20", "S18-NGX-21", "S17-HDR-10", "S04-LCH-11", "S04-LCH-12"),
    arguments: Subject.declared)
  func `every location of each environment answers as the contract says`(
    subject: Subject
  ) async throws {
    let questions = Self.methods(subject) + Self.names(subject) + Self.floods(subject)
    #expect(questions.count > (subject.isDeployed ? 600 : 550))
    let answers = try await requests(
      subject, to: questions.map(\.step) + Self.refusals(subject))
    for (question, answer) in zip(questions, answers) { expect(answer, to: question, subject) }
    expectRefusals(Array(answers[questions.count...]), subject)
  }

  @Test(.covers("S18-NGX-12", "S18-NGX-14", "C-05"), arguments: Subject.declared)
  func `the edge has the locations of the contract, and no other`(subject: Subject) throws {
    let text = try #require(try files(of: subject.resolved())["nginx/nginx.conf"])
    let http = try #require(try NginxReader.read(text).nodes.first { $0.name == "http" })
    let site = try #require(http.children.last { $0.name == "server" })
    let found = site.children.filter { $0.name == "location" }.map(\.arguments)
    let promised = Promise.all.map(\.words) + [["=", "/metrics"], ["^~", "/.slipway/"]]
    #expect(Set(found) == Set(promised))
    #expect(found.count == promised.count)
    // Authorities no longer answer about single certificates, so nothing is stapled.
    let tls = http.children.filter { $0.name.hasPrefix("ssl_") }
      .map { [$0.name] + $0.arguments }.filter { $0[0] != "ssl_ciphers" }
    #expect(
      tls == [
        ["ssl_protocols", "TLSv1.2", "TLSv1.3"], ["ssl_prefer_server_ciphers", "off"],
        ["ssl_session_cache", "shared:tls:10m"], ["ssl_session_timeout", "10m"],
        ["ssl_session_tickets", "off"],
      ])
  }
}

// MARK: - Questions

extension DeclaredEdgeTests {
  /// A request of a client of its own, so that no other counts against its limits.
  private static func request(
    _ verb: String, _ path: String, _ subject: Subject, client: Int, host: String? = nil
  ) -> Step {
    guard subject.isDeployed else {
      return .request(verb, path, host: host ?? subject.site)
    }
    return .request(
      verb, path, host: host ?? subject.site,
      headers: ["CF-Connecting-IP": "198.18.\(client / 250).\(client % 250 + 1)"],
      from: "103.21.244.7")
  }

  /// Every path with every method.
  private static func methods(_ subject: Subject) -> [Question] {
    let verbs = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
    let pairs = Promise.all.flatMap { promise in verbs.map { (promise, $0) } }
    return pairs.enumerated().map { client, pair in
      let (promise, verb) = pair
      let passes = promise.verbs.contains(verb)
      return Question(
        step: request(verb, promise.path, subject, client: client), status: passes ? 200 : 405,
        kind: promise.kind, asks: passes ? promise : nil, allow: passes ? nil : promise.verbs)
    }
  }

  /// Both names: the API answers at its own too, pages do not. Metrics are at none.
  private static func names(_ subject: Subject) -> [Question] {
    let promises = Promise.all.enumerated().map { index, promise in
      let verb = promise.routes[0].verb
      return Question(
        step: request(verb, promise.path, subject, client: 2000 + index, host: subject.api),
        status: promise.isAPI ? 200 : 404, kind: promise.isAPI ? promise.kind : .api,
        asks: promise.isAPI ? promise : nil)
    }
    return promises
      + [subject.site, subject.api].flatMap { host in
        ["/metrics", "//metrics", "/static/..%2fmetrics", "/.slipway/404.json"].map {
          Question(step: request("GET", $0, subject, client: 2900, host: host), status: 404)
        }
      }
  }

  /// Every limited route until it is stopped; in development one of each class, which never is.
  private static func floods(_ subject: Subject) -> [Question] {
    var seen: Set<LimitClass> = []
    let limited = Promise.all.flatMap { promise in promise.routes.map { (promise, $0) } }
    return limited.enumerated().compactMap { index, pair in
      let (promise, route) = pair
      guard let limit = route.limit else { return nil }
      let isFirst = seen.insert(limit).inserted
      guard subject.isDeployed || isFirst else { return nil }
      let step = request(route.verb, promise.path, subject, client: 3000 + index)
      return Question(
        step: .flood(step, atMost: subject.isDeployed ? 1000 : limit.burst + 10),
        status: subject.isDeployed ? 429 : 200, kind: promise.kind, isFlood: true,
        limit: subject.isDeployed ? limit : nil)
    } + [
      Question(
        step: .flood(request("GET", "/health", subject, client: 4000), atMost: 50),
        isFlood: true)
    ]
  }

  private static func refusals(_ subject: Subject) -> [Step] {
    let other = "www.\(subject.site)"
    return [
      .request("GET", "/", host: "evil.example", port: 8080),
      .request("GET", "/", host: "evil.example"),
      .request("GET", "/", host: "evil.example", sni: subject.site),
      .request("GET", "/a?b=c", host: subject.site, port: 8080),
      .request("GET", "/a?b=c", host: subject.api, port: 8080),
      .request("GET", "/a?b=c", host: other),
      .handshake(subject.site), .handshake(subject.api, tls: "TLSv1_1"),
    ]
  }
}

// MARK: - Answers

extension DeclaredEdgeTests {
  private func expect(_ answer: Outcome, to question: Question, _ subject: Subject) {
    let step = question.step
    let name = "\(step.method ?? "") \(step.host ?? "") \(step.path ?? "")"
    #expect(answer.status == question.status, "\(name): \(answer)")
    for (header, value) in headers(question.kind, subject) {
      #expect(answer.values(header) == value.map { [$0] } ?? [], "\(header) of \(name)")
    }
    #expect(answer.values("X-Request-ID").count == 1, "\(name)")
    #expect(answer.values("Server") == ["nginx"], "\(name)")
    let keeps = question.kind == .files && question.status == 200
    #expect(
      answer.values("Cache-Control")
        == [keeps ? "public, max-age=31536000, immutable" : "no-store"], "\(name)")
    let allow = answer.values("Allow").first.map {
      Set($0.split(separator: ", ").map(String.init))
    }
    #expect(allow == question.allow, "\(name)")
    if let promise = question.asks, step.method != "HEAD" {
      let body = Data((answer.body ?? "").utf8)
      let asked = try? JSONDecoder().decode(Outcome.Request.self, from: body)
      #expect(asked?.upstream == promise.upstream, "\(name)")
      #expect(asked?.target == promise.path, "\(name)")
    }
    if question.isFlood { expectFlood(answer, question, name) }
  }

  private func expectFlood(_ answer: Outcome, _ question: Question, _ name: String) {
    let statuses = answer.statuses ?? []
    guard let limit = question.limit else {
      #expect(statuses.count == question.step.number, "\(name)")
      #expect(statuses.allSatisfy { $0 == 200 }, "\(name)")
      return
    }
    #expect(statuses.count > limit.burst + 1, "\(name): \(statuses.count)")
    #expect(statuses.dropLast().allSatisfy { $0 == 200 }, "\(name)")
    let pause = (60 + limit.perMinute - 1) / limit.perMinute
    #expect(answer.values("Retry-After") == ["\(pause)"], "\(name)")
  }

  /// Each security header and its one value; `nil` where there is none.
  private func headers(_ kind: Promise.Kind, _ subject: Subject) -> [(String, String?)] {
    // A developer's browser comes by the port that the machine lends. (C-14)
    let api = subject.api + (subject.isDeployed ? "" : ":8443")
    let page = """
      default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
      font-src 'self' data:; connect-src 'self' https://\(api) wss://\(api); object-src 'none'; \
      base-uri 'self'; form-action 'self'; frame-ancestors 'none'
      """
    let isPage = kind == .page || kind == .files
    return [
      (
        "Strict-Transport-Security",
        subject.isDeployed ? "max-age=31536000; includeSubDomains" : nil
      ),
      ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"),
      ("X-XSS-Protection", "1; mode=block"),
      (
        "Content-Security-Policy",
        isPage ? page : "default-src 'none'; frame-ancestors 'none'"
      ),
      ("Referrer-Policy", "strict-origin-when-cross-origin"),
      ("Permissions-Policy", "geolocation=(), microphone=(), camera=()"),
      ("X-Powered-By", nil),
    ]
  }

  private func expectRefusals(_ answers: [Outcome], _ subject: Subject) {
    #expect(answers[0].error?.hasPrefix("ConnectionResetError") == true, "\(answers[0])")
    #expect(answers[1].error?.contains("UNRECOGNIZED_NAME") == true, "\(answers[1])")
    #expect(answers[2].status == 421)
    let port = subject.isDeployed ? "" : ":8443"
    for (answer, host) in zip(answers[3...], [subject.site, subject.api]) {
      #expect(answer.status == 301)
      #expect(answer.values("Location") == ["https://\(host)\(port)/a?b=c"])
    }
    let others = subject.environment.value.edge?.names.also ?? []
    if others.contains("www.\(subject.site)") {
      #expect(answers[5].values("Location") == ["https://\(subject.site)/a?b=c"])
    } else {
      #expect(answers[5].error?.contains("UNRECOGNIZED_NAME") == true, "\(answers[5])")
    }
    #expect(answers[6].tls == "TLSv1.3")
    #expect(answers[6].alpn == "h2")
    #expect(answers[7].error?.contains("TLSV1_ALERT_PROTOCOL_VERSION") == true, "\(answers[7])")
  }
}
