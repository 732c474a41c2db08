import Foundation
import SlipwayDocuments
import TestSupport
import Testing

/// The delivery of a commit, run. (validators file, fact 3)
@Suite(.serialized)
struct DeliveryRunTests {
  private static let secrets = [
    "REGISTRY_USERNAME", "REGISTRY_PASSWORD", "DEPLOY_SSH_KEY", "DEPLOY_SSH_HOST_KEY",
    "SLACK_WEBHOOK_URL",
  ]
  private static let checks: Set<String> = ["test", "lint", "drift", "security", "leaks"]

  private func rehearse(
    to branch: String, _ prepare: (RunnerRehearsal) throws -> Void = { _ in },
    _ judge: (RunnerRehearsal, RunnerRehearsal.Result) throws -> Void
  ) async throws {
    let emitted = try Emitted.flowrex()
    try await withTemporaryFolder { folder in
      let rehearsal = try RunnerRehearsal(emitted, in: folder)
      try prepare(rehearsal)
      let result = try await rehearsal.push(to: branch, secrets: Self.secrets)
      try judge(rehearsal, result)
    }
  }

  /// What staging left behind for this commit; its number is not known before the push is made,
  /// and so the record is put in place by the run itself.
  private static let record = """
    {"commit": "@COMMIT@", "images": {"FLOWREX_BACKEND_IMAGE": "r/b@sha256:\(digest)"}}
    """
  private static let digest = String(repeating: "a", count: 64)

  @Test(.covers("S17-CI-04", "S17-CI-11", "S17-CL-CI-01", "S17-CL-CI-06", "S17-CL-RDY-03"))
  func `main is judged, built, gated and delivered to staging`() async throws {
    try await rehearse(to: "main") { rehearsal, result in
      #expect(result.output.status == 0, "\(result.output)")
      let images: Set = [
        "image-flowrex-backend", "image-flowrex-console", "image-flowrex-postgres",
      ]
      #expect(
        result.succeeded.isSuperset(
          of: Self.checks.union(images).union([
            "record", "gate-staging", "deploy-staging", "notify-staging",
          ])), "\(result.output)")
      #expect(result.failed.isEmpty, "\(result.output)")
      #expect(!result.output.stdout.contains("Deploy to prod"))
      for call in ["make test", "make lint", "make check", "make leaks"] {
        #expect(result.calls.contains(call))
      }
      #expect(result.calls.contains { $0.hasPrefix("commit-gate") })
      let record = try JSONReader.read(try #require(rehearsal.kept("release/release.json"))).root
      #expect(record["commit"]?.string?.contains(/^[0-9a-f]{40}$/) == true)
      #expect(record["schema"]?.string == "7")
      #expect(record["previous"]?.string == "")
      #expect(record["contract"]?.string?.contains(/^[0-9a-f]{64}$/) == true)
      #expect(record["created"]?.string?.contains(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) == true)
      let named = try #require(record["images"]?.map)
      #expect(named.count == 3)
      for image in named {
        let reference = try #require(image.value.string)
        #expect(reference.contains(/^registry\.flowrex\.app\/flowrex\/[a-z-]+@sha256:/))
      }
      #expect(rehearsal.kept("accepted-staging/release.json") == rehearsal.state("deployed.json"))
      #expect(rehearsal.kept("report-staging/report.json")?.contains("deployed") == true)
      let gate = "slipway-gate gate staging --kind firstRelease"
      #expect(result.calls.contains { $0.hasPrefix(gate) })
      #expect(result.told.contains("Flowrex on staging runs "))
      #expect(result.told.contains("value-of-slack_webhook_url"))
    }
  }

