import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel
import SlipwayPipeline
import TestSupport
import Testing

/// What every file is, whoever makes it and whatever is in it.
struct FileTests {
  @Test func `no two emitters have one name`() {
    let names = Candidate.all.map(\.name)
    #expect(Set(names).count == names.count, "\(names)")
  }

  @Test(arguments: Candidate.all, Specimen.allCases)
  func `sound environments are emitted without a finding`(
    candidate: Candidate, specimen: Specimen
  ) throws {
    let emitted = try specimen.emitted
    let errors = emitted.findings[candidate.name, default: []].filter { $0.severity == .error }
    #expect(errors == [])
  }

  @Test(.covers("S17-PR-02"), arguments: Candidate.all, Specimen.allCases)
  func `the same input gives the same bytes`(candidate: Candidate, specimen: Specimen) throws {
    let once = try specimen.emitted.files(by: candidate)
    // Resolved and read again, so that nothing is shared with the first time.
    let twice = try candidate.emit(try specimen.environments, try Specimen.inputs())
      .flatMap { part in
        try part.emission.artefacts.map {
          try EmittedFile($0, by: candidate.name, in: part.environment)
        }
      }
    #expect(once.map(\.printed) == twice.map(\.printed))
  }

  @Test(arguments: Candidate.all, Specimen.allCases)
  func `files stand in the folders that are theirs`(
    candidate: Candidate, specimen: Specimen
  ) throws {
    let names = try specimen.environments.map(\.name)
    for file in try specimen.emitted.files(by: candidate) {
      let parts = file.path.split(separator: "/", omittingEmptySubsequences: false)
      #expect(!parts.contains { $0.isEmpty || $0 == "." || $0 == ".." }, "\(file.path)")
      // What every checkout on every machine can hold.
      #expect(file.path.utf8.allSatisfy(isPortable), "\(file.path)")
      if let environment = file.environment {
        #expect(file.path.hasPrefix(environment.folder), "\(file.path)")
      } else {
        #expect(
          file.path == ".env.example" || OutputFolder.all.contains { file.path.hasPrefix($0) },
          "\(file.path)")
        #expect(!names.contains { file.path.hasPrefix("generated/\($0)/") }, "\(file.path)")
      }
    }
  }

  private func isPortable(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F: true
    default: false
    }
  }

  @Test(arguments: Specimen.allCases)
  func `no two files have paths that some disk takes for one`(specimen: Specimen) throws {
    let manifests = try specimen.environments.map { Manifest.path(of: $0.name) }
    let paths = try specimen.emitted.files.map(\.path) + manifests + [Manifest.path(of: "")]
    var seen: [String: String] = [:]
    for path in paths {
      let other = seen.updateValue(path, forKey: path.lowercased())
      #expect(other == nil, "\(path) and \(other ?? "")")
    }
    // A file where another needs a folder.
    for path in paths {
      #expect(!paths.contains { $0.lowercased().hasPrefix(path.lowercased() + "/") }, "\(path)")
    }
  }

  @Test(arguments: Candidate.all, Specimen.allCases)
  func `text is tidy`(candidate: Candidate, specimen: Specimen) throws {
    for file in try specimen.emitted.files(by: candidate) {
      #expect(file.text.hasSuffix("\n") && !file.text.hasSuffix("\n\n"), "\(file.path)")
      #expect(!file.text.utf8.contains(0x0D), "\(file.path) has a carriage return")
      let ragged = file.lines.firstIndex { $0.last == " " || $0.last == "\t" }
      #expect(ragged == nil, "\(file.path):\((ragged ?? 0) + 1) ends in a space")
      if case .yaml = file.artefact.document {
        #expect(!file.text.utf8.contains(0x09), "\(file.path) has a tab")
      }
    }
  }

  @Test(arguments: Candidate.all, Specimen.allCases)
  func `the first line says where the file comes from`(
    candidate: Candidate, specimen: Specimen
  ) throws {
    for file in try specimen.emitted.files(by: candidate) {
      let sentence = file.lines.firstIndex { $0.contains(file.header.sentence) }
      guard file.hasComments else {
        #expect(sentence == nil, "\(file.path)")
        continue
      }
      let special = file.lines.prefix { line in
        line.hasPrefix("#!") || line.hasPrefix("<!DOCTYPE") || line.hasPrefix("# syntax=")
          || line.hasPrefix("# check=")
      }
      #expect(sentence == special.count, "\(file.path)")
      #expect(special.count <= 2, "\(file.path)")
    }
  }

  @Test(arguments: Candidate.all, Specimen.allCases)
  func `no file is empty`(candidate: Candidate, specimen: Specimen) throws {
    for file in try specimen.emitted.files(by: candidate) {
      let content = file.lines.filter { line in
        !line.allSatisfy(\.isWhitespace) && !line.contains(file.header.sentence)
          && !line.hasPrefix("#!") && line != "{}" && line != "[]"
      }
      #expect(!content.isEmpty, "\(file.path)")
    }
  }

  @Test(arguments: Candidate.all, Specimen.allCases)
  func `what may be run says by what`(candidate: Candidate, specimen: Specimen) throws {
    for file in try specimen.emitted.files(by: candidate) where file.artefact.isExecutable {
      #expect(file.text.hasPrefix("#!/"), "\(file.path)")
    }
  }
}

extension EmittedFile {
  /// Whether its format has comments, and so a header.
  var hasComments: Bool {
    switch artefact.document {
    case .json: false
    case .text(let document): document.comments != .none
    case .yaml, .nginx, .dockerfile, .dotenv: true
    }
  }
}
