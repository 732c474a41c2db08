import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel
import Testing

@testable import SlipwayPipeline

/// Nothing is written outside the folders that are for it, whatever an emitter asks for.
struct OutputPathTests {
  private func printed(_ path: String) -> (GeneratedFile?, [String]) {
    var printer = ArtefactPrinter(source: "environments/", command: "make generate")
    let file = printer.print(
      Artefact(path: path, document: .text(TextDocument("x\n", comments: .none))))
    return (file, printer.findings.map { "\($0.rule): \($0.message)" })
  }

  @Test(arguments: [
    "", ".", "..", "/etc/passwd", "../x", "generated/../x", "generated/dev/../../x",
    "generated/./x",
    "generated//x", "generated/", "generated", "generatedx/y", "docs/x.md", ".env",
    ".env.example/x", ".github/x", ".github/workflows/", ".github/workflows/../x", "./generated/x",
  ]) func `a path outside the output folders is refused`(path: String) {
    let (file, findings) = printed(path)
    #expect(file == nil)
    #expect(
      findings == [
        "output/can-be-written: '\(path)' would be written outside the output folders"
      ])
  }

  @Test(arguments: ["generated/dev/x", ".env.example", ".github/workflows/ci.yml"])
  func `a path inside is written`(path: String) {
    let (file, findings) = printed(path)
    #expect(file?.path == path)
    #expect(findings == [])
  }
}
