import Environments
import Foundation
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayEmitters
import SlipwayModel
import TestSupport
import Testing

/// What holds for every job of every workflow, read back from the text.
struct WorkflowShapeTests {
  private let emitted: Emitted
  private let all: [ReadWorkflow]
  private let deploy: ReadWorkflow

  init() throws {
    emitted = try Emitted.flowrex()
    all = try emitted.workflows
    deploy = try emitted.workflow(Emitted.deploy)
  }

  private static let checks: Set<String> = ["test", "lint", "drift", "security", "leaks"]

  @Test func `both are written, and nothing is found`() {
    #expect(all.count == 2)
    #expect(emitted.findings.isEmpty)
  }

  @Test(.covers("S17-CI-07", "S17-CI-15", "S17-CL-CI-03", "S17-HS-01", "S18-HS-02", "C-54"))
  func `every deployment reaches tests, form, drift, security and its gate`() {
    let deployments = deploy.jobNames.filter { $0.hasPrefix("deploy-") }
    #expect(deployments == ["deploy-staging", "deploy-prod"])
    for job in deployments {
      let gate = "gate-" + job.dropFirst("deploy-".count)
      #expect(deploy.reached(from: job).isSuperset(of: Self.checks.union([gate])))
      #expect(deploy.reached(from: gate).isSuperset(of: Self.checks))
      #expect(
        deploy.job(job)?["if"]?.string?.contains("always()") == false,
        "a condition with always() would run after a failure")
    }
  }

  @Test func `reachability follows needs, and only needs`() throws {
    let text = """
      jobs:
        a: {}
        b: {needs: a}
        c: {needs: [b]}
        d: {}
      """
    let workflow = try ReadWorkflow(text)
    #expect(workflow.reached(from: "c") == ["a", "b"])
    #expect(workflow.reached(from: "d").isEmpty)
  }

  @Test func `every need is a job`() {
    for workflow in all {
      for job in workflow.jobNames {
        #expect(Set(workflow.needs(job)).isSubset(of: workflow.jobNames), "\(job)")
      }
    }
  }

  @Test(.covers("C-30", "C-42"))
  func `every action is a commit of the lock file, with its version above`() throws {
    let locked = Set(try Emitted.committedLock().actions.map { "\($0.name)@\($0.commit)" })
    let steps = all.flatMap(\.steps).filter { $0.uses != nil }
    #expect(steps.count > 40)
    for step in steps {
      let uses = try #require(step.uses)
      #expect(uses.contains(/@[0-9a-f]{40}$/))
      #expect(locked.contains(uses))
    }
    for path in [Emitted.ci, Emitted.deploy] {
      let lines = try emitted.text(path).split(separator: "\n").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      for (above, line) in zip(lines, lines.dropFirst()) where line.hasPrefix("uses: ") {
        #expect(above.contains(/^# [a-z\/-]+ v\d/), "\(line)")
      }
    }
  }

  @Test(.covers("C-30")) func `every container is pinned by its digest`() {
    let images = all.flatMap(\.jobs).flatMap { job in
      [job.value["container"]?["image"]?.string]
        + (job.value["services"]?.map ?? []).map { $0.value["image"]?.string }
    }.compactMap { $0 }
    #expect(images.count == 14)
    for image in images { #expect(image.contains(/@sha256:[0-9a-f]{64}$/)) }
  }

  @Test func `every job ends by itself and says what its token may do`() {
    for workflow in all {
      #expect(workflow.root["permissions"]?.map?.isEmpty == true)
      for job in workflow.jobs {
        #expect((1...90).contains(job.value["timeout-minutes"]?.integer ?? 0), "\(job.key)")
        #expect(job.value["permissions"]?.map != nil, "\(job.key)")
        #expect(job.value["runs-on"]?.string == "ubuntu-24.04")
      }
    }
  }

  @Test func `only what signs, shows or stores may write`() {
    let writers = deploy.jobs.flatMap { job in
      (job.value["permissions"]?.map ?? []).filter { $0.value.string == "write" }
        .map { "\(job.key) \($0.key)" }
    }
    let images = ["backend", "console", "postgres"].flatMap {
      ["image-flowrex-\($0) id-token", "image-flowrex-\($0) attestations"]
    }
    #expect(writers == ["security security-events"] + images)
  }

  @Test func `no checkout leaves its token behind`() {
    let checkouts = all.flatMap(\.steps).filter { $0.action == "actions/checkout" }
    #expect(checkouts.count >= 8)
    for step in checkouts { #expect(step.input("persist-credentials") == "false") }
  }

  @Test func `scripts take values from variables, never from expressions`() {
    let scripts = all.flatMap(\.steps).compactMap(\.run)
    #expect(scripts.count > 20)
    for script in scripts {
      #expect(!script.contains("${{"))
      let lines = script.split(separator: "\n").count
      #expect(lines <= 20, "long scripts belong into files: \(script)")
    }
    for workflow in all {
      #expect(
        workflow.root["defaults"]?["run"]?["shell"]?.string
          == "bash --noprofile --norc -euo pipefail {0}")
    }
  }

  @Test func `every script and every target of make exists`() throws {
    let text = all.flatMap(\.steps).compactMap(\.run).joined(separator: "\n")
    let scripts = Set(text.matches(of: /(?m)^(scripts\/[a-z-]+)/).map { String($0.output.1) })
    #expect(scripts == ["scripts/commit-gate", "scripts/install-build-needs"])
    for script in scripts {
      #expect(FileManager.default.isExecutableFile(atPath: "\(packageRoot)/\(script)"))
    }
    let makefile = try String(contentsOfFile: "\(packageRoot)/Makefile", encoding: .utf8)
    let targets = Set(text.matches(of: /(?m)^make ([a-z]+)/).map { String($0.output.1) })
    #expect(targets == ["check", "leaks", "lint", "test"])
    for target in targets { #expect(makefile.contains("\n\(target):")) }
  }

  @Test func `every deployment calls the script of its own environment`() {
    for environment in ["staging", "prod"] {
      let scripts = deploy.steps(of: "deploy-\(environment)").compactMap(\.run)
      let others = deploy.jobNames.filter { $0 != "deploy-\(environment)" }
        .flatMap { deploy.steps(of: $0).compactMap(\.run) }
      let call = "generated/\(environment)/scripts/deploy release.json"
      #expect(scripts.filter { $0.contains(call) }.count == 1)
      #expect(others.allSatisfy { !$0.contains("generated/\(environment)/") })
    }
  }

  @Test func `every secret is declared, and stands behind an environment`() {
    var declared = Set(Environments.project.contract.secrets.map(\.name))
    for environment in emitted.environments {
      declared.formUnion(environment.specification.delivery?.tells.map(\.key.name) ?? [])
    }
    var used: Set<String> = []
    for workflow in all {
      for job in workflow.jobs {
        let names = ReadWorkflow.secrets(in: job.value)
        used.formUnion(names)
        if !names.isEmpty { #expect(job.value["environment"] != nil, "\(job.key)") }
      }
    }
    #expect(used.isSubset(of: declared))
    #expect(
      used == [
        "DEPLOY_SIGNING_KEY", "DEPLOY_SSH_HOST_KEY", "DEPLOY_SSH_KEY", "REGISTRY_PASSWORD",
        "REGISTRY_USERNAME", "SLACK_WEBHOOK_URL",
      ])
  }

  @Test func `what is kept is complete, or the job fails`() {
    let uploads = all.flatMap(\.steps).filter { $0.action == "actions/upload-artifact" }
    #expect(uploads.count >= 12)
    for step in uploads {
      #expect(step.input("if-no-files-found") == "error")
      #expect(step.input("include-hidden-files") == "true")
    }
    let names = uploads.filter { step in deploy.jobNames.contains(step.job) }
      .compactMap { step in step.input("name").map { "\(step.job) \($0)" } }
    #expect(names.contains("deploy-prod report-prod"))
  }

  @Test func `what the gate reads is sealed by the job that made it, before it leaves`() throws {
    var kept: Set<String> = []
    for workflow in all {
      for job in workflow.jobNames {
        let steps = workflow.steps(of: job)
        for (index, step) in steps.enumerated() where step.action == "actions/upload-artifact" {
          // What was promoted was sealed where it was made.
          guard let name = step.input("name"), name.hasPrefix("evidence-"),
            name != "evidence-promoted"
          else { continue }
          kept.insert(name)
          let seal = steps[index - 1]
          #expect(seal.name == "Seal the evidence", "\(job)")
          #expect(seal.value["if"]?.string == step.value["if"]?.string, "\(job)")
          #expect(seal.run?.hasPrefix("cd evidence\n") == true)
          #expect(step.input("path") == "evidence", "about.json stays behind in \(job)")
        }
      }
    }
    let images = ["backend", "console", "postgres"].map { "evidence-image-flowrex-\($0)" }
    #expect(
      kept
        == Set(["evidence-test", "evidence-security", "evidence-lint", "evidence-leaks"] + images))
  }

  @Test func `what is fetched was kept by a job before`() {
    for step in deploy.steps where step.action == "actions/download-artifact" {
      guard let name = step.input("name") else { continue }
      let keepers = deploy.reached(from: step.job).filter { job in
        deploy.steps(of: job).contains {
          $0.action == "actions/upload-artifact" && $0.input("name") == name
        }
      }
      #expect(keepers.count == 1, "\(step.job) fetches \(name)")
    }
  }

  @Test func `runs of one branch wait for each other, and no deployment is cut off`() {
    #expect(deploy.root["concurrency"]?["cancel-in-progress"]?.bool == false)
    for environment in ["staging", "prod"] {
      let concurrency = deploy.job("deploy-\(environment)")?["concurrency"]
      #expect(concurrency?["group"]?.string == "deploy-\(environment)")
      #expect(concurrency?["cancel-in-progress"]?.bool == false)
    }
  }

  @Test func `lines know where they were written`() throws {
    let artefact = try #require(emitted.artefacts.first { $0.path == Emitted.deploy })
    let text = try artefact.document.print()
    let provenance = try Provenance(of: artefact.document, text: text)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(lines.firstIndex { $0.hasSuffix("- production") })
    let origin = try #require(provenance.origins(atLine: line + 1).first)
    #expect(origin.file.hasSuffix("environments/Production.swift"))
    #expect(origin.argument == "branch")
  }

  @Test func `generated files are marked as such`() throws {
    for folder in ["generated/", ".github/workflows/"] {
      let text = try emitted.text(folder + ".gitattributes")
      #expect(text.hasSuffix("\n* text eol=lf linguist-generated\n"))
    }
  }
}

extension ReadWorkflow {
  /// The names of the secrets below a value.
  static func secrets(in value: LocatedValue) -> Set<String> {
    Set(
      texts(of: value).flatMap { text in
        text.matches(of: /secrets\.([A-Z0-9_]+)/).map { String($0.output.1) }
      })
  }
}
