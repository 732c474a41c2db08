import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// The edge of one environment, seen as nginx's configuration.
///
/// Two decisions shape it. Headers, and what is told to upstreams, are written once, at the
/// outermost level, and depend on the variable `$kind` that each location sets: nginx drops all
/// inherited headers where a location adds one, so no location adds any. (N01, C-13) And nginx is
/// the only owner of the headers that it writes: the same header of an upstream is taken away.
/// (N13)
struct NginxEdge: Sendable {
  let environment: ResolvedEnvironment
  let edge: ResolvedEdge
  let service: ResolvedService

  /// `nil` for an environment that nothing reaches from outside.
  init?(_ environment: ResolvedEnvironment) {
    guard let edge = environment.edge, let service = environment.service(PartName.edge) else {
      return nil
    }
    self.environment = environment
    self.edge = edge
    self.service = service
  }

  var origin: Origin { edge.origin }
  var namesOrigin: [Origin] { [origin.at("names")] }
  var certificateOrigin: [Origin] { [origin.at("certificate")] }
  var proxiesOrigin: [Origin] { [origin.at("trusting")] }

  /// The service that answers the certificate authority, if there is one. (F16)
  var challenges: ResolvedService? { environment.service(PartName.acme) }

  /// Whether programs have a name of their own, where pages are not served.
  var hasOwnAPIName: Bool { edge.names.api != edge.names.site }

  /// `:8443` where browsers see another port than 443.
  var portSuffix: String {
    let published = service.publications.first { $0.container == edge.httpsPort }?.host ?? 443
    return published == 443 ? "" : ":\(published)"
  }

  /// The whole configuration, in use once there is a certificate.
  var configuration: [NginxNode] {
    let http =
      basics + logging + transport + compression + realAddress
      + [.comment("What depends on the request.")] + variables + limitZones
      + [.comment("What upstreams are told, what is taken from them, what clients are told.")]
      + forwarding + headers
      + [.comment("Names are asked for again each second: replicas come and go.")] + resolver
      + upstreams + [.comment("Inside only.")] + statusServers(isReady: true)
      + [.comment("Port 80: unknown names, then ours.")] + insecureServers
      + [.comment("Port 443: unknown names, other names of the site, the site and its API.")]
      + secureServers
    return (process + [.block("http", children: http)]).map { $0.filled(from: [origin]) }
  }

  /// The classes that limit anything, each once, in the order of their first use.
  var limitClasses: [LimitClass] {
    guard edge.limits else { return [] }
    var classes: [LimitClass] = []
    for location in edge.locations {
      for limit in location.classes where !classes.contains(limit) { classes.append(limit) }
    }
    return classes
  }

  /// Where a class is used.
  func origins(of limit: LimitClass) -> [Origin] {
    edge.locations.filter { $0.classes.contains(limit) }.map(\.origin)
  }

  /// Where an upstream is used.
  func origins(of upstream: EdgeUpstream) -> [Origin] {
    edge.locations.filter { $0.upstream == upstream.name }.map(\.origin)
  }
}

extension EdgeLocation {
  /// The classes of its methods, each once.
  var classes: [LimitClass] {
    var classes: [LimitClass] = []
    for method in methods {
      if let limit = limits[method], !classes.contains(limit) { classes.append(limit) }
    }
    return classes
  }

  /// Its methods, each once, in one order everywhere.
  var orderedMethods: [Route.Method] { Route.Method.allCases.filter(methods.contains) }

  /// Whether it depends on the method which limit counts, or whether one does.
  var limitsByMethod: Bool { Set(methods.map { limits[$0] }).count > 1 }
}
