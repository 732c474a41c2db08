import SlipwayDocuments
import TestSupport
import Testing

/// The images of the service, read from their Dockerfiles.
struct ImageTests {
  private static let images = [
    ("flowrex-backend", "flowrex"), ("flowrex-console", "flowrex-console"),
  ]

  private func instructions(_ image: String) throws -> [LocatedInstruction] {
    try DockerfileReader.read(generated("docker/\(image).Dockerfile")).instructions
  }

  private func text(_ instruction: LocatedInstruction) -> String {
    switch instruction.arguments {
    case .shell(let words), .exec(let words), .words(let words), .heredocs(let words, _):
      words.joined(separator: " ")
    case .pairs(let pairs): pairs.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    case .nested: ""
    }
  }

  /// The instructions of the stage that is shipped.
  private func shipped(_ image: String) throws -> [LocatedInstruction] {
    let all = try instructions(image)
    let last = try #require(all.lastIndex { $0.keyword == "FROM" })
    return Array(all[last...])
  }

  @Test(.covers("S18-DFB-01"), arguments: images)
  func `an image is built in one stage and shipped in another`(
    image: String, product: String
  ) throws {
    let bases = try instructions(image).filter { $0.keyword == "FROM" }.map(text)
    #expect(bases.count == 2)
    #expect(bases[0].contains("-noble@") && bases[0].hasSuffix(" AS build"))
    #expect(bases[1].contains("-slim@"))
  }

  @Test(.covers("S18-DFB-04", "S18-DFB-05", "S18-DFF-06"), arguments: images)
  func `what is shipped comes from the build, with what running needs`(
    image: String, product: String
  ) throws {
    let stage = try shipped(image)
    let copies = stage.filter { $0.keyword == "COPY" }
    #expect(copies.count == 1)
    #expect(copies[0].flags.contains { $0.name == "from" && $0.value == "build" })
    #expect(text(copies[0]) == "/product/ /app/")
    let installs = stage.filter { $0.keyword == "RUN" }.map(text).filter {
      $0.contains("apt-get install")
    }
    #expect(!installs.isEmpty && installs.allSatisfy { !$0.contains("-dev=") })
    #expect(stage.contains { $0.keyword == "WORKDIR" && text($0) == "/app" })
    #expect(stage.contains { $0.keyword == "ENTRYPOINT" && text($0) == "/app/\(product)" })
  }

  @Test(.covers("S18-DFF-04"), arguments: Deployed.all)
  func `signals reach the process, and the dead are buried`(environment: Deployed) throws {
    for service in ["backend", "console", "worker"] {
      #expect(try environment.service(service)["init"]?.bool == true, "\(service)")
    }
    // The form that no shell stands before.
    for (image, _) in Self.images {
      let entry = try #require(try shipped(image).first { $0.keyword == "ENTRYPOINT" })
      guard case .exec = entry.arguments else {
        Issue.record("\(image) starts through a shell")
        continue
      }
    }
  }
}
