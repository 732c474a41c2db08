import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel
import TestSupport
import Testing

@testable import SlipwayEmitters

/// What can be said of the files without running them.
struct ShapeTests {
  @Test(arguments: Subject.allCases)
  func `every line knows where it comes from`(subject: Subject) throws {
    let emission = NginxEmitter().emit(try subject.resolved(), using: inputs)
    #expect(emission.artefacts.count >= 24)
    for artefact in emission.artefacts {
      switch artefact.document {
      case .nginx(let nodes): expectOrigins(nodes, in: artefact.path)
      case .text(let text):
        #expect(text.lines.allSatisfy { !$0.origins.isEmpty }, "\(artefact.path)")
      case .json(let value):
        #expect(!value.origins.isEmpty, "\(artefact.path)")
      case .yaml, .dockerfile, .dotenv: Issue.record("\(artefact.path)")
      }
    }
  }

  private func expectOrigins(_ nodes: [NginxNode], in path: String) {
    for node in nodes {
      #expect(!node.origins.isEmpty, "\(path): \(node)")
      if case .block(_, let children) = node.content { expectOrigins(children, in: path) }
    }
  }

  @Test func `the same environment gives the same files, one can be run`() throws {
    let environment = try resolve(Subject.production.environment)
    #expect(try files(of: environment) == files(of: environment))
    let emission = NginxEmitter().emit(environment, using: inputs)
    #expect(
      emission.artefacts.filter(\.isExecutable).map(\.path) == ["generated/prod/nginx/supervise.sh"]
    )
    #expect(emission.artefacts.contains { $0.path == "generated/prod/acme/nginx.conf" })
    let development = NginxEmitter().emit(
      try resolve(Subject.development.environment), using: inputs)
    #expect(!development.artefacts.contains { $0.path.contains("/acme/") })
  }

  @Test(.covers("C-13"), arguments: Subject.allCases)
  func `no location adds headers, so that none can lose any`(subject: Subject) throws {
    let configuration = try read("nginx/nginx.conf", of: subject)
    let inherited: Set = [
      "add_header", "proxy_set_header", "proxy_hide_header", "limit_req_status",
    ]
    let http = try #require(configuration.nodes.first { $0.name == "http" })
    func below(_ node: LocatedNginxNode) -> [String] {
      node.children.flatMap { [$0.name] + below($0) }
    }
    for child in http.children {
      #expect(inherited.isDisjoint(with: below(child)), "\(child.words)")
    }
    let headers = http.children.filter { $0.name == "add_header" }.compactMap(\.arguments.first)
    #expect(headers.count == Set(headers).count)
    #expect(headers.contains("Strict-Transport-Security") == subject.isDeployed)
    let hidden = Set(
      http.children.filter { $0.name == "proxy_hide_header" }.compactMap(\.arguments.first))
    #expect(hidden.isSuperset(of: headers.filter { !["Retry-After", "Allow"].contains($0) }))
    #expect(hidden.contains("Strict-Transport-Security"))
  }

  @Test(.covers("C-35", "S18-NGX-16"))
  func `each route's time lies between the service's and the drain's`() throws {
    let configuration = try read("nginx/nginx.conf", of: .mixed)
    let locations = try siteLocations(configuration)
    func timeout(_ words: [String]) -> [String]? {
      let location = locations.first { $0.arguments == words }
      return location?.children.first { $0.name == "proxy_read_timeout" }?.arguments
    }
    #expect(timeout(["=", "/api/v1/orders"]) == ["15s"])
    #expect(timeout(["=", "/sign-in"]) == ["7s"])
    #expect(timeout(["=", "/ws"]) == ["86400s"])
  }

  @Test func `paths are matched exactly, or by patterns from end to end`() throws {
    let locations = try siteLocations(read("nginx/nginx.conf", of: .mixed)).map(\.arguments)
    #expect(
      locations == [
        ["=", "/metrics"], ["^~", "/.slipway/"], ["=", "/api/v1/orders"],
        ["~", "^/api/v1/orders/[^/]+$"], ["=", "/ws"], ["=", "/health"], ["=", "/sign-in"],
        ["=", "/robots.txt"], ["^~", "/assets/"], ["/"],
      ])
    #expect(NginxEdge.pattern(ofTemplate: "/a.b/{id}/c-d+e") == #"^/a\.b/[^/]+/c\-d\+e$"#)
  }

  @Test func `what may not be done twice is never sent to a second replica`() throws {
    let locations = try siteLocations(read("nginx/nginx.conf", of: .mixed))
    let off = locations.filter { location in
      location.children.contains { $0.name == "proxy_next_upstream" && $0.arguments == ["off"] }
    }
    #expect(off.map(\.arguments) == [["~", "^/api/v1/orders/[^/]+$"]])
  }

  @Test func `the process follows the container's size`() throws {
    let main = try read("nginx/nginx.conf", of: .mixed).nodes
    func value(_ name: String) -> [String]? { main.first { $0.name == name }?.arguments }
    #expect(value("worker_processes") == ["3"])
    #expect(value("worker_rlimit_nofile") == ["16384"])
    #expect(value("worker_shutdown_timeout") == ["25s"])
    #expect(value("user") == nil)
    #expect(
      main.first { $0.name == "http" }?.children
        .first { $0.name == "client_max_body_size" }?.arguments == ["1500k"])
  }

  @Test func `a missing template is a finding`() throws {
    let environment = try resolve(Subject.production.environment)
    let emission = NginxEmitter().emit(environment, using: EmitterInputs(templates: [:]))
    #expect(
      Set(emission.findings.map(\.message)) == [
        "template 'edge/supervise.sh' does not exist",
        "template 'edge/error.html' does not exist",
        "template 'edge/maintenance.html' does not exist",
      ])
  }

  private func read(_ path: String, of subject: Subject) throws -> LocatedNginx {
    try NginxReader.read(#require(try files(of: subject.resolved())[path]))
  }

  private func siteLocations(_ configuration: LocatedNginx) throws -> [LocatedNginxNode] {
    let http = try #require(configuration.nodes.first { $0.name == "http" })
    let site = try #require(http.children.last { $0.name == "server" })
    return site.children.filter { $0.name == "location" }
  }
}
