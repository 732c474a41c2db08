import SlipwayEvidence

extension Trial {
  func readEvidence(_ bytes: [UInt8]) {
    switch self {
    case .tests: _ = try? TestReport.read(bytes)
    case .coverage: _ = try? CoverageReport.read(bytes)
    case .form: _ = try? FormReport.read(bytes)
    case .sarif: _ = try? ScanReport.readSARIF(bytes)
    case .trivy: _ = try? ScanReport.readTrivy(bytes)
    case .vex: _ = try? VEXDocument.read(bytes)
    case .release: _ = try? ReleaseRecord.read(bytes)
    case .stack: _ = try? StackFact.read(bytes)
    case .expectations: _ = try? GateExpectations.read(bytes)
    case .nodes: _ = try? NodeFact.read(bytes)
    case .replicas: _ = try? ReplicaFact.read(bytes)
    case .migrations: _ = try? SchemaFact.read(bytes)
    case .targets: _ = try? TargetFact.read(bytes)
    case .metric: _ = try? BackupFact.readMetric(bytes, "backup_verified_timestamp_seconds")
    case .certificates: _ = try? CertificateReport.read(bytes)
    case .rehearsal: _ = try? Rehearsal.read(bytes)
    case .signers: _ = try? SignerList.read(bytes)
    case .signature: readSignature(bytes)
    case .signOff: _ = try? SignOff.read(bytes)
    case .secretPlan: _ = try? SecretPlan.read(bytes)
    default: preconditionFailure("'\(rawValue)' is read elsewhere")
    }
  }

  /// Against one known key: the text is torn apart before anybody asks whose it is.
  private func readSignature(_ bytes: [UInt8]) {
    guard let known = try? SignerList.read(Array(Self.signer.utf8)) else {
      preconditionFailure("the known signer cannot be read")
    }
    _ = try? known.roles(signing: [], with: bytes, at: PointInTime(seconds: 0))
  }

  /// The bytes 0 to 31: a key that nobody has.
  private static let signer =
    #"security namespaces="slipway" ssh-ed25519 "#
    + "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
}
