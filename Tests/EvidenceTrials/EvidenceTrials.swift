package import ReaderTrials
import SlipwayEvidence
import SlipwayModel

extension Trial {
  /// Readers of what the gate is shown, and of what registries answer. They are apart from the
  /// other trials, for they need certificates and cryptography, which take long to build.
  package static let evidence: [Trial] = reports + facts + signed + registries

  private static let reports: [Trial] = [
    Trial("tests") { bytes in _ = try TestReport.read(bytes) },
    Trial("coverage") { bytes in _ = try CoverageReport.read(bytes) },
    Trial("form") { bytes in _ = try FormReport.read(bytes) },
    Trial("sarif") { bytes in _ = try ScanReport.readSARIF(bytes) },
    Trial("trivy") { bytes in _ = try ScanReport.readTrivy(bytes) },
    Trial("vex") { bytes in _ = try VEXDocument.read(bytes) },
    Trial("about") { bytes in _ = try ReportFolder.About.read(bytes) },
  ]

  private static let facts: [Trial] = [
    Trial("release") { bytes in _ = try ReleaseRecord.read(bytes) },
    Trial("stack") { bytes in _ = try StackFact.read(bytes) },
    Trial("expectations") { bytes in _ = try GateExpectations.read(bytes) },
    Trial("nodes") { bytes in _ = try NodeFact.read(bytes) },
    Trial("replicas") { bytes in _ = try ReplicaFact.read(bytes) },
    Trial("migrations") { bytes in _ = try SchemaFact.read(bytes) },
    Trial("targets") { bytes in _ = try TargetFact.read(bytes) },
    Trial("backup") { bytes in _ = try BackupFact.readNewest(bytes) },
    Trial("metric") { bytes in
      _ = try BackupFact.readMetric(bytes, "backup_verified_timestamp_seconds")
    },
    Trial("certificates") { bytes in _ = try CertificateReport.read(bytes) },
    Trial("secret-plan") { bytes in _ = try SecretPlan.read(bytes) },
  ]

  private static let signed: [Trial] = [
    Trial("rehearsal") { bytes in _ = try Rehearsal.read(bytes) },
    Trial("sign-off") { bytes in _ = try SignOff.read(bytes) },
    Trial("signers") { bytes in _ = try SignerList.read(bytes) },
    // Against one known key: the text is torn apart before anybody asks whose it is.
    Trial("signature") { bytes in
      let known = try SignerList.read(Array(signer.utf8))
      _ = try known.roles(signing: [], with: bytes, at: PointInTime(seconds: 0))
    },
  ]

  private static let registries: [Trial] = [
    Trial("manifest") { bytes in _ = try Manifest.read(bytes) },
    Trial("platform") { bytes in _ = try Manifest.platform(ofConfiguration: bytes) },
    Trial("challenge") { bytes in
      guard !Challenge.read(text(bytes)).isEmpty else { throw Refused() }
    },
  ]

  /// The bytes 0 to 31: a key that nobody has.
  private static let signer =
    #"security namespaces="slipway" ssh-ed25519 "#
    + "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
}
