import Fixtures
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayEmitters
import SlipwayModel
import Testing

/// Files and patterns on one path: nginx prefers the files' prefix, whatever stands first.
struct CoveredRouteTests {
  private static let asset = Route.get(
    "/assets/{file}", auth: .anonymous, limit: .reads, within: .seconds(14), "A file.")
  private static let order = Route.get(
    "/orders/{id}", auth: .user, limit: .reads, within: .seconds(8), "An order.")
  private static let files = Forward.staticFiles(under: "/assets/", to: .pages, .pages)

  private func emission(_ forwards: [Forward]) throws -> (ResolvedEdge, Emission) {
    let environment = try resolve(
      AnyEnvironment(MixedEnvironment.production(forwarding: forwards)))
    return (
      try #require(environment.edge), NginxEmitter().emit(environment, using: inputs)
    )
  }

  @Test func `files keep what the routes that they serve promise`() throws {
    let (edge, emission) = try emission([
      Self.files, .pages([Self.asset], to: .pages, .pages),
    ])
    #expect(emission.findings == [])
    #expect(edge.locations.map(\.match) == [.prefix("/assets/")])
    let location = try #require(edge.locations.first)
    #expect(location.limits == [.get: .reads] && location.limit == .reads)
    #expect(location.within == .seconds(14))
  }

  @Test func `files of one program do not take the pattern of another`() throws {
    let (_, emission) = try emission([
      Self.files, .routes([Self.asset], to: .backend, .api),
    ])
    #expect(emission.artefacts.isEmpty)
    #expect(emission.findings.map(\.rule) == ["edge/files-hide-nothing"])
    #expect(
      emission.findings.first?.message
        == "the edge would serve '/assets/{file}' as a file under '/assets/'")
  }

  @Test(arguments: [false, true])
  func `files under everything hide nothing`(isFirst: Bool) throws {
    let everything = Forward.staticFiles(under: "/", to: .pages, .pages)
    let routes = Forward.routes([Self.order], to: .backend, .api)
    let (edge, emission) = try emission(isFirst ? [everything, routes] : [routes, everything])
    #expect(emission.findings == [])
    #expect(Set(edge.locations.map(\.match)) == [.template("/orders/{id}"), .prefix("/")])
  }
}
