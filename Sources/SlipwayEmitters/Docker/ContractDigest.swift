import ServiceContract
import SlipwayModel

/// What a service and the files that deploy it agreed on, as one digest: it stands in the labels of
/// images and in the release record, so that files made for another contract can be refused. (F13)
enum ContractDigest {
  static func of(_ contract: Contract) -> String {
    SHA256.hex(lines(contract).joined(separator: "\n"))
  }

  /// Everything of the contract that both sides see, one line each, sorted: the order of
  /// declarations changes nothing, and help texts are not part of the agreement.
  private static func lines(_ contract: Contract) -> [String] {
    var lines = contract.metrics.map { metric in
      let labels = metric.labels.map { label in
        ([label.name] + (label.values ?? ["*"]).sorted()).joined(separator: "|")
      }
      return ["metric", metric.name, metric.kind.rawValue, metric.unit] + labels.sorted()
    }
    lines += contract.keys.map { ["key", $0.name, $0.type, $0.defaultText ?? "-"] }
    lines += contract.secrets.map { ["secret", $0.name, $0.form.rawValue, String($0.bits)] }
    lines += contract.routes.map { route in
      [
        "route", route.method.rawValue, route.path, route.auth.rawValue, route.limit?.name ?? "-",
        String(route.within.wholeMilliseconds),
      ]
    }
    lines += contract.ports.map { ["port", $0.name, String($0.number), $0.reach.rawValue] }
    lines += contract.limits.map { ["limit", $0.name, String($0.perMinute), String($0.burst)] }
    lines += contract.caps.map { ["cap", $0.name, $0.limit] }
    return lines.map { $0.joined(separator: " ") }.sorted() + [contract.name]
  }
}
