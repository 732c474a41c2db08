import PromQL

/// An edge of the graph: one place names another.
struct Reference: Hashable, Sendable {
  enum Kind: String, Hashable, Sendable, CaseIterable {
    case network, volume, secret, config, dependency, upstream, scrapeTarget, alertTarget
    case ruleFile, receiver, datasource, jobLabel, composeService, calledFile, need, envFile
  }
  let kind: Kind
  /// The name as it is written.
  let name: String
  let spot: Spot
  /// What names it: `service 'web'`.
  let holder: String
  /// Whether something of this name exists.
  let isMet: Bool
}

extension Deployment {
  /// Every edge of this kind.
  func references(_ kind: Reference.Kind) -> [Reference] {
    switch kind {
    case .network, .volume, .secret, .config, .dependency, .envFile: composeReferences(kind)
    case .upstream: upstreamReferences
    case .scrapeTarget, .alertTarget: targetReferences(kind)
    case .ruleFile: ruleFileReferences
    case .receiver: receiverReferences
    case .datasource: datasourceReferences
    case .jobLabel: jobReferences
    case .composeService: scriptServiceReferences
    case .calledFile: calledFiles
    case .need: needReferences
    }
  }

  private func composeReferences(_ kind: Reference.Kind) -> [Reference] {
    composes.flatMap { file in
      // An override belongs to the files beside it.
      let together = composes.filter { $0.folder == file.folder }
      return file.services.flatMap { service -> [Reference] in
        let holder = "service '\(service.name.value)'"
        func edges(_ texts: [Text], _ key: KeyPath<ComposeFile, [Text]>) -> [Reference] {
          let own = together.flatMap { $0[keyPath: key] }
          // A file that declares none of a kind is a part that is read with others.
          let names = Set((own.isEmpty ? composes.flatMap { $0[keyPath: key] } : own).map(\.value))
          return texts.map {
            Reference(
              kind: kind, name: $0.value, spot: $0.spot, holder: holder,
              isMet: names.contains($0.value))
          }
        }
        switch kind {
        case .network:
          return edges(service.networks.filter { $0.value != "default" }, \.networks)
        case .volume:
          let named = service.mounts.filter { $0.type == "volume" }.compactMap(\.source)
          return edges(named.filter { !$0.value.contains("$") }, \.volumes)
        case .secret: return edges(service.secrets, \.secrets)
        case .config: return edges(service.configs, \.configs)
        case .dependency:
          return edges(service.dependencies.map(\.name), \.serviceNames)
        case .envFile:
          return service.envFiles.filter { isWhole(file.folder) && !$0.value.contains("$") }.map {
            let path = Paths.join(file.folder, $0.value)
            return Reference(
              kind: kind, name: $0.value, spot: $0.spot, holder: holder,
              isMet: paths.contains(path) || Paths.name(path).hasPrefix(".env")
                || !paths.contains { $0.hasPrefix(Paths.folder(path)) })
          }
        default: return []
        }
      }
    }
  }

  /// Whether so many files are here that one that is missing is missing for all.
  func isWhole(_ folder: String) -> Bool { paths.count > 1 }

  private var upstreamReferences: [Reference] {
    nginxes.flatMap { file -> [Reference] in
      let known = services(near: file.path)
      guard !known.isEmpty else { return [] }
      let groups = Set(nginxes.flatMap(\.upstreams).map(\.name))
      var written = file.upstreams.flatMap { group in
        group.servers.map { (text: $0.arguments.first ?? "", spot: $0.spot) }
      }
      written += file.locations.compactMap { $0.location.forward }.map {
        (text: $0.arguments.first ?? "", spot: $0.spot)
      }
      return written.compactMap { text, spot in
        guard let address = HostPort(text), !address.isAddress, !address.isLocal,
          !address.host.contains("."), !groups.contains(address.host) || !text.contains("://")
        else { return nil }
        return Reference(
          kind: .upstream, name: address.host, spot: spot, holder: "the proxy",
          isMet: service(address.host, near: file.path) != nil)
      }
    }
  }

  private func targetReferences(_ kind: Reference.Kind) -> [Reference] {
    prometheuses.flatMap { file -> [Reference] in
      guard !services(near: file.path).isEmpty else { return [] }
      let targets =
        kind == .alertTarget
        ? file.alertTargets.map { ("the list of Alertmanagers", $0) }
        : file.jobs.flatMap { job in job.targets.map { ("job '\(job.name.value)'", $0) } }
      return targets.compactMap { holder, target in
        let address = target.address
        guard !address.isAddress, !address.isLocal, !address.host.contains(".") else { return nil }
        return Reference(
          kind: kind, name: address.host, spot: target.spot, holder: holder,
          isMet: service(address.host, near: file.path) != nil)
      }
    }
  }

  private var receiverReferences: [Reference] {
    alertmanagers.flatMap { file in
      let names = Set(file.receivers.map(\.value))
      return file.routed.map {
        Reference(
          kind: .receiver, name: $0.value, spot: $0.spot, holder: "a route",
          isMet: names.contains($0.value))
      }
    }
  }

  private var datasourceReferences: [Reference] {
    guard !datasources.isEmpty, !datasources.contains(where: \.isOpen) else { return [] }
    let ids = Set(datasources.flatMap(\.ids)).union([
      "-- Grafana --", "-- Mixed --", "-- Dashboard --", "grafana", "default",
    ])
    return dashboards.flatMap(\.panels).flatMap { panel in
      panel.datasources.filter { !$0.value.contains("$") }.map {
        Reference(
          kind: .datasource, name: $0.value, spot: $0.spot, holder: "panel '\(panel.title)'",
          // Grafana makes such an id of the name of a source that is declared without one.
          isMet: ids.contains($0.value)
            || $0.value.count == 17 && $0.value.hasPrefix("P") && $0.value.allSatisfy(\.isHexOrP))
      }
    }
  }

  private var jobReferences: [Reference] {
    let jobs = Set(prometheuses.flatMap(\.jobs).map(\.name.value))
    guard !jobs.isEmpty else { return [] }
    return allQueries.flatMap { query, holder in
      query.uses.flatMap { use in
        use.matchers.filter { $0.label == "job" && $0.operation == .equal }.compactMap {
          guard let name = $0.value.text, name != "x", !name.isEmpty else { return nil }
          return Reference(
            kind: .jobLabel, name: name, spot: query.spot, holder: holder,
            isMet: jobs.contains(name))
        }
      }
    }
  }

  private var needReferences: [Reference] {
    workflows.flatMap { file in
      let names = Set(file.jobs.map(\.id.value))
      return file.jobs.flatMap { job in
        job.needs.map {
          Reference(
            kind: .need, name: $0.value, spot: $0.spot, holder: "job '\(job.id.value)'",
            isMet: names.contains($0.value))
        }
      }
    }
  }
}

extension Character {
  fileprivate var isHexOrP: Bool { isHexDigit && !isLowercase || self == "P" }
}
