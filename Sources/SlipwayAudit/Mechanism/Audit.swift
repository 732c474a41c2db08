package import SlipwayDiagnostics

/// A file that was handed over.
package struct AuditedFile: Sendable {
  /// The path inside the deployment: what references in the files mean.
  package let path: String
  /// The path as the person who asks would type it.
  package let shown: String
  /// The bytes; `nil` for a file of which only the existence matters.
  package let bytes: [UInt8]?
  /// Why the bytes are not here, though they should be: `the file cannot be read: …`.
  package let problem: Problem?

  /// What kept a file from being read.
  package enum Problem: Hashable, Sendable {
    /// What the system said of a file or folder.
    case unreadable(String)
    /// More bytes than a reader takes.
    case tooLarge(bytes: Int, most: Int)
  }

  package init(path: String, shown: String, bytes: [UInt8]?, problem: Problem? = nil) {
    self.path = path
    self.shown = shown
    self.bytes = bytes
    self.problem = problem
  }
}

/// What an audit says.
package struct AuditReport: Sendable {
  package let findings: [Finding]
  /// What was met and not understood, one a line: `path:line: …`.
  package let notes: [Note]
  /// How many files were read and understood.
  package let understood: Int
}

/// Reads files that nobody here generated, and holds them against every rule.
package enum Audit {
  /// Audits files that together are one deployment.
  ///
  /// - Parameters:
  ///   - files: Every file that was found, also those that nothing here reads.
  ///   - known: The metrics that are known to be exported.
  ///   - rules: The rules to hold the files against.
  package static func run(
    _ files: [AuditedFile], known: KnownMetrics = .none,
    rules: [any AuditRule.Type] = AuditRules.all
  ) -> AuditReport {
    let deployment = Deployment(files, known: known)
    let findings = rules.flatMap { $0.findings(in: deployment) }
    return AuditReport(
      findings: (deployment.broken + findings).sorted(),
      notes: deployment.notes.sorted().map {
        Note($0.message, Spot(deployment.shown($0.spot.path), $0.spot.line, $0.spot.column))
      }, understood: deployment.understood)
  }
}

/// The metrics that exporters and the service are known to export.
package struct KnownMetrics: Sendable {
  /// Series names of exporters, with or without suffixes of histograms.
  package let exporters: Set<String>
  /// Series names of the service that the files deploy, unless its sources are among the files.
  package let service: Set<String>

  package init(exporters: Set<String>, service: Set<String>) {
    self.exporters = exporters
    self.service = service
  }

  package static let none = KnownMetrics(exporters: [], service: [])
}
