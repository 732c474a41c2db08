import ServiceContract
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Writes what the gate expects as the tree of `gate.json`.
struct GateWriter {
  let expectations: GateExpectations
  let environment: ResolvedEnvironment

  private var origin: [Origin] { [environment.origin] }

  var node: JSONNode {
    .map(
      [
        .entry("environment", .string(expectations.environment)),
        .entry("stage", .string(expectations.stage.rawValue)),
        .entry("project", .string(expectations.project)),
        expectations.after.map { .entry("after", .string($0)) },
        .entry("state", .string(expectations.state)),
        .entry("metrics", .string(expectations.metrics)),
        .entry("schema", .bool(expectations.hasSchema)),
        expectations.backupMetric.map { .entry("backupMetric", .string($0)) },
        .entry("names", texts(expectations.names)),
        .entry("roles", texts(expectations.roles)),
        .entry("coverage", coverage),
        .entry("capProofs", texts(expectations.capProofs)),
        .entry("images", .list(expectations.images.map(image))),
        .entry("services", .list(expectations.services.map(service))),
        .entry("scrapes", .list(expectations.scrapes.map(scrape))),
        .entry("nodes", .list(expectations.nodes.map(node))),
        .entry("secrets", secrets),
      ], from: origin)
  }

  private func texts(_ texts: [String]) -> JSONNode { .list(texts.map { .string($0) }) }

  private var coverage: JSONNode {
    .map([
      .entry("floor", .integer(expectations.coverage.floor)),
      .entry(
        "modules",
        .list(
          expectations.coverage.modules.map { module in
            .map([
              .entry("name", .string(module.name)), .entry("folders", texts(module.folders)),
              .entry("floor", .integer(module.floor)),
            ])
          })),
    ])
  }

  private func image(_ image: ImageExpectation) -> JSONNode {
    let (key, value) =
      switch image.origin {
      case .locked(let reference): ("locked", reference)
      case .unlocked(let name): ("unlocked", name)
      case .release(let variable): ("release", variable)
      case .checkout(let name): ("checkout", name)
      }
    return .map([.entry("service", .string(image.service)), .entry(key, .string(value))])
  }

  private func service(_ service: ServiceExpectation) -> JSONNode {
    .map([
      .entry("name", .string(service.name)),
      service.replicas.map { .entry("replicas", .integer($0)) },
      .entry("ours", .bool(service.isOurs)),
    ])
  }

  private func scrape(_ scrape: ScrapeExpectation) -> JSONNode {
    .map([
      .entry("job", .string(scrape.job)), scrape.targets.map { .entry("targets", .integer($0)) },
    ])
  }

  private func node(_ node: NodeExpectation) -> JSONNode {
    .map([
      .entry("name", .string(node.name)), .entry("manager", .bool(node.isManager)),
      .entry("labels", texts(node.labels)), .entry("milliCPUs", .integer(node.milliCPUs)),
      .entry("memory", .integer(node.memory.bytes)), .entry("platform", .string(node.platform)),
    ])
  }

  private var secrets: JSONNode {
    let source: JSONNode =
      switch expectations.secrets.source {
      case .vault(let path): ["kind": "vault", "path": .string(path)]
      case .aws(let prefix, let region):
        ["kind": "aws", "prefix": .string(prefix), "region": .string(region)]
      case .files(let path): ["kind": "files", "path": .string(path)]
      case .madeUp: ["kind": "made-up"]
      }
    let keys = expectations.secrets.keys.map { key -> JSONNode in
      [
        "name": .string(key.name), "form": .string(key.form.rawValue), "bits": .integer(key.bits),
      ]
    }
    return .map([
      .entry("source", source), .entry("keys", .list(keys)),
      .entry("denied", texts(expectations.secrets.denied)),
      .entry("distinct", .list(expectations.secrets.distinct.map(texts))),
    ])
  }
}
