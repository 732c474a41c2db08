import Fixtures
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayEmitters
import SlipwayModel
import Testing

/// Other ways through the environments than Flowrex' own, and what is refused.
struct DeliveryPlanTests {
  @Test func `environments of one branch follow each other in one run`() throws {
    let emitted = try Emitted.shop(Specimens.delivered)
    #expect(emitted.findings.isEmpty)
    let deploy = try emitted.workflow(Emitted.deploy)
    #expect(
      deploy.jobNames.filter { $0.hasPrefix("deploy-") } == [
        "deploy-qa", "deploy-staging", "deploy-prod",
      ])
    #expect(deploy.reached(from: "deploy-staging").isSuperset(of: ["deploy-qa", "gate-staging"]))
    #expect(deploy.needs("gate-staging").contains("deploy-qa"))
    #expect(deploy.job("promote-staging") == nil)
    #expect(deploy.job("promote-prod") != nil)
  }

  @Test func `a branch's name cannot leave its expression`() throws {
    let deploy = try Emitted.shop(Specimens.delivered).workflow(Emitted.deploy)
    #expect(deploy.job("deploy-prod")?["if"]?.string == "github.ref == 'refs/heads/release/it''s'")
  }

  @Test func `a runner on the manager runs the script in place`() throws {
    let deploy = try Emitted.shop(Specimens.delivered).workflow(Emitted.deploy)
    let runner = deploy.job("deploy-prod")?["runs-on"]?.list?.compactMap(\.string)
    #expect(runner == ["self-hosted", "shop-manager"])
    let scripts = deploy.steps(of: "deploy-prod").compactMap(\.run)
    #expect(scripts.contains { $0.contains("\ngenerated/prod/scripts/deploy release.json >") })
    #expect(ReadWorkflow.secrets(in: try #require(deploy.job("deploy-prod"))).isEmpty)
  }

  @Test func `receivers of every kind are told in their own way`() throws {
    let deploy = try Emitted.shop(Specimens.delivered).workflow(Emitted.deploy)
    let staging = deploy.steps(of: "notify-staging")
    #expect(staging.map(\.name) == ["Say it in one sentence", "Tell PagerDuty", "Tell Slack"])
    #expect(staging[1].run?.contains("https://events.pagerduty.com/v2/change/enqueue") == true)
    #expect(deploy.steps(of: "notify-qa").map(\.name).last == "Tell the webhook")
  }

  @Test func `an environment that tells nobody has no such job`() throws {
    let emitted = try Emitted.shop([Specimens.stage("staging", branch: "main", tells: [])])
    #expect(try emitted.workflow(Emitted.deploy).job("notify-staging") == nil)
  }

  @Test func `images are built for the machines they run on`() throws {
    let deploy = try Emitted.shop([Specimens.stage("staging", branch: "main")])
      .workflow(Emitted.deploy)
    let build = try #require(deploy.steps.first { $0.action == "docker/build-push-action" })
    #expect(build.input("platforms") == "linux/arm64")
    for job in ["image-shop-backend", "record"] {
      #expect(deploy.job(job)?["runs-on"]?.string == "ubuntu-24.04-arm")
    }
  }

  @Test func `machines of several kinds are refused`() throws {
    let emitted = try Emitted.shop([
      Specimens.production, Specimens.stage("staging", branch: "main"),
    ])
    let finding = try #require(emitted.findings.first)
    #expect(
      finding.summary
        == "error[delivery/machines-are-of-one-kind]: images would have to run on linux/amd64 and "
        + "linux/arm64")
    #expect(finding.written.first?.argument == "platform")
  }

  @Test func `a record without a schema says so`() throws {
    let deploy = try Emitted.shop([Specimens.stage("staging", branch: "main")])
      .workflow(Emitted.deploy)
    #expect(!deploy.steps(of: "record").contains { $0.value["id"]?.string == "schema" })
  }

  @Test func `without a delivery there is nothing to deliver`() throws {
    let emitted = try Emitted.shop([Specimens.development])
    #expect(emitted.texts[Emitted.ci] != nil)
    #expect(emitted.texts[Emitted.deploy] == nil)
  }

  @Test func `waiting for an environment that is never delivered is refused`() throws {
    let emitted = try Emitted.shop([
      Specimens.development, Specimens.stage("prod", branch: "production", after: "dev"),
    ])
    let finding = try #require(emitted.findings.first)
    #expect(
      finding.summary
        == "error[delivery/after-exists]: 'prod' would be delivered after 'dev', which never is")
    #expect(finding.written.first?.argument == "after")
  }

  @Test func `waiting for each other is refused`() throws {
    let emitted = try Emitted.shop([
      Specimens.stage("one", branch: "a", after: "two"),
      Specimens.stage("two", branch: "b", after: "one"),
    ])
    #expect(emitted.findings.map(\.rule) == ["delivery/after-exists", "delivery/after-exists"])
  }

  @Test func `an action that is not locked is refused at run time`() throws {
    let whole = try Emitted.committedLock()
    let lock = ImageLock(
      images: whole.images, actions: whole.actions.filter { $0.name != "actions/checkout" })
    let emitted = try Emitted.flowrex(lock: lock)
    #expect(
      emitted.findings.map(\.summary) == [
        "warning[supply/unlocked-action]: action 'actions/checkout' has no commit in the lock "
          + "file and will not be run"
      ])
    let deploy = try emitted.workflow(Emitted.deploy)
    #expect(deploy.steps.allSatisfy { $0.action != "actions/checkout" })
    for job in ["test", "lint", "security", "deploy-prod"] {
      let refusal = try #require(deploy.steps(of: job).first { $0.name.hasPrefix("Refuse") })
      #expect(refusal.run?.hasSuffix("exit 1\n") == true)
      #expect(refusal.value["env"]?["UNLOCKED"]?.string == "actions/checkout")
    }
  }

  @Test func `an image that is not locked is never pulled`() throws {
    let whole = try Emitted.committedLock()
    let lock = ImageLock(
      images: whole.images.filter { image in
        ![ThirdParty.redis, .trivy].contains { $0.name == image.name }
      },
      actions: whole.actions)
    let emitted = try Emitted.flowrex(lock: lock)
    #expect(emitted.findings.map(\.rule) == ["supply/unlocked-image", "supply/unlocked-image"])
    #expect(emitted.findings.allSatisfy { $0.severity == .warning })
    let ci = try emitted.workflow(Emitted.ci)
    #expect(ci.job("test")?["services"] == nil && ci.job("test")?["container"] == nil)
    #expect(ci.steps(of: "test").first?.name == "Refuse what is not pinned")
    #expect(ci.steps(of: "security").contains { $0.name == "Refuse what is not pinned" })
    #expect(ci.texts.allSatisfy { !$0.contains("redis:") && !$0.contains("trivy:") })
  }

  @Test func `the same environments give the same bytes`() throws {
    let first = try Emitted.flowrex().texts
    for _ in 0..<5 { #expect(try Emitted.flowrex().texts == first) }
  }
}
