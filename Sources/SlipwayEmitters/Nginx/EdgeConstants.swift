import ServiceContract
import SlipwayModel

/// Paths inside the edge's container.
enum EdgePath {
  /// Where the generated folder `nginx/` is mounted.
  static let configuration = "\(Path.configs)/nginx"
  static let pages = "\(configuration)/pages/"
  static let counters = "\(configuration)/counters.conf"
  /// Written by the certificate script; both change together.
  static let certificate = "/var/lib/edge/certificates/fullchain.pem"
  static let key = "/var/lib/edge/certificates/privkey.pem"
  /// Maintenance is on while this file exists; nginx looks at every request. (C-55)
  static let maintenance = "/var/lib/edge/maintenance"
  /// What the supervisor keeps while the container lives.
  static let runtime = "/run/edge"
  /// Exists while a certificate is there with which nginx refuses to start.
  static let refused = "\(runtime)/refused"
  static let cache = runtime
  /// Where the ACME service finds the authority's questions answered.
  static let webroot = "/var/lib/acme/webroot"

  /// URIs that the edge keeps for itself.
  static let challenge = "/.well-known/acme-challenge/"
  static let ownPages = "/.slipway/"
}

/// How long the edge waits. (C-35)
///
/// The chain is request < edge < drain < stop grace: the edge gives up 5 s after the route's own
/// time, so the service's answer "I could not" always comes first, and with the longest request of
/// 10 s it is done 5 s before a draining replica ends.
enum EdgeTime {
  static let connect = Duration.seconds(2)
  /// Added to the time of a route.
  static let patience = Duration.seconds(5)
  /// A WebSocket may be silent this long; the service's heartbeat is far below. (S18-NGX-17)
  static let webSocket = Duration.days(1)
  /// A second replica is tried only this early, so that two waits never add up. (C-35)
  static let retry = Duration.seconds(5)
  /// What a client is told to wait during maintenance or until there is a certificate.
  static let comeBack = Duration.minutes(1)
  /// Between two looks at certificate and configuration. (F5)
  static let watch = Duration.seconds(5)
  /// Left between the last connection's end and the engine's kill.
  static let margin = Duration.seconds(5)
  static let strictTransport = Duration.days(365)
  static let immutable = Duration.days(365)

  /// How long the edge waits for an answer of a route.
  static func read(_ within: Duration) -> Duration { .seconds(within.secondsUp) + patience }
}

extension Duration {
  /// Whole seconds, rounded up.
  var secondsUp: Int { wholeSeconds + (components.attoseconds > 0 ? 1 : 0) }
  /// As nginx writes it: `13s`.
  var nginx: String { "\(secondsUp)s" }
}

extension ByteCount {
  /// As nginx writes it: `10m`.
  var nginx: String {
    if bytes % (1 << 20) == 0 { return "\(bytes >> 20)m" }
    if bytes % (1 << 10) == 0 { return "\(bytes >> 10)k" }
    return String(bytes)
  }
}
