import FlowrexContract
package import ServiceContract

/// What answers one route of the contract.
package struct RouteHandler: Sendable {
  package typealias Work = @Sendable (Call) async throws -> Answer
  package let route: Route
  package let document: OperationDocument
  /// Whether the handler itself writes down what it does, in the transaction that does it.
  package let notesItself: Bool
  package let work: Work

  /// - Parameters:
  ///   - document: What the published document says of bodies.
  ///   - notesItself: False for all but the routes of signing in: what they do is noted around
  ///     them. (S18-AUD-01)
  package init(
    _ route: Route, _ document: OperationDocument, notesItself: Bool = false,
    _ work: @escaping Work
  ) {
    self.route = route
    self.document = document
    self.notesItself = notesItself
    self.work = work
  }
}

/// How the handlers and the contract's routes differ.
package struct RoutesDiffer: Error, Sendable, Equatable, CustomStringConvertible {
  /// Routes that nobody answers.
  package let unanswered: [String]
  /// Handlers of routes that the contract does not have, or twice.
  package let surplus: [String]

  package init(unanswered: [String], surplus: [String]) {
    self.unanswered = unanswered
    self.surplus = surplus
  }

  package var description: String {
    [("no handler for", unanswered), ("no route for the handler of", surplus)]
      .filter { !$0.1.isEmpty }
      .map { "\($0.0): \($0.1.joined(separator: ", "))" }.joined(separator: "; ")
  }
}

/// The handlers of a program, compared with its routes when it is made: a route without a handler
/// ends the start and not a request.
package struct RouteTable: Sendable {
  package let handlers: [RouteHandler]

  /// - Parameter routes: What the contract says.
  package init(_ handlers: [RouteHandler], routes: [Route]) throws(RoutesDiffer) {
    let known = Set(routes)
    var answered: Set<Route> = []
    var surplus: [Route] = []
    for handler in handlers
    where !known.contains(handler.route) || !answered.insert(handler.route).inserted {
      surplus.append(handler.route)
    }
    let unanswered = routes.filter { !answered.contains($0) }
    guard unanswered.isEmpty, surplus.isEmpty else {
      throw RoutesDiffer(unanswered: unanswered.map(\.text), surplus: surplus.map(\.text))
    }
    self.handlers = handlers
  }

  /// The methods that a path answers, in the contract's order.
  package func methods(of path: String) -> [String] {
    let parts = path.split(separator: "/")
    return handlers.map(\.route).filter { $0.matches(parts) }.map { route in
      route.method == .webSocket ? "GET" : route.method.rawValue
    }
  }
}

extension Route {
  /// `GET /health`.
  package var text: String { "\(method.rawValue) \(path)" }

  fileprivate func matches(_ parts: [Substring]) -> Bool {
    let template = path.split(separator: "/")
    return template.count == parts.count
      && zip(template, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
  }
}
