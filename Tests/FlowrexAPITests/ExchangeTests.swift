import FlowrexAPI
import FlowrexConfiguration
import FlowrexContract
import FlowrexServing
import Foundation
import HTTPTypes
import ServiceContract
import TestSupport
import Testing

@Suite struct ExchangeTests {
  private static let trusted = ["10.0.0.0/8", "127.0.0.0/8"].compactMap(AddressBlock.init)

  @Test(
    .covers("S17-RL-05", "C-34"),
    arguments: [
      ("203.0.113.9", nil, "203.0.113.9"),
      ("203.0.113.9", "1.2.3.4", "203.0.113.9"),
      ("10.0.0.5", "1.2.3.4", "1.2.3.4"),
      ("10.0.0.5", "9.9.9.9, 1.2.3.4", "1.2.3.4"),
      ("10.0.0.5", "1.2.3.4, 10.0.0.6", "1.2.3.4"),
      ("10.0.0.5", "127.0.0.1,1.2.3.4,10.0.0.6 , 10.0.0.7", "1.2.3.4"),
      ("10.0.0.5", "10.0.0.6", "10.0.0.6"),
      ("10.0.0.5", "<script>", "10.0.0.5"),
      ("10.0.0.5", "1.2.3.4, x, 10.0.0.6", "10.0.0.6"),
      ("10.0.0.5", "", "10.0.0.5"),
      ("", "1.2.3.4", "unknown"),
    ] as [(String, String?, String)])
  func `a forwarded address is believed as far as our own proxies vouch`(
    peer: String, forwarded: String?, address: String
  ) {
    #expect(ClientAddress.of(peer: peer, forwarded: forwarded, trusted: Self.trusted) == address)
  }

  @Test(
    .covers("S17-HDR-10", "C-70"),
    arguments: [
      ("api.flowrex.app", true), ("API.Flowrex.app", true), ("api.flowrex.app:443", true),
      ("flowrex.app.evil.test", false), ("evilflowrex.app", false), ("api.flowrex.app.", false),
      ("api.flowrex.app:", false), ("api.flowrex.app:x", false), ("", false),
      ("api.flowrex.app@evil.test", false), ("[::1]", true), ("[::1]:8000", true), ("[::1", false),
      ("::1", false), ("api.flowrex.app:80:80", false),
    ])
  func `a host is trusted or not`(host: String, isTrusted: Bool) {
    #expect(TrustedHosts(["api.flowrex.app", "::1"]).isTrusted(host) == isTrusted)
  }

  @Test(
    .covers("S17-HDR-08", "S04-NET-09", "C-15"),
    arguments: [
      ("https://flowrex.app", true), ("https://flowrex.app.evil.test", false),
      ("http://flowrex.app", false), ("https://FLOWREX.app", false), ("null", false),
      ("https://flowrex.app:8443", false), ("*", false), ("", false),
    ])
  func `an origin is allowed exactly`(origin: String, isAllowed: Bool) {
    let crossOrigin = CrossOrigin(origins: ["https://flowrex.app"], areCredentialsAllowed: true)
    var headers: HTTPFields = [:]
    crossOrigin.add(to: &headers, origin: origin)
    #expect(headers[.accessControlAllowOrigin] == (isAllowed ? origin : nil))
    #expect(headers[.accessControlAllowCredentials] == (isAllowed ? "true" : nil))
    #expect(headers[.vary] == "Origin")
  }

  @Test(.covers("S17-HDR-04", "S04-NET-02", "C-14"), arguments: [true, false])
  func `only a laptop goes without transport security`(isDeployed: Bool) {
    var headers: HTTPFields = [:]
    SecurityHeaders.add(to: &headers, isDeployed: isDeployed)
    let expected = isDeployed ? "max-age=31536000; includeSubDomains" : nil
    #expect(headers[.strictTransportSecurity] == expected)
    #expect(headers[.cacheControl] == "no-store")
  }

  @Test(.covers("S04-ERR-03"), arguments: ProblemCode.allCases)
  func `a problem has the form of the standard and tells nothing else`(code: ProblemCode) throws {
    let answer = Problem(code, field: "email").answer(requestID: "r1")
    #expect(answer.status.code >= 400 && answer.type == "application/problem+json")
    let body = try JSONDecoder().decode([String: Scalar].self, from: Data(answer.body))
    #expect(
      body == [
        "type": .text("urn:flowrex:problem:\(code.rawValue)"), "title": .text(code.title),
        "status": .number(answer.status.code), "code": .text(code.rawValue),
        "field": .text("email"), "instance": .text("urn:flowrex:request:r1"),
      ])
  }

  /// The codes are what clients are written against: none goes and none changes its status.
  @Test func `the codes are those that were promised`() {
    let said = ProblemCode.allCases.map { "\($0.rawValue) \($0.status.code)" }.sorted()
    #expect(
      said == [
        "approval_decided 409", "approval_expired 409", "body_too_large 413",
        "cross_site_request 403", "forbidden 403", "guard_still_halts 409", "internal_fault 500",
        "invalid_credentials 401", "invalid_field 422", "key_in_flight 409",
        "key_used_for_another 422",
        "limiter_unavailable 503", "maintenance 503", "malformed_body 400", "malformed_request 400",
        "method_not_allowed 405", "not_found 404", "not_ready 503", "not_stopped 409",
        "nothing_to_exit 409", "order_on_its_way 409", "order_state_differs 409",
        "origin_not_allowed 403", "outcome_unknown 503", "price_unavailable 503",
        "rate_limited 429", "second_person_needed 409", "signal_asks_for_nothing 409",
        "signal_expired 409", "signal_not_approved 409", "store_unavailable 503",
        "strategy_is_off 409", "streams_full 503", "timed_out 503", "too_many_streams 429",
        "trading_stopped 409", "unauthenticated 401", "unknown_field 422", "unknown_host 400",
        "unsupported_media_type 415", "upgrade_required 426",
      ])
  }

  @Test func `a page is as asked, or refused`() throws {
    #expect(try PageRequest([]) == PageRequest([("limit", "50")]))
    let page = try PageRequest([("limit", "200"), ("after", "abc"), ("other", "x")])
    #expect(page.limit == 200 && page.after == "abc")
    for (name, value) in [
      ("limit", "0"), ("limit", "201"), ("limit", "-1"), ("limit", "1e2"), ("limit", ""),
      ("limit", "+5"), ("after", ""), ("after", "a b"), ("after", "a\u{0}"),
      ("after", String(repeating: "a", count: 1_025)),
    ] {
      #expect(throws: Problem.self) { try PageRequest([(name, value)]) }
    }
  }

  private enum Scalar: Decodable, Equatable {
    case text(String)
    case number(Int)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Int.self) {
        self = .number(number)
      } else {
        self = .text(try container.decode(String.self))
      }
    }
  }
}
