package import Hummingbird
import NIOCore

/// What one request of a browser carries along.
package struct PageContext: RequestContext {
  package var coreContext: CoreRequestContextStorage
  /// The address of the other end of the connection, as text; empty for a socket without one.
  package let peer: String
  /// Names the request in answers and log lines. (S04-OBS-06)
  package var requestID = ""
  /// Where the request came from, behind proxies that are believed.
  package var address = ""

  package init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    peer = source.channel.remoteAddress?.ipAddress ?? ""
  }
}
