import FlowrexContract
import ServiceContract

/// A path at the edge of a declared environment, and what is promised of it. Written from the
/// contract alone: the emitter's own tree has no part in it.
struct Promise {
  enum Kind { case api, page, files, socket }

  let template: String
  let isAPI: Bool
  let kind: Kind
  let routes: [Route]

  /// All of them: the contract's, and the two that only the edge has.
  static let all: [Promise] =
    promises(of: Route.backendRoutes, isAPI: true)
    + promises(of: Route.consoleRoutes.filter { $0 != .consoleFile }, isAPI: false)
    + [
      Promise("/static/", .files, [.get]), Promise("/{rest}", .page, [.get, .post]),
    ]

  private init(_ template: String, _ kind: Kind, _ methods: [Route.Method]) {
    self.init(
      template: template, isAPI: false, kind: kind,
      routes: methods.map {
        Route($0, template, auth: .anonymous, limit: .pages, within: .seconds(8), "")
      })
  }

  private init(template: String, isAPI: Bool, kind: Kind, routes: [Route]) {
    (self.template, self.isAPI, self.kind, self.routes) = (template, isAPI, kind, routes)
  }

  private static func promises(of routes: [Route], isAPI: Bool) -> [Promise] {
    var paths: [String] = []
    for route in routes where !paths.contains(route.path) { paths.append(route.path) }
    return paths.map { path in
      let same = routes.filter { $0.path == path }
      let isSocket = same.contains { $0.method == .webSocket }
      let isHealth = same.allSatisfy { $0.limit == nil }
      return Promise(
        template: path, isAPI: isAPI, kind: isSocket ? .socket : isAPI || isHealth ? .api : .page,
        routes: same)
    }
  }

  /// A path that fits.
  var path: String {
    template.replacing(/\{[^}]*\}/, with: "a1") + (kind == .files ? "style.css" : "")
  }

  /// The stand-in that is to be asked.
  var upstream: String { isAPI ? "backend" : "pages" }

  /// The methods that are let through, as they stand in a request.
  var verbs: Set<String> {
    var verbs = Set(routes.map(\.verb))
    guard kind != .socket else { return verbs }
    if verbs.contains("GET") { verbs.insert("HEAD") }
    if isAPI { verbs.insert("OPTIONS") }
    return verbs
  }

  /// As nginx' configuration names it.
  var words: [String] {
    if kind == .files { return ["^~", template] }
    if template == "/{rest}" { return ["/"] }
    guard template.contains("{") else { return ["=", template] }
    return ["~", "^" + template.replacing(/\{[^}]*\}/, with: "[^/]+") + "$"]
  }
}

extension Route {
  /// The method of the request.
  var verb: String { method == .webSocket ? "GET" : method.rawValue }
}
