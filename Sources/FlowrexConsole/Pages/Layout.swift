import FlowrexContract
import ServiceContract

/// The frame around every page.
extension View {
  /// - Parameters:
  ///   - isLive: Whether the script keeps the content current.
  ///   - live: What it keeps current; what people type in stands outside of it.
  ///   - still: What it leaves alone.
  func page(
    _ title: String, isLive: Bool = false, live: [Node], still: [Node] = []
  ) -> Node {
    .element(
      .html, [.lang("en")],
      [
        .element(.head, [], head(title)),
        .element(
          .body, isLive ? stream : [],
          [
            header,
            .tag(
              .main, [.id("content")],
              .tag(.h1, .text(title)),
              .element(.div, isLive ? [.data(.live, "")] : [], live),
              .group(still)),
          ]),
      ])
  }

  private func head(_ title: String) -> [Node] {
    [
      .tag(.meta, [.charset("utf-8")]),
      .tag(.title, .text("\(title) · \(site.name)")),
      .tag(.meta, [.name("viewport"), .content("width=device-width, initial-scale=1")]),
      .tag(.meta, [.name("color-scheme"), .content("light dark")]),
      .tag(.meta, [.name("robots"), .content("noindex")]),
      .tag(.link, [.rel(.icon), .href(site.files.link(.icon)), .type("image/svg+xml")]),
      .tag(.link, [.rel(.stylesheet), .href(site.files.link(.style))]),
      .tag(.script, [.src(site.files.link(.script)), .defer]),
    ]
  }

  /// Where the script listens, and as whom. The access token lives for minutes and opens what the
  /// person sees here anyway; the session's cookie stays out of the script's reach.
  private var stream: [Attribute] {
    guard let session else { return [] }
    return [
      .data(.stream, site.stream), .data(.speaks, StreamProtocol.version),
      .data(.token, StreamProtocol.tokenPrefix + session.tokens.access),
    ]
  }

  private var header: Node {
    .tag(
      .header, [.class("bar")],
      .tag(.a, [.class("brand"), .href(Link(.home))], .text(site.name)),
      stageMark,
      session == nil ? .nothing : navigation,
      session.map(account) ?? .nothing)
  }

  /// In production nothing is marked: what must not be mistaken for it is.
  private var stageMark: Node {
    guard site.stage != .production else { return .nothing }
    return .tag(.span, [.class("stage")], .text(site.stage.rawValue))
  }

  private var navigation: Node {
    let places: [(ConsoleEndpoint, String)] = [
      (.portfolio, "Portfolio"), (.positions, "Positions"), (.orders, "Orders"),
      (.approvals, "Approvals"), (.guards, "Guards"), (.reconciliation, "Reconciliation"),
    ]
    let all = places + (session?.isAdmin == true ? [(.emergency, "Emergency")] : [])
    return .element(
      .nav, [.label("Pages")],
      all.map { place, name in
        .tag(
          .a, [.href(Link(place))] + (place == current ? [.current()] : []), .text(name))
      })
  }

  /// An order stands under the orders.
  private var current: ConsoleEndpoint {
    switch page {
    case .order, .cancelOrder: .orders
    case .approve, .reject: .approvals
    case .emergencyRelease: .emergency
    default: page
    }
  }

  private func account(_ session: ConsoleSession) -> Node {
    .tag(
      .div, [.class("account")],
      .tag(.span, [.class("live"), .data(.state, "off"), .role("status"), .hidden]),
      .tag(.span, [.class("who")], .text(session.email)),
      form(Link(.signOut), [], .tag(.button, [.class("quiet")], "Sign out")))
  }
}
