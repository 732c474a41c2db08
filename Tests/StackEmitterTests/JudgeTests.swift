import Foundation
import Slipway
import SlipwayDocuments
import SlipwayEmitters
import SlipwayModel
import TestSupport
import Testing

/// The loaders of both engines read what we write. No engine runs here.
struct JudgeTests {
  static let development = Specimen.all.filter { !$0.isDeployed }
  static let deployed = Specimen.all.filter(\.isDeployed)

  @Test func `there are files to judge`() {
    #expect(Self.development.map(\.testDescription) == ["shop-dev", "flowrex-dev"])
    #expect(
      Self.deployed.map(\.testDescription) == ["shop-prod", "flowrex-staging", "flowrex-prod"])
  }

  @Test(arguments: development)
  func `Compose reads a developer's file without a word`(_ specimen: Specimen) async throws {
    let made = try specimen.generate()
    try await withTemporaryFolder { folder in
      try made.write(to: folder)
      let compose = ["--file", folder.path(of: made.composePath), "config"]
      let output = try await Tool.run("docker-compose", compose + ["--quiet"])
      #expect(output.status == 0)
      #expect(output.stdout.isEmpty && output.stderr.isEmpty, "\(output)")
      try await expectServices(of: made, from: "docker-compose", compose + ["--services"])
    }
  }

  @Test(.covers("S17-ENV-05"))
  func `Compose is told to build anew what a developer writes, and nothing else`()
    async throws
  {
    struct File: Decodable {
      struct Service: Decodable { let develop: Develop? }
      struct Develop: Decodable { let watch: [Trigger] }
      struct Trigger: Decodable { let action, path: String }
      let services: [String: Service]
    }
    let made = try Specimen.declared("dev").generate()
    try await withTemporaryFolder { folder in
      try made.write(to: folder)
      let output = try await Tool.run(
        "docker-compose",
        ["--file", folder.path(of: made.composePath), "config", "--format", "json"])
      try #require(output.status == 0, "\(output)")
      let file = try JSONDecoder().decode(File.self, from: Data(output.stdout.utf8))
      for (name, service) in file.services {
        guard ["backend", "worker", "console"].contains(name) else {
          #expect(service.develop == nil, "\(name)")
          continue
        }
        let watch = try #require(service.develop?.watch, "\(name)")
        #expect(watch.allSatisfy { $0.action == "rebuild" })
        let root = URL(fileURLWithPath: folder.path).resolvingSymlinksInPath().path
        let code = ["Package.swift", "dependencies.txt", "Sources", "environments"]
        #expect(watch.map(\.path) == code.map { "\(root)/\($0)" })
      }
      #expect(file.services.count == made.environment.services.count)
    }
  }

  @Test(.covers("S18-DC-01", "S18-DC-20", "S18-DC-21"), arguments: deployed)
  func `the stack loader reads a stack without a word`(_ specimen: Specimen) async throws {
    let made = try specimen.generate()
    try await withTemporaryFolder { folder in
      try made.write(to: folder)
      let output = try await Tool.run(
        "docker", ["stack", "config", "--compose-file", folder.path(of: made.composePath)],
        environment: made.madeUpRelease)
      #expect(output.status == 0)
      #expect(output.stderr.isEmpty, "\(output.stderr)")
      let read = try YAMLReader.read(output.stdout).root
      #expect(Set(read["services"]?.keys ?? []) == Set(made.environment.services.map(\.name)))
      #expect(Set(read["secrets"]?.keys ?? []) == Set(made.environment.secrets.map(\.name)))
    }
  }

  /// Compose knows what it cannot do with a stack and says so, once for each key; every other
  /// word is a defect. (F1)
  @Test(arguments: deployed)
  func `Compose says of a stack only what we know`(_ specimen: Specimen) async throws {
    let made = try specimen.generate()
    try await withTemporaryFolder { folder in
      try made.write(to: folder)
      let compose = ["--file", folder.path(of: made.composePath), "config"]
      let output = try await Tool.run(
        "docker-compose", compose + ["--quiet"], environment: made.madeUpRelease)
      #expect(output.status == 0)
      #expect(output.stdout.isEmpty)
      let notices = output.stderr.split(separator: "\n").map(Notice.init)
      #expect(notices.allSatisfy { $0.level == "warning" })
      let said = notices.map(\.message).sorted()
      let expected = made.environment.services.flatMap(Notice.expected).sorted()
      #expect(said == expected)
      try await expectServices(
        of: made, from: "docker-compose", compose + ["--services"], made.madeUpRelease)
    }
  }

  @Test(.covers("C-30"), arguments: deployed)
  func `without a release record nothing can be deployed`(_ specimen: Specimen) async throws {
    let made = try specimen.generate()
    let release = made.madeUpRelease
    #expect(!release.isEmpty)
    try await withTemporaryFolder { folder in
      try made.write(to: folder)
      let file = folder.path(of: made.composePath)
      for variable in made.releaseVariables {
        for value in [nil, ""] {
          var environment = release
          environment[variable] = value
          let message =
            "required variable \(variable) is missing a value: written by the release record"
          let stack = try await Tool.run(
            "docker", ["stack", "config", "--compose-file", file], environment: environment)
          #expect(stack.status == 1)
          #expect(stack.stdout.isEmpty)
          #expect(stack.stderr.contains(message), "\(stack)")
          let compose = try await Tool.run(
            "docker-compose", ["--file", file, "config", "--quiet"], environment: environment)
          #expect(compose.status == 1)
          #expect(compose.stderr.contains(message), "\(compose)")
        }
      }
    }
  }

  @Test(.covers("C-30")) func `an unlocked image cannot be deployed by accident`() async throws {
    let service = Clean.service.with {
      $0.image = .unlocked(name: "docker.io/library/probe-it", tag: "1")
    }
    let printed = try Clean.print(service, for: .swarm)
    try await withTemporaryFolder { folder in
      let file = try folder.write(
        try #require(printed[Clean.compose(.swarm)]), to: "docker-compose.yml")
      let output = try await Tool.run("docker", ["stack", "config", "--compose-file", file])
      #expect(output.status == 1)
      #expect(
        output.stderr.contains(
          "required variable SLIPWAY_UNLOCKED_PROBE_IT is missing a value: run slipway lock"))
    }
  }

  private func expectServices(
    of made: Generated, from tool: String, _ arguments: [String],
    _ environment: [String: String] = [:]
  ) async throws {
    let output = try await Tool.run(tool, arguments, environment: environment)
    let names = output.stdout.split(separator: "\n").map(String.init)
    #expect(Set(names) == Set(made.environment.services.map(\.name)))
    #expect(names.count == made.environment.services.count)
  }
}

