import Fixtures
import Foundation
import Slipway
import SlipwayDocuments
import SlipwayEmitters
import SlipwayModel
import TestSupport
import Testing

/// The environments whose stores are run.
enum Subject: String, CaseIterable, CustomTestStringConvertible {
  case production, development

  func resolved() throws -> ResolvedEnvironment {
    let declared =
      switch self {
      case .production: AnyEnvironment(ShopEnvironments.production)
      case .development: AnyEnvironment(ShopEnvironments.development)
      }
    let resolution = Resolver.resolve(declared, of: .shop, lock: ImageLock())
    return try #require(resolution.environment, "\(resolution.findings)")
  }

  var testDescription: String { rawValue }
}

/// The templates that stores ask for, as they stand in the repository.
let inputs: EmitterInputs = {
  var texts: [String: String] = [:]
  for name in ["postgres-start.sh", "postgres-initdb.sh", "redis-healthy.sh"] {
    texts["stores/\(name)"] = try? String(
      contentsOfFile: "\(packageRoot)/templates/stores/\(name)", encoding: .utf8)
  }
  return EmitterInputs(templates: texts)
}()

/// The printed files, by path under the environment's folder.
func files(of environment: ResolvedEnvironment) throws -> [String: String] {
  let emission = StoresEmitter().emit(environment, using: inputs)
  #expect(emission.findings == [])
  let header = Header(source: "Tests/Fixtures/ShopEnvironments.swift", command: "make generate")
  return try Dictionary(
    uniqueKeysWithValues: emission.artefacts.map {
      (String($0.path.dropFirst(environment.folder.count)), try $0.document.print(header: header))
    })
}

/// Services of an environment as containers would find them, and what a scenario saw there.
struct Machines {
  let environment: ResolvedEnvironment
  let services: [String]
  /// Variables that every container gets besides its own.
  var variables: [String] = []
  /// Values of secrets that are not random, by their name.
  var values: [String: String] = [:]

  static let standIns = "\(packageRoot)/Tests/StoresTests/stand-ins"

  /// What a scenario wrote down, by name.
  func facts(_ scenario: String, atMost limit: Duration = .seconds(240)) async throws -> Facts {
    try await withTemporaryFolder { folder in
      try write(to: folder)
      let output = try await Tool.script(
        "../Tests/StoresTests/stand-ins/machines",
        [folder.path, "\(Self.standIns)/\(scenario)"], timeout: limit)
      let logs = services.map { (try? folder.read("\($0)/log")) ?? "" }
      return Facts(
        said: (try? folder.read("facts")) ?? "", output: output,
        logs: logs.map { String($0.suffix(3_000)) })
    }
  }

  private func write(to folder: TemporaryFolder) throws {
    let printed = try files(of: environment)
    var machines: [String] = []
    for (index, name) in services.enumerated() {
      let service = try #require(environment.service(name))
      machines.append("\(name) 198.18.0.\(index + 1) 999")
      try folder.write(lines(service.entrypoint + service.command), to: "\(name)/words")
      try folder.write(
        lines(service.environment.map { "\($0.key)=\($0.value)" } + variables),
        to: "\(name)/environment")
      for secret in service.secrets where secret.secret.key.form != .pem {
        try folder.write(value(of: secret.secret), to: "\(name)/root\(secret.path)")
      }
      for mount in service.configs {
        for (path, text) in printed where path.hasPrefix(mount.folder + "/") {
          let file = path.dropFirst(mount.folder.count)
          try folder.write(text, to: "\(name)/root\(mount.path)\(file)")
        }
      }
    }
    machines.append("client 198.18.0.99 999")
    try folder.write("", to: "client/environment")
    try folder.write("", to: "client/root/empty")
    try folder.write(lines(machines), to: "machines")
    try folder.write(environment.stack, to: "stanza")
  }

  private func lines(_ words: [String]) -> String { words.map { $0 + "\n" }.joined() }

  /// The same in every container; what is no secret is easy to tell apart.
  private func value(of secret: ResolvedSecret) -> String {
    let plain = values[secret.key.fileName] ?? "value-of-\(secret.key.fileName)-0123456789"
    return secret.form == .redisInclude ? "requirepass \(plain)\n" : plain
  }
}

/// What a scenario wrote down, one `NAME VALUE` a line.
struct Facts: Sendable {
  let said: String
  let output: Tool.Output
  let logs: [String]

  subscript(_ name: String) -> String? {
    said.split(separator: "\n").first { $0.hasPrefix(name + " ") }
      .map { String($0.dropFirst(name.count + 1)) }
  }

  /// Everything that helps to see why a fact is missing.
  var story: Comment { "\(said)\n\(output)\n\(logs.joined(separator: "\n---\n"))" }
}
