import Testing

@testable import PromQL

@Suite struct BuildingTests {
  private let requests = VectorSelector(
    metric: "http_requests_total", matchers: [.equal("job", "flowrex")])

  @Test func `a ratio of rates is built without text`() throws {
    let errors = requests.filtered([.matches("status", "5..")])
    let ratio = Expression.binary(
      .sum(.rate(errors, over: .seconds(300)), by: ["route"]), .divide,
      .sum(.rate(requests, over: .seconds(300)), by: ["route"]))
    #expect(
      ratio.description == """
        sum by (route) (rate(http_requests_total{job="flowrex",status=~"5.."}[5m])) / \
        sum by (route) (rate(http_requests_total{job="flowrex"}[5m]))
        """)
    #expect(try ratio.validated() == ratio)
  }

  @Test func `builders write what their names say`() {
    let up: Expression = .selector("up", [.notEqual("job", "a"), .doesNotMatch("x", "y")])
    let cases: [(Expression, String)] = [
      (up, #"up{job!="a",x!~"y"}"#),
      (
        .increase(requests, over: .seconds(3600)),
        #"increase(http_requests_total{job="flowrex"}[1h])"#
      ),
      (
        .histogramQuantile(.number(99, scale: 2), .sum(.selector("b"), by: ["le"])),
        "histogram_quantile(0.99, sum by (le) (b))"
      ),
      (
        .quantile(.number(950, scale: 3), .selector("b"), by: ["le"]), "quantile by (le) (0.950, b)"
      ),
      (.topk(5, .selector("b")), "topk(5, b)"),
      (.sum(.selector("b"), without: ["instance"]), "sum without (instance) (b)"),
      (.avg(.selector("b")), "avg(b)"), (.min(.selector("b")), "min(b)"),
      (.max(.selector("b"), by: ["a"]), "max by (a) (b)"), (.count(.selector("b")), "count(b)"),
      (.absent(.selector("b")), "absent(b)"),
      (.binary(.time, .subtract, .selector("b")), "time() - b"), (.string("a\"b"), #""a\"b""#),
      (.negated(.selector("b")), "-b"),
      (
        .binary(
          .selector("a"), .greater, .number(-5), bool: true),
        "a > bool -5"
      ),
      (
        .binary(
          .selector("a"), .multiply, .selector("b"),
          matching: .on(["x"], group: .left(["y"]))),
        "a * on (x) group_left (y) b"
      ),
      (.subquery(.selector("a"), over: .seconds(3600), every: .seconds(60)), "a[1h:1m]"),
      (
        .call(.maxOverTime, VectorSelector(metric: "a"), over: .seconds(90)),
        "max_over_time(a[1m30s])"
      ),
      (
        .selector(VectorSelector(metric: "a").offset(seconds: -60).at(.end)), "a @ end() offset -1m"
      ),
      (.selector("a", [.anyOf("code", ["500", "5.1"])]), #"a{code=~"500|5\\.1"}"#),
      (.selector("a", [.anyOf("code", ["500"])]), #"a{code="500"}"#),
      (.selector("a", [.noneOf("code", ["a+b", "c"])]), #"a{code!~"a\\+b|c"}"#),
    ]
    for (expression, text) in cases {
      #expect(expression.description == text)
      #expect(throws: Never.self, "\(text)") { try expression.validated() }
    }
  }

  @Test(arguments: [
    (5, 0, "5"), (95, 2, "0.95"), (950, 3, "0.950"), (5, 3, "0.005"), (12345, 2, "123.45"),
    (0, 2, "0.00"), (-95, 2, "-0.95"), (7, -2, "7"),
  ])
  func `a decimal keeps all its places`(_ unscaled: Int, _ scale: Int, _ text: String) throws {
    let number = Expression.number(unscaled, scale: scale)
    #expect(number.description == text)
    #expect(try number.validated() == number)
  }

  @Test(arguments: [
    (1, "1s"), (59, "59s"), (60, "1m"), (90, "1m30s"), (300, "5m"), (3600, "1h"), (5400, "1h30m"),
    (86_400, "1d"), (604_800, "1w"), (691_200, "8d"), (1_209_600, "2w"), (31_536_000, "1y"),
    (31_536_001, "365d1s"), (0, "0s"), (-60, "-1m"), (129_600, "1d12h"),
  ])
  func `seconds are written as Prometheus writes them`(_ seconds: Int, _ text: String) {
    var printer = Printer()
    printer.write(DurationExpression.seconds(seconds))
    #expect(printer.text == text)
    #expect(DurationExpression.seconds(seconds).seconds == Double(seconds))
  }

  @Test func `a name that cannot stand bare moves between the braces`() throws {
    for name in ["on", "bool", "inf", "http.requests", "a b", "été"] {
      let selector = VectorSelector(metric: name)
      #expect(selector.metricName == name)
      let tree = Expression.selector(selector)
      #expect(try tree.validated() == tree)
    }
    #expect(Expression.selector("on").description == #"{__name__="on"}"#)
    #expect(Expression.selector("http.requests").description == #"{"http.requests"}"#)
  }

  @Test func `what Prometheus would refuse is found by validating`() {
    let wrong: [Expression] = [
      .rate(requests, over: .seconds(0)), .call(.rate, .selector("a")),
      .sum(.number(1)), .binary(.number(1), .equal, .number(1)),
      .binary(.selector("a"), .and, .number(1)), .selector(VectorSelector(metric: nil)),
      .binary(
        .selector("a"), .add, .selector("b"), matching: VectorMatching(nil, group: .left([]))),
    ]
    for expression in wrong {
      #expect(throws: PromQLError.self, "\(expression)") { try expression.validated() }
    }
    #expect(throws: PromQLError.self) {
      try Expression.call(.madOverTime, requests, over: .seconds(60)).validated(allowing: .stable)
    }
  }

  @Test func `number literals are read whole or not at all`() {
    for text in ["1", "0.95", "1e3", "0x1f", "5m", "Inf", "NaN", "1_000"] {
      #expect(NumberLiteral(text)?.text == text)
    }
    for text in ["", " 1", "1 ", "-1", "1 2", "a", "1x", "0x", "1e999", "+1", "1#"] {
      #expect(NumberLiteral(text) == nil, "\(text)")
    }
    #expect(NumberLiteral("1h30m")?.value == 5400)
    #expect(NumberLiteral("0755")?.value == 493)
    #expect(NumberLiteral("089")?.value == 89)
    #expect(NumberLiteral("0x1F")?.value == 31)
    #expect(NumberLiteral("1_000.5")?.value == 1000.5)
  }
}
