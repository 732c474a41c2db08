import Fixtures
import Slipway
import SlipwayDiagnostics
import SlipwayModel
import SlipwayPipeline
import Testing

/// The five ways in which a disk differs from a specification, and what a run does about each.
struct DriftTests {
  static let file = "generated/dev/prometheus/prometheus.yml"

  /// A part with one file, and the disk as a run leaves it.
  private func made(_ text: String = "new\n") -> (Generation, [String: String]) {
    let printed = PrintedArtefact(path: Self.file, text: text, isExecutable: false)
    let part = GeneratedPart.plain("dev", [printed])
    let disk = [Self.file: text, "generated/dev/MANIFEST": Manifest(of: [printed]).text]
    return (Generation(parts: [part]), disk)
  }

  private func drift(_ generation: Generation, _ disk: [String: String]) -> [DriftReport.Item] {
    DriftReport(generation, on: DiskState(files: disk)).items
  }

  @Test func `what a run leaves has no drift`() {
    let (generation, disk) = made()
    #expect(drift(generation, disk).isEmpty)
  }

  @Test func `a file older than its specification was not regenerated`() {
    let (generation, _) = made("new\n")
    let (_, old) = made("old\n")
    #expect(
      drift(generation, old) == [
        .init(path: "generated/dev/MANIFEST", drift: .notRegenerated),
        .init(path: Self.file, drift: .notRegenerated),
      ])
  }

  @Test func `a file that differs from its manifest was edited by hand`() {
    var (generation, disk) = made()
    disk[Self.file] = "mine\n"
    #expect(drift(generation, disk) == [.init(path: Self.file, drift: .editedByHand)])
    generation = made("newer\n").0
    #expect(drift(generation, disk).contains(.init(path: Self.file, drift: .editedByHand)))
  }

  @Test func `what an interrupted run has put in place is no edit, and its rest goes away`() {
    let (generation, _) = made("newer\n")
    let (_, old) = made("old\n")
    let (_, new) = made("new\n")
    let manifest = "generated/dev/MANIFEST"
    // Interrupted after the file and before the manifest.
    var disk = old
    disk[Self.file] = new[Self.file]
    #expect(WritePlan(generation, on: DiskState(files: disk), forced: []).findings.count == 1)
    disk[manifest + ".slipway-new"] = new[manifest]
    let plan = WritePlan(generation, on: DiskState(files: disk), forced: [])
    #expect(plan.findings.isEmpty)
    #expect(plan.writes.map(\.path) == [Self.file, manifest])
    #expect(plan.removals == [manifest + ".slipway-new"])
  }

  @Test func `a file that is not there is missing`() {
    var (generation, disk) = made()
    disk[Self.file] = nil
    #expect(drift(generation, disk) == [.init(path: Self.file, drift: .missing)])
    generation = made().0
  }

  @Test func `a file that nothing makes is an orphan`() {
    var (generation, disk) = made()
    disk["generated/dev/old.yml"] = "x\n"
    #expect(drift(generation, disk) == [.init(path: "generated/dev/old.yml", drift: .orphan)])
    generation = made().0
  }

  @Test func `an older generator is told apart from a changed specification`() {
    var (generation, disk) = made("new\n")
    let old = PrintedArtefact(path: Self.file, text: "old\n", isExecutable: false)
    disk[Self.file] = "old\n"
    disk["generated/dev/MANIFEST"] = Manifest(of: [old]).text.replacingFirstLine("slipway 0.0.1")
    #expect(
      drift(generation, disk) == [
        .init(path: "generated/dev/MANIFEST", drift: .olderGenerator("0.0.1")),
        .init(path: Self.file, drift: .olderGenerator("0.0.1")),
      ])
    generation = made().0
  }

  @Test func `a run writes only what changed and removes what it once made`() {
    let (generation, _) = made("new\n")
    let kept = PrintedArtefact(path: Self.file, text: "new\n", isExecutable: false)
    let gone = PrintedArtefact(path: "generated/dev/gone.yml", text: "x\n", isExecutable: false)
    let disk = DiskState(files: [
      kept.path: kept.text, gone.path: gone.text,
      "generated/dev/MANIFEST": Manifest(of: [kept, gone]).text, "generated/dev/mine.txt": "m",
    ])
    let plan = WritePlan(generation, on: disk, forced: [])
    #expect(plan.findings.isEmpty)
    #expect(plan.writes.map(\.path) == ["generated/dev/MANIFEST"])
    #expect(plan.removals == ["generated/dev/gone.yml"])
    #expect(plan.unchanged == 1)
  }

  @Test func `a hand edit stops a run, unless it is named`() {
    var (generation, disk) = made()
    disk[Self.file] = "mine\n"
    let refused = WritePlan(generation, on: DiskState(files: disk), forced: [])
    #expect(refused.findings.map(\.rule) == ["drift/edited-by-hand"])
    #expect(
      refused.findings.first?.fix
        == "move the change into the specification, or throw it away with `--force \(Self.file)`")
    let forced = WritePlan(generation, on: DiskState(files: disk), forced: [Self.file])
    #expect(forced.findings.isEmpty)
    #expect(forced.writes.map(\.path) == [Self.file])
    generation = made().0
  }

  @Test func `marks of a merge count as absent, in a file and in a manifest`() {
    let (generation, disk) = made()
    let marks = "<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n"
    for path in [Self.file, "generated/dev/MANIFEST"] {
      var conflicted = disk
      conflicted[path] = marks
      let plan = WritePlan(generation, on: DiskState(files: conflicted), forced: [])
      #expect(plan.findings.isEmpty)
      #expect(plan.writes.map(\.path) == [path])
    }
  }

  @Test func `a link where a file should be stops a run`() {
    let (generation, disk) = made()
    var files = disk
    files[Self.file] = nil
    let plan = WritePlan(
      generation, on: DiskState(files: files, obstacles: [Self.file]), forced: [Self.file])
    #expect(plan.findings.map(\.rule) == ["output/is-a-plain-file"])
  }

  @Test func `a manifest reads back, and anything else is none`() throws {
    let (_, disk) = made()
    let text = try #require(disk["generated/dev/MANIFEST"])
    let manifest = try #require(Manifest(text: text))
    #expect(manifest.text == text)
    #expect(manifest.entries.map(\.path) == [Self.file])
    for broken in [
      "", "slipway", "slipway 1\nshort  generated/a\n", "<<<<<<< ours\n",
      "slipway 1\n\(String(repeating: "0", count: 64))  ../../etc/passwd\n",
    ] {
      #expect(Manifest(text: broken) == nil, "\(broken)")
    }
  }
}

extension GeneratedPart {
  /// A part with these files and no environment.
  fileprivate static func plain(_ name: String, _ files: [PrintedArtefact]) -> GeneratedPart {
    GeneratedPart(name: name, environment: nil, printed: files)
  }
}

extension String {
  fileprivate func replacingFirstLine(_ line: String) -> String {
    line + "\n"
      + split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
      .joined(separator: "\n")
  }
}
