import FlowrexSupport
import ServiceContract
import TestSupport
import Testing

/// What somebody tries who is signed in: to trade on what is not theirs, to make the service
/// believe what cannot be, or to take what others decide. None succeeds, and nothing is left of it.
@Suite(.serialized) struct TradingAttackTests {
  /// One request of a signed-in person, and how it is refused.
  struct Attempt: Sendable {
    let name: String
    let method: String
    let path: String
    let body: String
    var headers: [String] = []
    let status: Int
    let code: String
  }

  private static func order(
    _ name: String, _ field: String, _ value: String, _ code: String = "invalid_field"
  ) -> Attempt {
    var fields = [
      "client_order_id": #""attack""#, "symbol": #""EURUSD""#, "side": #""buy""#,
      "quantity": #""0.1""#, "type": #""market""#,
    ]
    fields[field] = value
    let text = fields.sorted { $0.key < $1.key }.map { #""\#($0)":\#($1)"# }
    return Attempt(
      name: name, method: "POST", path: "/orders", body: "{\(text.joined(separator: ","))}",
      status: 422, code: code)
  }

  static let orders: [Attempt] = [
    order("SQL for a key", "client_order_id", #""'; DROP TABLE orders; --""#),
    order("a key of the desk's own", "client_order_id", #""!close:1""#),
    order("a key with a zero byte", "client_order_id", #""a\u0000b""#),
    order("a key with a line break", "client_order_id", #""a\nb""#),
    order(
      "a key of 65 letters", "client_order_id", "\"" + String(repeating: "k", count: 65) + "\""),
    order("a key of 60 kB", "client_order_id", "\"" + String(repeating: "k", count: 60_000) + "\""),
    order("a key that turns text around", "client_order_id", #""\u202ek""#),
    order("a symbol that is not traded", "symbol", #""BTCUSD""#),
    order("a symbol in small letters", "symbol", #""eurusd""#),
    order("SQL for a symbol", "symbol", #""EURUSD' OR '1'='1""#),
    order("a symbol and a zero byte", "symbol", #""EURUSD\u0000""#),
    order("a side that is neither", "side", #""both""#),
    order("a list of sides", "side", #"["buy","sell"]"#),
    order("an order to sell less than nothing", "quantity", #""-0.1""#),
    order("nothing", "quantity", #""0""#),
    order("nothing with a sign", "quantity", #""-0""#),
    order("less than the least", "quantity", #""0.00000001""#),
    order("more digits than there are", "quantity", #""0.100000001""#),
    order("a quantity beyond the range", "quantity", #""99999999999999999999""#),
    order("a quantity that wraps around", "quantity", #""184467440737.1""#),
    order("a quantity of 60 kB", "quantity", "\"" + String(repeating: "9", count: 60_000) + "\""),
    order("a power of ten", "quantity", #""1e3""#),
    order("hexadecimal digits", "quantity", #""0x10""#),
    order("digits of another script", "quantity", #""٠.١""#),
    order("wide digits", "quantity", #""０.１""#),
    order("a comma for a point", "quantity", #""0,1""#),
    order("a blank before the number", "quantity", #"" 0.1""#),
    order("a plus", "quantity", #""+0.1""#),
    order("no number", "quantity", #""NaN""#),
    order("an endless quantity", "quantity", #""Infinity""#),
    order("a number that floats", "quantity", "0.1"),
    order("an object for a number", "quantity", #"{"$gt":""}"#),
    order("a type that is not offered", "type", #""stop""#),
    order("a life that never ends", "life", #""forever""#),
    order("a price of a market order", "limit_price", #""1.1""#),
    order(
      "another's account", "account", #""00000000-0000-0000-0000-000000000001""#, "unknown_field"),
    order("another owner", "owner", #""admin@localhost""#, "unknown_field"),
    order("a mode of one's own choice", "execution_mode", #""autonomous""#, "unknown_field"),
    order("an order that closes in an emergency", "purpose", #""close""#, "unknown_field"),
    order("a state of one's own choice", "state", #""filled""#, "unknown_field"),
    order("a price that was paid", "price", #""0.00001""#, "unknown_field"),
    order("a fee of one's own choice", "fee_usd", #""-1000""#, "unknown_field"),
    order("a prototype", "__proto__", #"{"role":"admin"}"#, "unknown_field"),
  ]

  private static func get(
    _ name: String, _ path: String, _ status: Int, _ code: String, _ method: String = "GET"
  ) -> Attempt {
    Attempt(name: name, method: method, path: path, body: "", status: status, code: code)
  }

  static let paths: [Attempt] = [
    get("SQL for an order", "/orders/1'%20OR%20'1'='1", 404, "not_found"),
    get("a traversal for an order", "/orders/..%2F..%2Fadmin%2Femergency", 404, "not_found"),
    get("a zero byte for an order", "/orders/%00", 404, "not_found"),
    get("an order by a number", "/orders/1", 404, "not_found"),
    get(
      "an order in capitals", "/orders/01234567-89AB-7DEF-8123-456789ABCDEF", 404, "not_found"),
    get(
      "the end of nobody's order", "/orders/01234567-89ab-7def-8123-456789abcdef", 404,
      "not_found", "DELETE"),
    get("a page of none", "/orders?limit=0", 422, "invalid_field"),
    get("a page of less than none", "/orders?limit=-1", 422, "invalid_field"),
    get("a page of everything", "/orders?limit=1000000", 422, "invalid_field"),
    get("a page beyond the range", "/orders?limit=9223372036854775808", 422, "invalid_field"),
    get("SQL for a page", "/orders?limit=1%3B%20DROP%20TABLE%20orders", 422, "invalid_field"),
    get("SQL for a place", "/orders?after='%20OR%201=1%20--", 422, "invalid_field"),
    get("a place in another list", "/orders?after=6162", 422, "invalid_field"),
    get(
      "a place of 2 kB", "/orders?after=" + String(repeating: "61", count: 1_024), 422,
      "invalid_field"),
    get("SQL for a state", "/orders?state=filled'--", 422, "invalid_field"),
    get("two symbols", "/orders?symbol=EURUSD&symbol=USDJPY", 422, "invalid_field"),
    get("candles of no length", "/market/candles/EURUSD?seconds=0", 422, "invalid_field"),
    get(
      "candles of a length beyond the range", "/market/candles/EURUSD?seconds=2147483648", 422,
      "invalid_field"),
    get("a quote of a traversal", "/market/quotes/..%2F..%2Fetc", 404, "not_found"),
    get("a position of SQL", "/positions/EURUSD'--", 404, "not_found"),
  ]

  private static func admin(
    _ name: String, _ method: String, _ path: String, _ body: String = "",
    _ headers: [String] = []
  ) -> Attempt {
    Attempt(
      name: name, method: method, path: "/admin/" + path, body: body, headers: headers,
      status: 403, code: "forbidden")
  }

  /// By somebody who is no administrator.
  static let powers: [Attempt] = [
    admin("to see the emergency", "GET", "emergency"),
    admin("to stop everybody", "POST", "emergency"),
    admin("to let go on what is stopped", "POST", "emergency/release"),
    admin("to close everybody's positions", "POST", "positions/close-all"),
    admin("to see the maintenance", "GET", "maintenance"),
    admin("to close the service", "PUT", "maintenance", #"{"is_on":true}"#),
    admin(
      "to stop everybody, by a header of roles", "POST", "emergency", "",
      ["X-Role: admin", "X-User: admin@localhost"]),
    admin(
      "to stop everybody, by another method", "POST", "emergency", "",
      ["X-HTTP-Method-Override: GET"]),
  ]

  @Test(.covers("S17-CL-SEC-01", "S17-CL-SEC-02", "S04-TRD-05", "S04-ERR-03"))
  func `who is signed in gets no further than what is theirs`() async throws {
    try await TradingHouse.run(.sqlite) { house in
      let ann = try await house.person("ann")
      for attempt in Self.orders + Self.paths + Self.powers {
        let answer = try await ann.ask(
          attempt.method, attempt.path, attempt.body, attempt.headers)
        #expect(answer.status == attempt.status, "\(attempt.name): \(answer.raw)")
        #expect(answer.raw.code == attempt.code, "\(attempt.name): \(answer.raw)")
        #expect(answer.raw["content-type"] == "application/problem+json", "\(attempt.name)")
      }
      #expect(try await ann.get("/orders")["items"].items.isEmpty)
      #expect(try await ann.get("/portfolio")["cash_usd"].text == "100000")
      let admin = try await house.admin()
      #expect(try await admin.get("/admin/emergency")["is_stopped"] == .flag(false))
      #expect(try await admin.get("/admin/maintenance")["is_on"] == .flag(false))
      let faults = try await house.service.metrics().split(separator: "\n").filter {
        $0.contains(#"status="5xx""#) && !$0.hasSuffix(" 0")
      }
      #expect(faults == [])
    }
  }
}
