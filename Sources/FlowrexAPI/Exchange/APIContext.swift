package import Hummingbird
import NIOCore
import Synchronization

/// What one request carries along.
package struct APIContext: RequestContext {
  package var coreContext: CoreRequestContextStorage
  /// The address of the other end of the connection, as text; empty for a socket without one.
  package let peer: String
  /// Names the request in answers and log lines. (S04-OBS-06)
  package var requestID = ""
  /// Where the request came from, behind proxies that are believed.
  package var address = ""
  /// Who asks, once that is known: for the log line, which is written outside of the gate.
  package let caller = Caller()

  package init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    peer = source.channel.remoteAddress?.ipAddress ?? ""
  }
}

/// Whom a request turned out to come from.
package final class Caller: Sendable {
  private let known = Mutex<String?>(nil)

  package init() {}

  /// The id of a person whose token has our signature.
  package var person: String? { known.withLock { $0 } }

  func note(_ person: String) { known.withLock { $0 = person } }
}
