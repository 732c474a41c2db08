import Environments
import Fixtures
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayEmitters
import SlipwayModel
import TestSupport
import Testing

/// What the workflows do with a commit. (S17-CI-*, C-42, C-54, C-68)
struct DeliveryTests {
  private let emitted: Emitted
  private let ci: ReadWorkflow
  private let deploy: ReadWorkflow

  init() throws {
    emitted = try Emitted.flowrex()
    ci = try emitted.workflow(Emitted.ci)
    deploy = try emitted.workflow(Emitted.deploy)
  }

  private static let onMain = "github.ref == 'refs/heads/main'"
  private static let onProduction = "github.ref == 'refs/heads/production'"

  @Test(.covers("C-42", "S17-CL-CI-02")) func `every push and every pull request is judged`() {
    let triggers = ci.root["on"]
    #expect(triggers?["push"]?["branches"]?.list?.compactMap(\.string) == ["**"])
    #expect(triggers?.member("pull_request") != nil)
    #expect(ci.jobNames == ["test", "lint", "drift", "security", "leaks"])
  }

  @Test(.covers("S17-CI-01")) func `the delivered branches are those of the specification`() {
    let branches = deploy.root["on"]?["push"]?["branches"]?.list?.compactMap(\.string)
    #expect(branches == ["main", "production"])
    #expect(deploy.root["on"]?.map?.map(\.key) == ["push"])
  }

