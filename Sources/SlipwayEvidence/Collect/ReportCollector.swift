import SlipwayDiagnostics
package import SlipwayModel

/// Finds the reports that CI made and reads them.
package struct ReportCollector: Sendable {
  private let folders: Result<[ReportFolder], ReadingFailure>
  private let root: String

  package init(_ root: String) {
    self.root = root
    folders = ReportFolder.all(under: root)
  }

  /// All reports whose names the closure accepts.
  func reports<Value>(
    _ isWanted: (String) -> Bool, _ read: ([UInt8]) throws(ReadingFailure) -> Value
  ) -> Result<[Sight<Value>], ReadingFailure> {
    folders.map { folders in
      folders.flatMap { folder in
        folder.names.filter(isWanted).map { folder.report($0, read) }
      }
    }
  }

  /// The only report of its kind.
  func one<Value>(
    _ what: String, _ isWanted: (String) -> Bool,
    _ read: ([UInt8]) throws(ReadingFailure) -> Value
  ) -> Sight<Value> {
    switch reports(isWanted, read) {
    case .failure(let error): return .missing("\(what) is missing: \(error.clause)")
    case .success(let found):
      guard let first = found.first else { return .missing("no \(what) is in '\(root)'") }
      return found.count == 1
        ? first : .unreadable("\(found.count) files in '\(root)' say that they are it")
    }
  }

  package var tests: Sight<TestReport> {
    switch reports(
      { $0.hasSuffix(".xml") },
      { bytes throws(ReadingFailure) in
        try TestReport.read(bytes)
      })
    {
    case .failure(let error): .missing("the test report is missing: \(error.clause)")
    case .success(let found): found.joined(none: "no test report is in '\(root)'")
    }
  }

  /// What `slipway leaks` found: no scanner of vulnerabilities, though its report has their form.
  static let leaksFile = "leaks.sarif"

  package var leaks: Sight<[ScanReport]> {
    one("leak report", { $0 == Self.leaksFile }) { bytes throws(ReadingFailure) in
      try ScanReport.readSARIF(bytes)
    }
  }

  package var form: Sight<FormReport> {
    one("report of linters", { $0 == "form.json" }) { bytes throws(ReadingFailure) in
      try FormReport.read(bytes)
    }
  }

  /// Every SARIF file but that of leaks, and every report of Trivy.
  package var scans: [Sight<[ScanReport]>] {
    let sarif = reports({ $0.hasSuffix(".sarif") && $0 != Self.leaksFile }) {
      bytes throws(ReadingFailure) in
      try ScanReport.readSARIF(bytes)
    }
    let trivy = reports({ $0.hasPrefix("trivy") && $0.hasSuffix(".json") }) {
      bytes throws(ReadingFailure) in try ScanReport.readTrivy(bytes)
    }
    switch (sarif, trivy) {
    case (.failure(let error), _), (_, .failure(let error)):
      return [.missing("every scanner's report is missing: \(error.clause)")]
    case (.success(let one), .success(let other)):
      let all = one + other
      return all.isEmpty ? [.missing("no scanner's report is in '\(root)'")] : all
    }
  }

  /// Every signed statement about vulnerabilities: `NAME.vex.json`.
  package func statements(_ signed: SignedFiles) -> [Sight<VEXDocument>] {
    guard case .success(let folders) = folders else { return [] }
    return folders.flatMap { folder in
      folder.names.filter { $0.hasSuffix(".vex.json") }.map { name in
        do throws(ReadingFailure) {
          let file = try signed.file("\(folder.path)/\(name)")
          guard file.roles.contains(NoKnownVulnerabilities.role) else {
            throw ReadingFailure("it is not signed by \(NoKnownVulnerabilities.role)")
          }
          let document = try VEXDocument.read(file.bytes)
          let made = document.statements.map(\.made).min() ?? PointInTime(seconds: 0)
          return .seen(Evidence(document, commit: nil, made: made, source: document.author))
        } catch {
          return .unreadable("'\(name)': \(error.clause)")
        }
      }
    }
  }

  package var coverage: Sight<CoverageReport> {
    one("coverage report", { $0 == "coverage.json" }) { bytes throws(ReadingFailure) in
      try CoverageReport.read(bytes)
    }
  }
}

/// Reads the stack that would be deployed, as it lies on the machine that asks.
package enum StackCollector {
  /// It lies beside `gate.json`.
  package static func stack(in folder: String, now: PointInTime) -> Sight<StackFact> {
    let path = "\(folder)/docker-compose.yml"
    return FactFile.fact(path, "the stack") { bytes throws(ReadingFailure) in
      Evidence(try StackFact.read(bytes), commit: nil, made: now, source: path)
    }
  }
}

/// Reads the lock file of a checked out commit. It is of the commit that is checked out, since
/// `drift` compared every generated file with it.
package enum LockCollector {
  package static func lock(_ path: String, now: PointInTime) -> Sight<ImageLock> {
    let bytes: [UInt8]
    do throws(BoundedFile.Failure) {
      bytes = try BoundedFile(path, limit: BoundedFile.factBytes).bytes()
    } catch {
      switch error {
      case .missing: return .missing("there is no lock file '\(path)'")
      case .unreadable(let why): return .unreadable("'\(path)': \(why)")
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return .unreadable("'\(path)': it is no UTF-8 text")
    }
    switch ImageLock.read(text, path: path) {
    case .failure(let findings):
      return .unreadable("'\(path)': \(findings.findings.first?.message ?? "it is not sound")")
    case .success(let lock):
      return .seen(Evidence(lock, commit: nil, made: now, source: path))
    }
  }
}
