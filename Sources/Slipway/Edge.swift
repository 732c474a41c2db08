public import ServiceContract
package import SlipwayDiagnostics

/// The nginx that stands between the outside world and everything else.
public struct Edge<S: Stage>: Sendable {
  package let value: EdgeValue

  /// - Parameters:
  ///   - names: The names it answers to; any other is refused. (N08)
  ///   - certificate: Where its certificate comes from.
  ///   - forwards: What is sent where, in order of precedence.
  ///   - trusting: The proxies whose word about the client's address is taken. (C-34)
  ///   - bodyMax: The largest request body.
  public init(
    names: PublicNames, certificate: Certificate<S>, forwards: [Forward],
    trusting proxies: TrustedProxies = .none, bodyMax: ByteCount, limit: Resources,
    reserve: Resources, file: String = #filePath, line: Int = #line
  ) {
    value = EdgeValue(
      names: names, certificate: certificate.value, forwards: forwards, proxies: proxies,
      bodyMax: bodyMax, size: Size(limit: limit, reserve: reserve),
      origin: Origin(file: file, line: line))
  }
}

package struct EdgeValue: Sendable {
  package let names: PublicNames
  package let certificate: CertificateValue
  package let forwards: [Forward]
  package let proxies: TrustedProxies
  package let bodyMax: ByteCount
  package let size: Size
  package let origin: Origin
}

/// The host names of an environment.
public struct PublicNames: Sendable, Hashable {
  /// Where browsers go.
  public let site: String
  /// Names that are redirected to `site`.
  public let also: [String]
  /// Where programs go.
  public let api: String

  public init(site: String, also: [String] = [], api: String) {
    self.site = site
    self.also = also
    self.api = api
  }

  package var all: [String] {
    var names = [site] + also
    if !names.contains(api) { names.append(api) }
    return names
  }
}

/// Requests that go to one component.
public struct Forward: Sendable {
  package enum Matches: Sendable {
    case routes([Route])
    case pages([Route])
    case everythingElse
    case staticFiles(prefix: String)
    case exactly(String)
  }
  package let matches: Matches
  /// How often one address may come; `nil` is never limited. Routes bring their own.
  package let limit: LimitClass?
  package let component: Component
  package let port: Port
  package let origin: Origin

  /// The routes of a contract, each with its own limit and time.
  public static func routes(
    _ routes: [Route], to component: Component, _ port: Port,
    file: String = #filePath, line: Int = #line
  ) -> Self {
    .init(
      matches: .routes(routes), limit: nil, component: component, port: port,
      origin: Origin(file: file, line: line))
  }

  /// Pages for people at the site's name, each with its own limit and time. (C-13, C-61)
  public static func pages(
    _ routes: [Route], to component: Component, _ port: Port,
    file: String = #filePath, line: Int = #line
  ) -> Self {
    .init(
      matches: .pages(routes), limit: nil, component: component, port: port,
      origin: Origin(file: file, line: line))
  }

  /// One path, before any prefix. What is never limited counts as a health endpoint: it answers
  /// during maintenance and is not logged. (C-10, C-55)
  public static func exactly(
    _ path: String, to component: Component, _ port: Port, limit: LimitClass? = nil,
    file: String = #filePath, line: Int = #line
  ) -> Self {
    .init(
      matches: .exactly(path), limit: limit, component: component, port: port,
      origin: Origin(file: file, line: line))
  }

  /// Files whose name changes with their content, cached for a year. (S18-NGX-21)
  public static func staticFiles(
    under prefix: String, to component: Component, _ port: Port, limit: LimitClass? = nil,
    file: String = #filePath, line: Int = #line
  ) -> Self {
    .init(
      matches: .staticFiles(prefix: prefix), limit: limit, component: component, port: port,
      origin: Origin(file: file, line: line))
  }

  /// What nothing else matches, at the site's name only: pages and their forms.
  public static func everythingElse(
    to component: Component, _ port: Port, limit: LimitClass? = nil,
    file: String = #filePath, line: Int = #line
  ) -> Self {
    .init(
      matches: .everythingElse, limit: limit, component: component, port: port,
      origin: Origin(file: file, line: line))
  }
}

/// Where a certificate comes from. (C-14, S18-HS-06, engine fact F16)
public struct Certificate<S: Stage>: Sendable {
  package let value: CertificateValue
}

package enum CertificateValue: Sendable, Hashable {
  case acme(directory: String, contact: String)
  case selfSigned
}

extension Certificate where S: Deployed {
  /// Issued and renewed over HTTP-01 by the ACME service at `directory`.
  public static func acme(directory: String, contact: String) -> Self {
    .init(value: .acme(directory: directory, contact: contact))
  }

  @available(
    *, unavailable,
    message:
      "browsers refuse it and people learn to click past warnings; write `.acme(…)` [edge/has-a-trusted-certificate, S18-HS-06]"
  )
  public static var selfSigned: Self { .init(value: .selfSigned) }
}

extension Certificate<Development> {
  /// Made on the developer's machine by the first `up`.
  public static var selfSigned: Self { .init(value: .selfSigned) }
}

/// Address ranges whose `X-Forwarded-For` is believed.
public struct TrustedProxies: Sendable, Hashable {
  package let ranges: [String]
  /// The header in which they name the client.
  package let header: String

  public static let none = TrustedProxies(ranges: [], header: "X-Forwarded-For")
  public static func ranges(_ ranges: [String], header: String) -> Self {
    .init(ranges: ranges, header: header)
  }
}
