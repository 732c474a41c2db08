import ArgumentParser
import Foundation
import SlipwayDocuments
import SlipwayEvidence
import SlipwayModel

/// `slipway-gate seal`
struct SealCommand: ParsableCommand, GateCommand {
  static let configuration = CommandConfiguration(
    commandName: "seal",
    abstract: "Says of which commit the reports in a folder are, in an about.json beside them.",
    discussion: "Run by the job that made them, at once: no other can know.")

  @Argument(help: "The folder.")
  var folder: String

  @Option(help: "The commit that was judged, of 40 digits.")
  var commit: String

  @Option(help: "Who made them, as a person would look for it: 'run 812, job test'.")
  var source: String

  func validate() throws {
    guard commit.wholeMatch(of: /[0-9a-f]{40}/) != nil else {
      throw ValidationError("--commit '\(commit)' is not of 40 digits")
    }
  }

  func run(at clock: Clock) async -> ExitStatus {
    do {
      var files: [JSONEntry] = []
      for name in try BoundedFile.names(in: folder)
      where name != ReportFolder.about && !BoundedFile.isFolder("\(folder)/\(name)") {
        let bytes = try BoundedFile("\(folder)/\(name)", limit: BoundedFile.reportBytes).bytes()
        files.append(.entry(name, .string(SHA256.hex(bytes))))
      }
      guard !files.isEmpty else {
        Terminal.complain("error: '\(folder)' holds no report")
        return .disk
      }
      let about = JSONNode.map([
        .entry("commit", .string(commit)), .entry("made", .string(clock.now.text)),
        .entry("source", .string(source)), .entry("files", .map(files)),
      ])
      let text = try Document.json(about).print()
      try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(ReportFolder.about)"))
      Terminal.complain("sealed \(counted(files.count, "report")) in '\(folder)'")
      return .clean
    } catch BoundedFile.Failure.missing {
      Terminal.complain("error: there is no folder '\(folder)'")
    } catch BoundedFile.Failure.unreadable(let why) {
      Terminal.complain("error: '\(folder)': \(why)")
    } catch {
      Terminal.complain("error: '\(folder)' cannot be sealed: \(error)")
    }
    return .disk
  }
}