  @Test(.covers("S17-CI-02", "S17-CI-03"))
  func `tests have a real PostgreSQL and a real Redis`() throws {
    let test = try #require(ci.job("test"))
    let database = try #require(test["services"]?["postgres"])
    #expect(database["image"]?.string?.contains("/postgres:16") == true)
    #expect(test["services"]?["redis"]?["image"]?.string?.contains("/redis:7") == true)
    let name = database["env"]?["POSTGRES_DB"]?.string
    #expect(name == "flowrex_test")
    #expect(test["env"]?["DATABASE_NAME"]?.string == name)
    let password = try #require(database["env"]?["POSTGRES_PASSWORD"]?.string)
    #expect(test["env"]?["DATABASE_PASSWORD"]?.string == password)
    for service in try #require(test["services"]?.map) {
      let options = service.value["options"]?.string ?? ""
      #expect(
        options.hasSuffix("--health-interval 10s --health-timeout 5s --health-retries 5"))
    }
    let scripts = ci.steps(of: "test").compactMap(\.run)
    #expect(scripts.contains { $0.hasSuffix("make test\n") })
  }

  @Test func `tests are told of every store by the contract's own names`() throws {
    let told = Set(try #require(ci.job("test")?["env"]?.map).map(\.key))
    let facts: Set<Fact> = [
      .databaseHost, .databasePort, .databaseName, .databaseUser, .redisCacheHost, .redisPort,
    ]
    let bindings = Environments.project.contract.bindings.facts.filter { facts.contains($0.fact) }
    #expect(bindings.count == facts.count)
    for binding in bindings { #expect(told.contains(binding.key)) }
  }

  @Test(.covers("S17-CI-05", "S17-HS-02", "S17-CL-RDY-06"))
  func `the gate decides about tests and coverage, and nothing else has a floor`() throws {
    for workflow in [ci, deploy] {
      let steps = workflow.steps(of: "test")
      let tested = try #require(
        steps.firstIndex { $0.run?.split(separator: "\n").last == "make test" })
      let asked = try #require(steps.firstIndex { $0.run == "scripts/commit-gate" })
      #expect(tested < asked)
      let step = steps[asked]
      #expect(step.value["if"] == nil && step.value["continue-on-error"] == nil)
      #expect(!workflow.steps.contains { $0.run?.contains("scripts/coverage") == true })
    }
  }

  @Test(.covers("S18-HS-07", "S17-GATE-08"))
  func
    `linters and the search through all of history leave what the gate asks for`()
    throws
  {
    for workflow in [ci, deploy] {
      for (job, target, report) in [
        ("lint", "make lint", "form.json"), ("leaks", "make leaks", "leaks.sarif"),
      ] {
        let steps = workflow.steps(of: job)
        let ran = try #require(steps.firstIndex { $0.run == target })
        #expect(steps[ran].value["if"] == nil)
        let collected = try #require(
          steps.firstIndex { $0.run?.contains(".build/results/\(report) ") == true })
        let kept = try #require(steps.firstIndex { $0.input("name") == "evidence-\(job)" })
        #expect(ran < collected && collected < kept)
      }
      let depths = workflow.steps(of: "leaks").compactMap {
        $0.value["with"]?["fetch-depth"]?.integer
      }
      #expect(depths == [0])
    }
  }

  @Test(.covers("S17-CI-08", "S17-CL-CI-04", "S17-HS-04", "C-42"))
  func `the scan can fail, and its findings are shown`() throws {
    for workflow in [ci, deploy] {
      let steps = workflow.steps(of: "security")
      let scan = try #require(steps.first { $0.run?.contains("filesystem") == true })
      let words = try #require(scan.run)
      #expect(words.contains("--severity CRITICAL,HIGH --exit-code 1"))
      #expect(!words.contains("|| true"))
      #expect(scan.value["if"] == nil && scan.value["continue-on-error"] == nil)
      #expect(workflow.job("security")?["if"] == nil)
      #expect(workflow.job("security")?["continue-on-error"] == nil)
      #expect(scan.value["env"]?["TRIVY_IMAGE"]?.string?.contains("@sha256:") == true)
      let shown = try #require(steps.first { $0.action == "github/codeql-action/upload-sarif" })
      #expect(shown.input("sarif_file") == "evidence/trivy.sarif")
      #expect(shown.value["if"]?.string?.hasPrefix("always()") == true)
    }
  }

  @Test(.covers("S17-CI-09", "S17-CL-CI-05", "S17-CL-RDY-04"))
  func `images are built once, for the first environment's branch`() {
    let images = deploy.jobNames.filter { $0.hasPrefix("image-") }
    #expect(images == ["image-flowrex-backend", "image-flowrex-console", "image-flowrex-postgres"])
    for job in images + ["record"] {
      #expect(deploy.job(job)?["if"]?.string == Self.onMain)
    }
    for job in images {
      #expect(Set(deploy.needs(job)) == ["test", "lint", "drift", "security", "leaks"])
    }
    let builders = deploy.steps.filter { $0.action == "docker/build-push-action" }
    #expect(Set(builders.map(\.job)) == Set(images))
  }

  @Test(.covers("S18-HS-03", "S18-CL-CON-04", "C-30"))
  func `a built image is scanned, attested and named by its digest alone`() throws {
    for name in ["backend", "console", "postgres"] {
      let job = "image-flowrex-\(name)"
      let steps = deploy.steps(of: job)
      let build = try #require(steps.first { $0.action == "docker/build-push-action" })
      #expect(build.input("file") == "generated/docker/flowrex-\(name).Dockerfile")
      #expect(emitted.texts[build.input("file") ?? ""] != nil)
      let tags = try #require(build.input("tags"))
      #expect(tags == "registry.flowrex.app/flowrex/flowrex-\(name):${{ github.sha }}")
      #expect(build.input("build-args")?.contains("REVISION=${{ github.sha }}") == true)
      #expect(build.input("build-args")?.contains("SOURCE_DATE_EPOCH=") == true)
      let scan = try #require(steps.first { $0.run?.contains("--exit-code 1") == true })
      #expect(scan.value["env"]?["DIGEST"]?.string == "${{ steps.build.outputs.digest }}")
      let attest = try #require(steps.first { $0.action == "actions/attest-build-provenance" })
      #expect(attest.input("subject-digest") == "${{ steps.build.outputs.digest }}")
      let outputs = deploy.job(job)?["outputs"]?.map?.map(\.key)
      #expect(outputs == ["digest"])
    }
    for text in deploy.texts { #expect(!text.contains(":latest")) }
  }

  @Test func `the record names every image that the stacks take`() throws {
    let variables = emitted.environments.flatMap(\.services).compactMap { service in
      if case .release(let variable) = service.image { variable } else { nil }
    }
    let write = try #require(deploy.steps(of: "record").first { $0.name == "Write the record" })
    for variable in Set(variables) {
      let value = try #require(write.value["env"]?[variable]?.string)
      #expect(value.contains(/@\$\{\{ needs\.image-[a-z-]+\.outputs\.digest \}\}$/))
      #expect(write.run?.contains("\(variable): $ENV.\(variable),") == true)
    }
    let schema = try #require(
      deploy.steps(of: "record").first { $0.value["id"]?.string == "schema" })
    #expect(schema.run?.contains(#""${FLOWREX_BACKEND_IMAGE}" migrate version"#) == true)
  }

  @Test func `production takes what staging took`() throws {
    #expect(deploy.job("promote-prod")?["if"]?.string == Self.onProduction)
    let find = try #require(
      deploy.steps(of: "promote-prod").first { $0.name.hasPrefix("Find the run") }?.run)
    #expect(find.contains("--name accepted-staging"))
    #expect(find.contains(#"--commit "${GITHUB_SHA}""#))
    #expect(deploy.reached(from: "deploy-prod").isDisjoint(with: ["record", "deploy-staging"]))
    for job in deploy.reached(from: "deploy-prod") {
      #expect(!deploy.steps(of: job).contains { $0.action == "docker/build-push-action" })
    }
    let kept = deploy.steps(of: "deploy-staging").filter { $0.input("name") == "accepted-staging" }
    #expect(kept.count == 1)
    #expect(kept.first?.value["if"] == nil, "only what staging took is kept under this name")
    #expect(deploy.steps(of: "deploy-staging").last?.input("name") == "accepted-staging")
  }

  @Test(.covers("C-54", "S17-PR-06", "S17-HS-10", "S17-CL-RDY-05"))
  func `the gate stands before every environment`() throws {
    for environment in ["staging", "prod"] {
      let gate = try #require(
        deploy.steps(of: "gate-\(environment)").first { $0.name == "Ask the gate" })
      #expect(gate.run?.contains("slipway-gate gate \(environment) --kind") == true)
      // A runner has reports and no cluster.
      let words = "--record release.json --evidence evidence --seat delivery\n"
      #expect(gate.run?.hasSuffix(words) == true)
      let kind = environment == "prod" ? "promote-prod" : "record"
      #expect(gate.value["env"]?["KIND"]?.string == "${{ needs.\(kind).outputs.kind }}")
      #expect(deploy.needs("gate-\(environment)").contains(kind))
      #expect(deploy.job("gate-\(environment)")?["continue-on-error"] == nil)
    }
  }

  @Test func `the host is pinned, and no other key is offered`() throws {
    let hosts = ["staging": "staging-1.flowrex.app", "prod": "edge-1.flowrex.app"]
    for (environment, host) in hosts {
      let steps = deploy.steps(of: "deploy-\(environment)")
      let trust = try #require(steps.first { $0.run?.contains("known_hosts") == true }?.run)
      for line in [
        "  HostName \(host)", "  Port 22", "  User deploy", "  StrictHostKeyChecking yes",
        "  IdentitiesOnly yes", "  BatchMode yes", "umask 077",
      ] {
        #expect(trust.split(separator: "\n").contains(Substring(line)))
      }
      let forget = try #require(steps.first { $0.name == "Forget the key" })
      #expect(forget.value["if"]?.string == "always()")
      #expect(deploy.job("deploy-\(environment)")?["environment"]?["name"]?.string == environment)
    }
  }

  @Test(
    .covers("S17-CI-13", "S17-CL-CI-08", "S18-DEP-12", "S18-POST-02", "S03-OK-DEP-02", "S04-LCH-01")
  )
  func `a deployment is asked from outside by its public names`() throws {
    let verify = try #require(
      deploy.steps(of: "deploy-prod").first { $0.name == "Ask it from outside" }?.run)
    for address in ["api.flowrex.app/health/ready", "api.flowrex.app/health/live", "flowrex.app/"] {
      #expect(verify.contains("https://\(address) \\"))
    }
  }

  @Test(.covers("S17-CI-14", "C-68")) func `people hear of every outcome`() throws {
    for (environment, condition) in [("staging", Self.onMain), ("prod", Self.onProduction)] {
      let job = try #require(deploy.job("notify-\(environment)"))
      #expect(job["if"]?.string == "always() && (\(condition))")
      #expect(deploy.needs("notify-\(environment)").contains("deploy-\(environment)"))
      let steps = deploy.steps(of: "notify-\(environment)")
      #expect(steps.allSatisfy { $0.uses == nil }, "nobody else's program sees the address")
      #expect(steps.contains { $0.value["env"]?["CHANNEL"]?.string == "#flowrex-deploys" })
    }
  }
}
