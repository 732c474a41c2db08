import Glibc
import NIOCore
package import ServiceLifecycle

/// A server whose port may be somebody else's: then the port is named, and the key that says it.
package struct OnPort<Server: Service>: Service {
  private let port: Int
  private let key: String
  private let server: Server

  package init(_ port: Int, saidBy key: String, _ server: Server) {
    self.port = port
    self.key = key
    self.server = server
  }

  package func run() async throws {
    do {
      try await server.run()
    } catch let error as IOError where [EADDRINUSE, EACCES].contains(error.errnoCode) {
      let why = error.errnoCode == EACCES ? "may not be opened by this user" : "is in use"
      throw RefusedToServe(why: "port \(port) \(why); \(key) names another one")
    }
  }
}
