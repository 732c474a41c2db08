package import SlipwayModel

/// Reads what scripts on a manager left in its state folder: records, facts, signed files.
package struct ClusterCollector: Sendable {
  private let state: String
  private let metrics: String
  private let now: PointInTime
  private let signed: SignedFiles
  /// The evidence that travelled with the release; signed files may come with it too.
  private let evidence: String

  package init(
    state: String, metrics: String, evidence: String, signed: SignedFiles, now: PointInTime
  ) {
    self.state = state
    self.metrics = metrics
    self.evidence = evidence
    self.signed = signed
    self.now = now
  }

  /// What runs now; `nil` before the first release.
  package func running() throws(ReadingFailure) -> ReleaseRecord? {
    try ReleaseRecord.kept(at: "\(state)/current.json")
  }

  /// What is kept of a release that was verified here.
  package func kept(_ commit: String) throws(ReadingFailure) -> ReleaseRecord? {
    try ReleaseRecord.kept(at: "\(state)/releases/\(commit)/release.json")
  }

  private func facts(_ name: String) -> String { "\(state)/facts/\(name)" }

  package func add(to set: inout EvidenceSet, _ expectations: GateExpectations) {
    set.nodes = FactFile.fact(facts("nodes.json"), "the report on nodes") {
      bytes throws(ReadingFailure) in try NodeFact.read(bytes)
    }
    set.replicas = FactFile.fact(facts("replicas.json"), "the report on replicas") {
      bytes throws(ReadingFailure) in try ReplicaFact.read(bytes)
    }
    set.targets = FactFile.fact(facts("targets.json"), "the answer of Prometheus") {
      bytes throws(ReadingFailure) in try TargetFact.read(bytes)
    }
    set.schema = FactFile.fact(facts("migrations.json"), "the status of migrations") {
      bytes throws(ReadingFailure) in try SchemaFact.read(bytes)
    }
    set.backup = backup(expectations.backupMetric ?? "")
    set.rehearsals = signedFiles("rehearsals") { bytes, roles throws(ReadingFailure) in
      guard roles.contains("operations") else {
        throw ReadingFailure("it is not signed by operations")
      }
      return try Rehearsal.read(bytes)
    }
    set.signOffs = signedFiles("sign-offs") { bytes, roles throws(ReadingFailure) in
      let signOff = try SignOff.read(bytes)
      guard roles.contains(signOff.value.role) else {
        throw ReadingFailure("it is not signed by \(signOff.value.role.prefix(40))")
      }
      return signOff
    }
  }

  /// - Parameter authorities: A file of trusted authorities; `nil` for the machine's own.
  package func certificates(authorities: String?) async -> Sight<[CertificateFact]> {
    let report: Sight<CertificateReport> = FactFile.fact(
      facts("certificates.json"), "the report on certificates"
    ) { bytes throws(ReadingFailure) in try CertificateReport.read(bytes) }
    guard case .seen(let seen) = report else { return report.map { _ in [] } }
    do throws(ReadingFailure) {
      var roots: String?
      if let authorities {
        do throws(ReadingFailure) {
          roots = String(decoding: try FactFile.bytes(authorities), as: UTF8.self)
        } catch {
          throw ReadingFailure("the list of authorities '\(authorities)': \(error.clause)")
        }
      }
      let facts = try await seen.value.facts(authorities: roots, now: now)
      return .seen(seen.map { _ in facts })
    } catch {
      return .unreadable(error.clause)
    }
  }

  private func backup(_ metric: String) -> Sight<BackupFact> {
    let catalogue = "\(state)/last-backup.json"
    let proof = "\(metrics)/\(metric)-backuplogical.prom"
    let newest: Sight<PointInTime> = FactFile.fact(catalogue, "the backup catalogue") {
      bytes throws(ReadingFailure) in
      now(try BackupFact.readNewest(bytes), catalogue)
    }
    let verified: Sight<PointInTime> = FactFile.fact(proof, "the proof of a restored backup") {
      bytes throws(ReadingFailure) in
      now(try BackupFact.readMetric(bytes, metric), proof)
    }
    switch (newest, verified) {
    case (.missing(let clause), _), (_, .missing(let clause)): return .missing(clause)
    case (.unreadable(let clause), _), (_, .unreadable(let clause)): return .unreadable(clause)
    case (.seen(let one), .seen(let other)):
      return .seen(now(BackupFact(newest: one.value, verified: other.value), catalogue))
    }
  }

  /// The file is read now; the times that matter are in it.
  private func now<Value>(_ value: Value, _ source: String) -> Evidence<Value> {
    Evidence(value, commit: nil, made: now, source: source)
  }

  /// Everything signed in a folder of the state and of the evidence.
  private func signedFiles<Value>(
    _ folder: String,
    _ read: ([UInt8], Set<String>) throws(ReadingFailure) -> Evidence<Value>
  ) -> [Sight<Value>] {
    [state, evidence].flatMap { root -> [Sight<Value>] in
      let path = "\(root)/\(folder)"
      let names: [String]
      do throws(BoundedFile.Failure) {
        names = try BoundedFile.names(in: path)
      } catch {
        if case .unreadable(let why) = error { return [.unreadable("'\(path)': \(why)")] }
        return []
      }
      return names.filter { $0.hasSuffix(".json") }.map { name in
        do throws(ReadingFailure) {
          let file = try signed.file("\(path)/\(name)")
          return .seen(try read(file.bytes, file.roles))
        } catch {
          return .unreadable("'\(folder)/\(name)': \(error.clause)")
        }
      }
    }
  }
}