  @Test(.covers("S17-CI-15", "S17-HS-01", "S17-HS-02", "S17-HS-04", "C-41", "C-43"))
  func `the real gate believes what the jobs have sealed, and nothing else`() async throws {
    try await rehearse(to: "main", { try $0.askTheRealGate() }) { rehearsal, result in
      #expect(result.succeeded.contains("deploy-staging"), "\(result.output)")
      let said = try #require(rehearsal.state("gate-said"))
      for line in [
        "PASS      release/is-recorded",
        "PASS      tests/pass                       2 tests passed",
        "PASS      tests/cover-the-code             coverage is 85.0 %; the floor of 80 % and of 2",
        "PASS      tests/caps-are-proved",
        "PASS      sources/keep-their-form          1 linter found nothing in 1 file",
        "PASS      sources/hold-no-secrets          no file and no version of one holds a",
        "PASS      supply/no-known-vulnerabilities  4 scans of sources and 3 images found nothing",
        "PASS      supply/lock-is-complete", "passed: 10 conditions hold; the cluster is asked ",
      ] {
        #expect(said.contains(line), "\(line)\n\(result.output)")
      }
      let about = try #require(rehearsal.kept("evidence-image-flowrex-backend/about.json"))
      let fields = try JSONReader.read(about).root
      #expect(
        fields["source"]?.string?.hasSuffix(", job image-flowrex-backend") == true, "\(about)")
      #expect(fields["files"]?.map?.map(\.key) == ["trivy.sarif"])
      #expect(
        rehearsal.state("carried")?.contains("./evidence/evidence-test/about.json\n") == true)
    }
    // A report that holds nothing, as of a run that was cut off: nothing is deployed.
    try await rehearse(
      to: "main",
      {
        try $0.askTheRealGate()
        try $0.folder.write("", to: "state/results/late.xml")
      }
    ) { _, result in
      #expect(result.failed == ["gate-staging"], "\(result.output)")
      #expect(!result.calls.contains { $0.hasPrefix("ssh ") })
    }
  }

  @Test(.covers("S17-CI-06"))
  func `the cluster gets files, record and evidence, and no other key is offered`()
    async throws
  {
    try await rehearse(to: "main") { rehearsal, _ in
      let carried = try #require(rehearsal.state("carried"))
      for path in [
        "./generated/staging/scripts/deploy", "./release.json",
        "./evidence/evidence-test/beside.xml", "./evidence/evidence-test/coverage.json",
        "./evidence/evidence-security/trivy.sarif", "./evidence/evidence-lint/form.json",
        "./evidence/evidence-leaks/leaks.sarif",
        "./evidence/evidence-image-flowrex-backend/trivy.sarif",
      ] {
        #expect(carried.contains(path + "\n"))
      }
      #expect(!carried.contains("generated/prod"))
      #expect(rehearsal.state("ssh-modes") == "600\n600\n600\n")
      #expect(rehearsal.state("ssh-config")?.contains("HostName staging-1.flowrex.app") == true)
      let left = try FileManager.default.subpathsOfDirectory(
        atPath: rehearsal.folder.path(of: "home"))
      #expect(!left.isEmpty && !left.contains { $0.hasSuffix("ssh/key") })
      #expect(!left.contains { $0.hasSuffix("ssh/signing") })
    }
  }

  @Test(.covers("S17-HS-01", "S18-HS-02", "S17-INT-01", "C-68"))
  func `a failed test stops everything, and people hear of it`() async throws {
    try await rehearse(to: "main", { try $0.fail("make test") }) { rehearsal, result in
      #expect(result.output.status != 0)
      #expect(result.failed == ["test"], "\(result.output)")
      #expect(!result.calls.contains { $0.hasPrefix("build ") || $0.hasPrefix("ssh ") })
      #expect(result.told.contains("Flowrex on staging was not touched"))
      #expect(rehearsal.kept("accepted-staging/release.json") == nil)
    }
  }

  @Test(.covers("S17-HS-04"))
  func `a vulnerability in the sources stops everything`() async throws {
    try await rehearse(to: "main", { try $0.fail("docker*filesystem*") }) { _, result in
      #expect(result.failed == ["security"], "\(result.output)")
      #expect(!result.calls.contains { $0.hasPrefix("build ") || $0.hasPrefix("ssh ") })
    }
  }

  @Test(.covers("S18-HS-03")) func `a vulnerability in an image stops the release`() async throws {
    try await rehearse(to: "main", { try $0.fail("docker* image *flowrex-console*") }) {
      _, result in
      #expect(!result.succeeded.contains("record"), "\(result.output)")
      #expect(!result.calls.contains { $0.hasPrefix("ssh ") })
      #expect(result.told.contains("was not touched"))
    }
  }

  @Test(.covers("S17-HS-10", "S17-PR-06"))
  func `a gate that refuses keeps the cluster untouched`() async throws {
    try await rehearse(to: "main", { try $0.fail("slipway-gate*") }) { rehearsal, result in
      #expect(result.failed == ["gate-staging"], "\(result.output)")
      #expect(!result.calls.contains { $0.hasPrefix("ssh ") })
      #expect(result.told.contains("was not touched"))
      let seen = try #require(rehearsal.state("evidence"))
      #expect(seen.contains("evidence/evidence-test/coverage.json"))
    }
  }

  @Test(.covers("C-68"))
  func `a deployment that was rolled back is told and goes no further`() async throws {
    try await rehearse(to: "main", { try $0.fail("deploy *") }) { rehearsal, result in
      #expect(result.failed == ["deploy-staging"], "\(result.output)")
      #expect(rehearsal.kept("report-staging/report.json")?.contains("rolled-back") == true)
      #expect(rehearsal.kept("accepted-staging/release.json") == nil)
      #expect(result.told.contains("rolled-back"))
    }
  }

  @Test(.covers("C-68", "S17-CI-14"))
  func `what runs but is not answered from outside is told so`() async throws {
    try await rehearse(to: "main", { try $0.fail("curl*--retry 12*") }) { rehearsal, result in
      #expect(result.failed == ["deploy-staging"], "\(result.output)")
      #expect(rehearsal.kept("report-staging/report.json")?.contains("deployed") == true)
      #expect(rehearsal.kept("accepted-staging/release.json") == nil)
      #expect(result.told.contains(", but is not answered from outside"))
      #expect(!result.told.contains("did not take"))
    }
  }

  @Test func `nobody reachable does not fail a good deployment`() async throws {
    try await rehearse(to: "main", { try $0.fail("curl*--data*") }) { rehearsal, result in
      #expect(result.succeeded.contains("deploy-staging"))
      #expect(rehearsal.kept("accepted-staging/release.json") != nil)
    }
  }

  @Test(.covers("S17-CI-12", "S17-CL-CI-07", "C-30"))
  func `production takes the digests of staging and builds nothing`() async throws {
    try await rehearse(
      to: "production",
      {
        try $0.remember("accepted-staging", "release.json", Self.record)
        try $0.remember("evidence-image-flowrex-backend", "trivy.sarif", "{}")
        try $0.folder.write("before\n", to: "state/previous")
      }
    ) { rehearsal, result in
      #expect(result.output.status == 0, "\(result.output)")
      #expect(result.succeeded.isSuperset(of: ["promote-prod", "gate-prod", "deploy-prod"]))
      #expect(!result.calls.contains { $0.hasPrefix("build ") })
      #expect(rehearsal.state("deployed.json")?.contains("r/b@sha256:\(Self.digest)") == true)
      #expect(
        result.calls.contains { $0.hasPrefix("gh attestation verify oci://r/b@sha256:") })
      #expect(result.calls.contains { $0.hasPrefix("slipway-gate gate prod --kind release") })
      #expect(rehearsal.state("ssh-config")?.contains("HostName edge-1.flowrex.app") == true)
      #expect(
        rehearsal.state("carried")?.contains("evidence-promoted/evidence-image-flowrex-backend")
          == true)
      #expect(result.told.contains("Flowrex on prod runs "))
    }
  }

  @Test func `a commit that staging never took goes no further`() async throws {
    try await rehearse(to: "production") { _, result in
      #expect(result.failed == ["promote-prod"], "\(result.output)")
      // The runner's own words: of a step that ends at once it may lose the last lines.
      let step = "Failure - Main Find the run that delivered this commit to staging"
      #expect(result.output.stdout.contains(step), "\(result.output)")
      #expect(!result.calls.contains { $0.hasPrefix("ssh ") || $0.hasPrefix("build ") })
      #expect(result.told.contains("Flowrex on prod was not touched"))
    }
  }

  @Test func `images that this repository did not build go no further`() async throws {
    try await rehearse(
      to: "production",
      {
        try $0.remember("accepted-staging", "release.json", Self.record)
        try $0.remember("evidence-image-flowrex-backend", "trivy.sarif", "{}")
        try $0.fail("gh attestation verify*")
      }
    ) { _, result in
      #expect(result.failed == ["promote-prod"], "\(result.output)")
      #expect(!result.calls.contains { $0.hasPrefix("ssh ") })
    }
  }
}
