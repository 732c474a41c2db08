extension Deployment {
  /// Where a path inside a service's container comes from: the path in the tree, or `nil` if
  /// nothing of the tree is mounted there.
  func source(of path: String, in service: Service) -> String? {
    let folder = Paths.folder(service.file)
    let matching = service.mounts.filter { mount in
      mount.type == "bind" && (path == mount.target || path.hasPrefix(mount.target + "/"))
    }
    guard let best = matching.max(by: { $0.target.count < $1.target.count }),
      let source = best.sourcePath(in: folder)
    else { return nil }
    let rest = path.dropFirst(best.target.count)
    return Paths.join(source, String(rest))
  }

  /// The service that reads this file, with the path under which it sees it.
  func reader(of path: String) -> (service: Service, target: String)? {
    for service in services(near: path) {
      for mount in service.mounts {
        guard let source = mount.sourcePath(in: Paths.folder(service.file)) else { continue }
        if source == path { return (service, mount.target) }
        if path.hasPrefix(source + "/") {
          return (service, mount.target + path.dropFirst(source.count))
        }
      }
    }
    return nil
  }

  /// Rule files that Prometheus names, held against what its container sees.
  var ruleFileReferences: [Reference] {
    prometheuses.flatMap { file -> [Reference] in
      guard let (service, target) = reader(of: file.path) else { return [] }
      let inside = Paths.folder(target)
      // An image of somebody's own may hold files of rules.
      let isUsual =
        service.imageName?.repository == "prom/prometheus"
        || service.imageName?.repository == "prometheus/prometheus"
      return file.ruleFiles.filter { isUsual || !$0.value.hasPrefix("/") }.map { text in
        let path = text.value.hasPrefix("/") ? text.value : "/" + Paths.join(inside, text.value)
        return Reference(
          kind: .ruleFile, name: text.value, spot: text.spot, holder: "Prometheus",
          isMet: isPresent(path, in: service))
      }
    }
  }

  /// Whether a container sees a file at this path; a name with `*` is met by any file.
  private func isPresent(_ path: String, in service: Service) -> Bool {
    let pattern = Paths.name(path)
    guard pattern.contains("*") else {
      if let source = source(of: path, in: service) { return paths.contains(source) }
      return service.configs.isEmpty == false
        || service.mounts.contains { mount in
          mount.type == "volume" && path.hasPrefix(mount.target + "/")
        }
    }
    let folder = String(path.dropLast(pattern.count + 1))
    if let source = source(of: folder + "/x", in: service) {
      let above = Paths.folder(source)
      return paths.contains { $0.hasPrefix(above) }
    }
    return !service.configs.isEmpty || service.buildContext != nil
  }
}
