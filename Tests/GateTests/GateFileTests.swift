import Environments
import Foundation
import Slipway
import SlipwayDocuments
import SlipwayEmitters
import SlipwayEvidence
import SlipwayModel
import TestSupport
import Testing

/// `gate.json`: what the generator writes is what the gate reads.
struct GateFileTests {
  private static func environments() throws -> [ResolvedEnvironment] {
    let path = "environments/Lock.json"
    let text = try String(contentsOfFile: "\(packageRoot)/\(path)", encoding: .utf8)
    let lock = try ImageLock.read(text, path: path).get()
    return try Environments.all.map { specification in
      let resolution = Resolver.resolve(specification, of: Environments.project, lock: lock)
      return try #require(resolution.environment, "\(resolution.findings)")
    }
  }

  @Test func `every environment's file is read back as it was meant`() throws {
    for environment in try Self.environments() {
      let emission = GateEmitter().emit(environment, using: EmitterInputs(templates: [:]))
      #expect(emission.artefacts.map(\.path) == ["generated/\(environment.name)/gate.json"])
      let text = try emission.artefacts[0].document.print()
      let read = try GateExpectations.read(Array(text.utf8))
      #expect(read == GateExpectations(environment))
      #expect(read.secrets.keys.count >= 5 && read.services.count >= 5)
    }
  }

  @Test(.covers("S17-CL-RDY-01", "S17-CL-RDY-02", "S04-AUTHZ-01"))
  func `production is asked for everything that it has`() throws {
    let environments = try Self.environments()
    let prod = try #require(environments.first { $0.stage == .production })
    let expectations = GateExpectations(prod)
    #expect(expectations.after == "staging")
    #expect(expectations.roles.count == 8)
    #expect(expectations.nodes.count == prod.nodes.count)
    #expect(!expectations.secrets.denied.isEmpty && !expectations.secrets.distinct.isEmpty)
    #expect(expectations.names == prod.edge?.names.all)
    #expect(expectations.hasSchema && expectations.backupMetric != nil)
    let edge = try #require(expectations.services.first { $0.name == "edge" })
    #expect(edge.replicas == 2 && !edge.isOurs)
    var scene = Scene()
    scene.expectations = expectations
    #expect(Criteria.asked(scene.question).count == Criteria.all.count - 1)
  }

  @Test func `development is asked for no public certificate`() throws {
    let environments = try Self.environments()
    let dev = try #require(environments.first { $0.stage == .development })
    let expectations = GateExpectations(dev)
    #expect(expectations.names == [] && expectations.roles == [] && expectations.after == nil)
    #expect(expectations.secrets.source == .madeUp)
  }
}
