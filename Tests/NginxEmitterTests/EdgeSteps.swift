/// One thing that `stand-ins/edge.py` does inside the sandbox.
struct Step: Encodable {
  var `do`: String
  var port: Int?
  var host: String?
  var sni: String?
  var method: String?
  var path: String?
  var headers: [String: String]?
  var bytes: Int?
  var from: String?
  var within: Int?
  var status: Int?
  var subject: String?
  var command: [String]?
  var number: Int?
  var broken: Bool?
  var remove: Bool?
  var alpn: [String]?
  var tls: String?
  var token: String?
  var answer: String?
  var upgrade: String?
  var ready: [String]?

  private init(_ name: String) { self.do = name }

  /// A request over TLS, unless the port is another.
  static func request(
    _ method: String = "GET", _ path: String, host: String = Shop.site, port: Int = 8443,
    headers: [String: String] = [:], bytes: Int? = nil, from: String? = nil, sni: String? = nil
  ) -> Step {
    var step = Step("request")
    (step.method, step.path, step.host, step.port) = (method, path, host, port)
    (step.headers, step.bytes, step.from, step.sni) = (headers, bytes, from, sni)
    return step
  }

  static func handshake(
    _ host: String, alpn: [String] = ["h2", "http/1.1"], tls: String? = nil
  ) -> Step {
    var step = Step("handshake")
    (step.host, step.alpn, step.tls) = (host, alpn, tls)
    return step
  }

  static func socket(_ path: String, upgrade: String = "websocket") -> Step {
    var step = Step("socket")
    (step.path, step.host, step.upgrade) = (path, Shop.api, upgrade)
    return step
  }

  /// Runs the edge's entry point as its container would, and waits until its health has this
  /// status and these paths are answered.
  static func start(
    status: Int = 200, host: String = Shop.site, ready: [String] = ["/health", "/api/health"]
  ) -> Step {
    var step = Step("start")
    step.command = ["/bin/sh", "/etc/slipway/nginx/supervise.sh"]
    (step.status, step.host, step.ready) = (status, host, ready)
    return step
  }

  /// Asks until the answer has this status.
  static func wait(
    for status: Int, _ path: String, host: String = Shop.site, port: Int = 8443, within: Int = 30
  ) -> Step {
    var step = request("GET", path, host: host, port: port)
    (step.do, step.status, step.within) = ("wait", status, within)
    return step
  }

  /// Asks until the certificate is this one.
  static func wait(
    forSubject subject: String, host: String = Shop.site, within: Int = 30
  ) -> Step {
    var step = handshake(host)
    (step.do, step.subject, step.within) = ("wait", "subject=CN = \(subject)", within)
    return step
  }

  /// Lets time pass: nothing ever answers with this status.
  static func pause(seconds: Int) -> Step {
    wait(for: 599, "/healthz", port: 8081, within: seconds)
  }

  static func signal(_ number: Int, within: Int = 10) -> Step {
    var step = Step("signal")
    (step.number, step.within) = (number, within)
    return step
  }

  static func certificate(_ subject: String, broken: Bool = false) -> Step {
    var step = Step("certificate")
    (step.subject, step.broken) = (subject, broken)
    return step
  }

  static func challenges(token: String, answer: String) -> Step {
    var step = Step("challenges")
    (step.token, step.answer) = (token, answer)
    return step
  }

  /// Starts a request whose answer `finish` waits for.
  static func begin(_ request: Step) -> Step {
    var step = request
    step.do = "begin"
    return step
  }

  static func file(_ path: String, exists: Bool) -> Step {
    var step = Step("file")
    (step.path, step.remove) = (path, !exists)
    return step
  }

  /// Repeats a request without a pause until `rest`.
  static func hammer(_ request: Step) -> Step {
    var step = request
    step.do = "hammer"
    return step
  }

  /// Repeats a request on one connection until it is told to wait, at most so often.
  static func flood(_ request: Step, atMost number: Int) -> Step {
    var step = request
    (step.do, step.number) = ("flood", number)
    return step
  }

  static var rest: Step { Step("rest") }

  /// Gives a name another address.
  static func move(_ host: String, to address: String) -> Step {
    var step = Step("move")
    (step.host, step.from) = (host, address)
    return step
  }

  static var finish: Step { Step("finish") }
  /// What the upstreams were asked since the last time.
  static var seen: Step { Step("seen") }
  /// What the edge has said so far.
  static var words: Step { Step("words") }
}

/// What came of a ``Step``.
struct Outcome: Decodable {
  struct Request: Decodable {
    let upstream: String
    let method: String
    let target: String
    let `protocol`: String
    let headers: [[String]]
    let bytes: Int
    let connection: Int

    func values(_ name: String) -> [String] { Outcome.values(name, in: headers) }
  }

  var status: Int?
  var headers: [[String]]?
  var body: String?
  var error: String?
  var requests: [Request]?
  var out: String?
  var err: String?
  var tls: String?
  var alpn: String?
  var subject: String?
  /// Of the requests of `hammer` and `flood`; 0 for one without an answer.
  var statuses: [Int]?

  /// All values of a header, in order.
  func values(_ name: String) -> [String] { Self.values(name, in: headers ?? []) }

  static func values(_ name: String, in headers: [[String]]) -> [String] {
    headers.filter { $0.first?.lowercased() == name.lowercased() }.compactMap(\.last)
  }
}
