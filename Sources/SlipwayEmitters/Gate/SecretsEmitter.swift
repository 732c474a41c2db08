import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
package import SlipwayModel

/// `secrets.json`: which secrets of the engine are made of which values, who reads them, and which
/// certificates the inside authority signs. What `slipway secrets` and `slipway pki` know; names
/// only. (engine facts F6, F8, F20)
package struct SecretsEmitter: Emitter {
  package static let name = "secrets"

  package init() {}

  package func emit(
    _ environment: ResolvedEnvironment, using inputs: EmitterInputs
  ) -> Emission {
    guard !environment.secrets.isEmpty else { return Emission() }
    let writer = SecretsWriter(environment: environment)
    return Emission([
      Artefact(path: environment.folder + "secrets.json", document: .json(writer.node))
    ])
  }
}

private struct SecretsWriter {
  let environment: ResolvedEnvironment

  var node: JSONNode {
    .map(
      [
        .entry("environment", .string(environment.name)),
        .entry("stack", .string(environment.stack)),
        .entry("secrets", .list(environment.secrets.map(secret))),
        authority.map { .entry("authority", $0) },
        .entry("leaves", .list(stores.map(leaf))),
      ], from: [environment.origin])
  }

  private func secret(_ secret: ResolvedSecret) -> JSONNode {
    let parameter: JSONEntry? =
      secret.parameter.isEmpty ? nil : .entry("with", .string(addresses(secret.parameter)))
    return .map([
      .entry("name", .string(secret.name)), .entry("key", .string(secret.key.name)),
      .entry("form", .string(secret.form.rawValue)), parameter,
      .entry("version", .integer(secret.version)),
      .entry("engine", .string(environment.engineName(of: secret))),
      .entry("days", .integer(days(secret.key))),
      .entry("services", .list(readers(of: secret).map { .string($0) })),
    ])
  }

  /// Who keeps data comes first: a client that knows a password before its server does is
  /// refused, and waits longer.
  private func readers(of secret: ResolvedSecret) -> [String] {
    let readers = environment.services.filter { service in
      service.secrets.contains { $0.secret.name == secret.name }
    }
    return readers.filter { !$0.volumes.isEmpty }.map(\.name)
      + readers.filter { $0.volumes.isEmpty }.map(\.name)
  }

  /// The exporter looks passwords up by the address that it was given.
  private func addresses(_ services: String) -> String {
    let scheme = authority == nil ? "redis" : "rediss"
    return services.split(separator: ",").map { "\(scheme)://\($0):6379" }.joined(separator: ",")
  }

  private func days(_ key: SecretKey) -> Int {
    Int(key.rotateAfter.components.seconds / 86_400)
  }

  // MARK: Certificates

  private var authority: JSONNode? {
    guard environment.secrets.contains(where: { $0.key == .insideAuthority }) else { return nil }
    return .map([
      .entry("certificate", .string(SecretKey.insideAuthority.fileName)),
      .entry("days", .integer(days(.insideAuthority))),
    ])
  }

  private var stores: [ResolvedService] {
    environment.services.filter { service in
      service.secrets.contains { $0.secret.key == .insideKey(of: service.name) }
    }
  }

  private func leaf(_ service: ResolvedService) -> JSONNode {
    let certificate = SecretKey.insideCertificate(of: service.name)
    return .map([
      .entry("service", .string(service.name)),
      .entry("certificate", .string(certificate.fileName)),
      .entry("key", .string(SecretKey.insideKey(of: service.name).fileName)),
      .entry("days", .integer(days(certificate))),
    ])
  }
}
