package import FlowrexContract
package import FlowrexMetrics
package import FlowrexServing
import HTTPTypes
package import Hummingbird
import HummingbirdCore
package import Logging
package import NIOCore
import ServiceContract

/// What a process answers on the port that the edge never forwards to: its metrics, and a worker's
/// health. (S17-MET-09, C-05)
package struct InsidePort: Sendable {
  private let program: Program
  private let host: String
  private let port: Int
  private let metrics: MetricRegistry
  private let life: LifeCycle
  private let health: [RouteHandler]
  private let logger: Logger

  /// - Parameter health: handlers; those of the program's inside routes are mounted.
  package init(
    _ program: Program, host: String, port: Int, metrics: MetricRegistry, life: LifeCycle,
    health: [RouteHandler] = [], logger: Logger
  ) {
    self.program = program
    self.host = host
    self.port = port
    self.metrics = metrics
    self.life = life
    self.health = health
    self.logger = logger
  }

  package func application(
    _ loops: any EventLoopGroup
  ) -> Application<RouterResponder<APIContext>> {
    let router = Router(context: APIContext.self)
    let (metrics, life) = (metrics, life)
    for route in program.insideRoutes {
      if route == .metrics {
        router.get(RouterPath(route.path)) { _, _ in Exposition.answer(metrics, life) }
      } else if let handler = health.first(where: { $0.route == route }) {
        router.get(RouterPath(route.path)) { request, _ in
          try await handler.work(
            Call(
              route: route, person: nil, parameters: [:], query: [], headers: request.headers,
              body: [], address: "", requestID: "")
          ).response
        }
      }
    }
    return Application(
      router: router, server: .http1(configuration: ServerChannel.configuration),
      configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
      eventLoopGroupProvider: .shared(loops), logger: logger)
  }

}