/// `time="…" level=warning msg="service \"edge\": …"`, as Compose writes it.
struct Notice {
  let level: String
  let message: String

  init(_ line: Substring) {
    let parts = line.split(separator: " ", maxSplits: 2)
    level = parts.count == 3 ? String(parts[1].dropFirst("level=".count)) : ""
    let text = parts.count == 3 ? parts[2].dropFirst("msg=\"".count).dropLast() : line
    message = String(text).replacing("\\\"", with: "\"")
  }

  /// All that Compose says of a service of a stack.
  static func expected(of service: ResolvedService) -> [String] {
    var notices = [
      "deploy.endpoint_mode: deploy.endpoint_mode only applies to Swarm's routing mesh"
    ]
    notices += ["rollback_config", "update_config"].map {
      "deploy.\($0): deploy.\($0) only applies to rolling updates in Swarm mode"
    }
    if service.placement != .anywhere {
      notices.append(
        "deploy.placement: deploy.placement is only honored by the Swarm scheduler")
    }
    if service.replicas == .everyNode {
      notices.append("deploy.mode: deploy.mode is only honored in Swarm mode")
    }
    for mount in service.secrets {
      notices += ["uid", "gid", "mode"].map {
        "secrets.\(mount.secret.name).\($0): "
          + "\($0) is not supported outside Swarm mode and will be ignored"
      }
    }
    for publication in service.publications {
      notices.append(
        "ports[\(publication.container)/tcp].mode: "
          + "ports[].mode: host is only honored by the Swarm routing mesh")
    }
    return notices.map { "service \"\(service.name)\": \($0)" }
  }
}
