import ServiceContract
import Slipway
import SlipwayEmitters
import SlipwayModel
import TestSupport
import Testing

/// Development on a real engine, with stand-in images and made-up secrets.
struct ComposeRehearsalTests {
  @Test(.covers("S17-ENV-01", "S17-ENV-02"), .timeLimit(.minutes(5)))
  func `development comes up healthy and leaves nothing behind`() async throws {
    let specimen = try Specimen.declared("dev")
    let declared = try specimen.generate()
    try await withTemporaryFolder { folder in
      let rehearsal = Rehearsal(specimen: specimen, folder: folder, script: "compose.sh")
      try folder.write(declared.thirdPartyImages.joined(separator: "\n") + "\n", to: "images")
      try folder.write(declared.checkoutImages.joined(separator: "\n") + "\n", to: "local")
      let file = folder.path(of: declared.composePath)
      let output = try await rehearsal.run([], arguments: [file], atMost: .seconds(240)) {
        _ = try await rehearsal.awaited("digests")
        let made = try Self.generate(rehearsal)
        try made.write(to: folder)
        for secret in made.environment.secrets {
          let path = ".slipway/\(made.environment.name)/secrets/\(secret.name)"
          try folder.write(Self.value(of: secret), to: path)
        }
        try folder.write(made.mountFolders.joined(separator: "\n") + "\n", to: "mounts")
        try folder.write("", to: "ready")
      }
      try #require(output.status == 0, "\(output)")
      let made = try Self.generate(rehearsal)
      try expectUp(rehearsal, made)
      try expectPorts(rehearsal, made)
      let secrets = made.environment.services.flatMap { service in
        service.secrets.map {
          "\(service.name) secret \(Self.value(of: $0.secret).utf8.count) \($0.path)"
        }
      }
      let arrived = try rehearsal.lines("arrived")
      #expect(
        arrived.sorted() == (secrets + made.mountedFiles(on: .compose)).sorted(),
        "\(Set(arrived).symmetricDifference(secrets + made.mountedFiles(on: .compose)))")
      #expect(try rehearsal.said("down-status") == "0\n")
      #expect(try rehearsal.said("left").isEmpty)
    }
  }

  static func generate(_ rehearsal: Rehearsal) throws -> Generated {
    let images = StandIns(digests: try rehearsal.folder.read("digests"))
    let host = try Host(try rehearsal.folder.read("host"))
    let site = Site(nodes: [host.site], names: nil, lock: images.lock, reserves: 100)
    return try rehearsal.specimen.generate(at: site)
  }

  private static func value(of secret: ResolvedSecret) -> String { "value of \(secret.name)" }

  private func expectUp(_ rehearsal: Rehearsal, _ made: Generated) throws {
    let said = try rehearsal.said("up")
    #expect(try rehearsal.said("up-status") == "0\n", "\(said)")
    for word in ["level=", "arning", "gnor", "eprecated"] { #expect(!said.contains(word)) }
    let containers = try rehearsal.records(ComposeContainer.self, "containers")
    #expect(
      containers.map(\.Service).sorted() == made.environment.services.map(\.name).sorted())
    for container in containers {
      let service = try #require(made.environment.service(container.Service))
      #expect(container.State == "running", "\(container)")
      #expect(container.Health == (service.health == nil ? "" : "healthy"), "\(container)")
    }
  }

  /// A port is published if the engine says so: on a network that leads nowhere it is not,
  /// without a word.
  private func expectPorts(_ rehearsal: Rehearsal, _ made: Generated) throws {
    let expected = made.environment.services.flatMap { service in
      service.publications.map { "\(service.name) \($0.container)/tcp 127.0.0.1:\($0.host)" }
    }
    #expect(!expected.isEmpty)
    let ports = try rehearsal.lines("ports")
    #expect(ports.sorted() == expected.sorted(), "\(Set(ports).symmetricDifference(expected))")
  }
}

struct ComposeContainer: Decodable {
  let Service: String
  let State: String
  let Health: String
}
