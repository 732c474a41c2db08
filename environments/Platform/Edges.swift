import FlowrexContract
import Slipway

/// What the edge sends where, in every environment; the first that fits wins.
extension [Forward] {
  static let flowrex: [Forward] = [
    .routes(Program.backend.routes, to: .backend, .backend),
    .staticFiles(under: "/static/", to: .console, .console, limit: .pages),
    .pages(Program.console.routes, to: .console, .console),
    .everythingElse(to: .console, .console, limit: .pages),
  ]
}

/// The content delivery network that stands before staging and production. (S18-ARCH-01, C-34)
extension TrustedProxies {
  static let contentDelivery = TrustedProxies.ranges(
    [
      "103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22", "104.16.0.0/13", "104.24.0.0/14",
      "108.162.192.0/18", "131.0.72.0/22", "141.101.64.0/18", "162.158.0.0/15", "172.64.0.0/13",
      "173.245.48.0/20", "188.114.96.0/20", "190.93.240.0/20", "197.234.240.0/22",
      "198.41.128.0/17",
    ],
    header: "CF-Connecting-IP")
}
