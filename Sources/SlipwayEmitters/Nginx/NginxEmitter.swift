import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
package import SlipwayModel

/// Writes what the edge runs on: nginx's configurations, the script that runs nginx, and the
/// pages that nginx answers by itself. (S18-NGX-01 … 21, C-34, engine facts F5, F9, F15, F16)
package struct NginxEmitter: Emitter {
  package static let name = "nginx"

  package init() {}

  package func emit(
    _ environment: ResolvedEnvironment, using inputs: EmitterInputs
  ) -> Emission {
    var operations = Emission()
    if environment.stage.isDeployed {
      operations.artefacts.append(
        Artefact(
          path: environment.folder + OperationsPart.file,
          document: .nginx(NginxOperations(environment).configuration)))
    }
    guard let edge = NginxEdge(environment) else { return operations }
    let findings = EdgeFindings(edge).all
    guard findings.isEmpty else { return Emission(findings: findings) }

    let folder = environment.folder + "nginx/"
    var emission = Emission([
      Artefact(path: folder + "nginx.conf", document: .nginx(edge.configuration)),
      Artefact(path: folder + "bootstrap.conf", document: .nginx(edge.bootstrap)),
      Artefact(path: folder + "counters.conf", document: .nginx(edge.counters)),
    ])
    emission.add(operations)
    emission.add(supervisor(of: edge, in: folder, using: inputs))
    emission.add(EdgePages.emit(edge, in: folder, using: inputs))
    if let challenges = NginxChallenges(environment) {
      emission.artefacts.append(
        Artefact(
          path: environment.folder + "acme/nginx.conf",
          document: .nginx(challenges.configuration)))
    }
    return emission
  }

  /// The container's entry point: waits for the certificate, runs nginx, reloads it. (F5, F16)
  private func supervisor(
    of edge: NginxEdge, in folder: String, using inputs: EmitterInputs
  ) -> Emission {
    let holes: [String: Template.Value] = [
      "CERTIFICATE": .text(EdgePath.certificate), "KEY": .text(EdgePath.key),
      "CONFIGURATION": .text(EdgePath.configuration), "RUNTIME": .text(EdgePath.runtime),
      "SOCKET": .text(Resolver.EdgeStatus.socket),
      "PERIOD": .text(String(EdgeTime.watch.wholeSeconds)),
    ]
    switch inputs.render("edge/supervise.sh", holes) {
    case .failure(let problems): return Emission(findings: problems.findings)
    case .success(let text):
      return Emission([
        Artefact(
          path: folder + "supervise.sh",
          document: .text(TextDocument(text, comments: .hash, from: [edge.origin])),
          isExecutable: true)
      ])
    }
  }
}
