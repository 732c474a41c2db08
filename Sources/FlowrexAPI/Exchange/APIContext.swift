package import Hummingbird
package import NIOCore

/// What one request carries along.
package struct APIContext: RequestContext {
  package var coreContext: CoreRequestContextStorage
  /// The address of the other end of the connection, as text; empty for a socket without one.
  package let peer: String
  /// The connection itself, for who changes its protocol.
  package let channel: any Channel
  /// Names the request in answers and log lines. (S04-OBS-06)
  package var requestID = ""
  /// Where the request came from, behind proxies that are believed.
  package var address = ""

  package init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
    peer = source.channel.remoteAddress?.ipAddress ?? ""
  }
}
