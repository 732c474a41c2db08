import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
package import SlipwayModel

/// Writes what Prometheus reads: whom it asks, what it computes, what it watches for, and the unit
/// tests of that. (S18-PROM-01 … 08, S17-ALERT-01 … 11, C-24)
package struct PrometheusEmitter: Emitter {
  package static let name = "prometheus"

  package init() {}

  package func emit(
    _ environment: ResolvedEnvironment, using inputs: EmitterInputs
  ) -> Emission {
    let rules = RuleWriter(environment: environment)
    let folder = environment.folder + "prometheus/"
    var artefacts = [
      Artefact(
        path: folder + "prometheus.yml",
        document: .yaml(ScrapeWriter(environment: environment, ruleFiles: rules.files).document))
    ]
    if let recordings = rules.recordings {
      artefacts.append(
        Artefact(path: folder + RuleWriter.recordingsFile, document: .yaml(recordings)))
    }
    for family in rules.families {
      artefacts.append(
        Artefact(path: folder + rules.file(of: family), document: .yaml(rules.document(family))))
    }
    for family in rules.families {
      artefacts.append(
        Artefact(
          path: folder + "tests/\(family.name).yml",
          document: .yaml(RuleTestWriter(rules: rules, family: family).document)))
    }
    return Emission(artefacts, findings: PrometheusChecks(environment: environment).findings)
  }
}
