import SlipwayDocuments
import SlipwayModel
import Testing

/// The bytes say what the tree says, to a reader that shares no code with the printer.
struct ReadBackTests {
  @Test(arguments: Candidate.all, Specimen.allCases)
  func `the reader of its syntax reads every file`(
    candidate: Candidate, specimen: Specimen
  ) throws {
    for file in try specimen.emitted.files(by: candidate) {
      switch file.artefact.document {
      case .yaml(let tree):
        let read = Plain(try YAMLReader.read(file.text).root)
        #expect(read == Plain(tree), "\(file.path)")
      case .json(let tree):
        let read = Plain(try JSONReader.read(file.text).root)
        #expect(read == Plain(tree), "\(file.path)")
      case .nginx(let nodes):
        let read = try NginxReader.read(file.text).nodes
        #expect(read.compactMap { Plain($0) } == nodes.compactMap { Plain($0) }, "\(file.path)")
      case .dockerfile(let instructions):
        let read = try DockerfileReader.read(file.text).instructions.map(\.keyword)
          .filter { $0 != "#" }
        let keywords = instructions.compactMap { instruction in
          if case .instruction(let keyword, _, _) = instruction.content { keyword } else { nil }
        }
        #expect(read == keywords, "\(file.path)")
      case .dotenv(let entries):
        let read = try DotenvReader.read(file.text).variables.map { Plain.map([$0.key], []) }
        let keys = entries.compactMap { entry in
          if case .variable(let key, _) = entry.content { Plain.map([key], []) } else { nil }
        }
        #expect(read == keys, "\(file.path)")
      case .text: break
      }
    }
  }

  /// A tree of the right syntax, not text that happens to look like it. (design §5)
  @Test(arguments: Candidate.all, Specimen.allCases)
  func `no file of a known syntax is made from text`(
    candidate: Candidate, specimen: Specimen
  ) throws {
    for file in try specimen.emitted.files(by: candidate) {
      guard case .text = file.artefact.document else { continue }
      let name = file.path.split(separator: "/").last ?? ""
      // `docker run --env-file` takes values as they are; the dotenv printer would quote them.
      guard !file.path.contains("/scripts/jobs/") else { continue }
      let isTree = [".yml", ".yaml", ".json", ".env", "Dockerfile"].contains {
        name.hasSuffix($0)
      }
      #expect(!isTree, "\(file.path)")
    }
  }
}
