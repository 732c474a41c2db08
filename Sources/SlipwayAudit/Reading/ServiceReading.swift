import SlipwayDocuments

extension Service {
  private static let known: Set = [
    "annotations", "attach", "blkio_config", "build", "cap_add", "cap_drop", "cgroup",
    "cgroup_parent", "command", "configs", "container_name", "cpu_count", "cpu_percent",
    "cpu_period", "cpu_quota", "cpu_rt_period", "cpu_rt_runtime", "cpu_shares", "cpus", "cpuset",
    "credential_spec", "depends_on", "deploy", "develop", "device_cgroup_rules", "devices", "dns",
    "dns_opt", "dns_search", "domainname", "entrypoint", "env_file", "environment", "expose",
    "external_links", "extra_hosts", "gpus", "group_add", "healthcheck", "hostname", "image",
    "init", "ipc", "isolation", "label_file", "labels", "links", "logging", "mac_address",
    "mem_limit", "mem_reservation", "mem_swappiness", "memswap_limit", "models", "network_mode",
    "networks", "oom_kill_disable", "oom_score_adj", "pid", "pids_limit", "platform", "ports",
    "post_start", "pre_stop", "privileged", "profiles", "provider", "pull_policy", "read_only",
    "restart", "runtime", "scale", "secrets", "security_opt", "shm_size", "stdin_open",
    "stop_grace_period", "stop_signal", "storage_opt", "sysctls", "tmpfs", "tty", "ulimits",
    "use_api_socket", "user", "userns_mode", "uts", "volumes", "volumes_from", "working_dir",
  ]

  init(_ member: LocatedMember, _ path: String, _ notes: inout [Note]) {
    let value = member.value
    name = Text(member.key, Spot(path, member.keyStart))
    file = path
    keys = Self.keys(member, path, &notes)
    func text(_ key: String) -> Text? {
      value[key].flatMap { entry in
        entry.scalarText.map { Text($0, Spot(path, entry.start)) }
      }
    }
    image = text("image")
    let build = value.member("build")
    buildContext = build.flatMap { build in
      (build.value.string ?? build.value["context"]?.string ?? ".").asText(
        Spot(path, build.keyStart))
    }
    buildFile = build?.value["dockerfile"]?.string
    containerName = text("container_name")
    ports = (value["ports"]?.list ?? []).map { PublishedPort($0, path) }
    expose = (value["expose"]?.list ?? []).compactMap {
      Int(($0.scalarText ?? "").cut(at: "/").before)
    }
    environment = Self.environment(value["environment"], path)
    envFiles = Self.names(value["env_file"], path, key: "path")
    mounts = (value["volumes"]?.list ?? []).map { Mount($0, path) }
    dependencies = Self.dependencies(value["depends_on"], path)
    probe = value.member("healthcheck").map { Probe($0, path) }
    command = Self.joined(value.member("command"), path)
    networks = Self.names(value["networks"], path, key: "name")
    networkMode = value["network_mode"]?.string
    secrets = Self.names(value["secrets"], path, key: "source")
    configs = Self.names(value["configs"], path, key: "source")
    let deploy = value["deploy"]
    let count = deploy?["replicas"] ?? value["scale"]
    replicas = count?.integer ?? count?.string.flatMap(Self.defaulted) ?? 1
    let limits = deploy?["resources"]?["limits"]
    func limit(_ key: String, _ old: String) -> Text? {
      let entry = limits?.member(key) ?? value.member(old)
      return entry.flatMap { entry in
        entry.value.scalarText.map { Text($0, Spot(path, entry.keyStart)) }
      }
    }
    memory = limit("memory", "mem_limit")
    cpus = limit("cpus", "cpus")
    isReadOnly = value["read_only"]?.bool ?? false
    user = value["user"]?.scalarText
    dropsCapabilities = !(value["cap_drop"]?.list ?? []).isEmpty
    cannotGain = (value["security_opt"]?.list ?? []).contains {
      $0.scalarText?.contains("no-new-privileges") ?? false
    }
    isPrivileged = value["privileged"]?.bool ?? false
  }

  /// The keys with their places; those that nothing here knows are noted.
  private static func keys(
    _ member: LocatedMember, _ path: String, _ notes: inout [Note]
  ) -> [String: Spot] {
    var keys: [String: Spot] = [:]
    for entry in member.value.map ?? [] {
      keys[entry.key] = Spot(path, entry.keyStart)
      if !known.contains(entry.key), !entry.key.hasPrefix("x-"), entry.key != "extends" {
        notes.append(
          Note("'\(entry.key)' of service '\(member.key)'", Spot(path, entry.keyStart)))
      }
      if entry.key == "extends" {
        notes.append(
          Note("'extends' of service '\(member.key)' is not followed", Spot(path, entry.keyStart)))
      }
    }
    return keys
  }

  /// The default of a number that is written as a variable.
  private static func defaulted(_ text: String) -> Int? {
    Int(text) ?? Interpolation.all(in: text).first.flatMap { Int($0.argument) }
  }

  private static func environment(_ value: LocatedValue?, _ path: String) -> [EnvironmentEntry] {
    if let list = value?.list {
      return list.compactMap { element in
        element.scalarText.map { text in
          let (name, value) = text.cut(at: "=")
          return EnvironmentEntry(name: name, value: value, spot: Spot(path, element.start))
        }
      }
    }
    return (value?.map ?? []).map { member in
      EnvironmentEntry(
        name: member.key,
        value: member.value.content == .null ? nil : member.value.scalarText ?? "",
        spot: Spot(path, member.keyStart))
    }
  }

  /// The names in a list, the keys of a mapping, or one name.
  private static func names(_ value: LocatedValue?, _ path: String, key: String) -> [Text] {
    if let one = value?.string {
      return [Text(one, Spot(path, value?.start ?? .init(line: 1, column: 1)))]
    }
    if let list = value?.list {
      return list.compactMap { element in
        (element.scalarText ?? element[key]?.scalarText).map {
          Text($0, Spot(path, element.start))
        }
      }
    }
    return (value?.map ?? []).map { Text($0.key, Spot(path, $0.keyStart)) }
  }

  private static func dependencies(_ value: LocatedValue?, _ path: String) -> [Dependency] {
    if value?.list != nil {
      return names(value, path, key: "name").map { Dependency(name: $0, condition: nil) }
    }
    return (value?.map ?? []).map { member in
      Dependency(
        name: Text(member.key, Spot(path, member.keyStart)),
        condition: member.value["condition"]?.string ?? "service_started")
    }
  }

  private static func joined(_ member: LocatedMember?, _ path: String) -> Text? {
    guard let member else { return nil }
    let words = member.value.list?.compactMap(\.scalarText) ?? []
    let text = member.value.scalarText ?? words.joined(separator: " ")
    return Text(text, Spot(path, member.keyStart))
  }
}

extension String {
  func asText(_ spot: Spot) -> Text { Text(self, spot) }
}

extension PublishedPort {
  init(_ value: LocatedValue, _ path: String) {
    let spot = Spot(path, value.start)
    if let target = value["target"] {
      let published = value["published"]?.scalarText
      text = Text("\(published ?? ""):\(target.scalarText ?? "")", spot)
      address = value["host_ip"]?.scalarText ?? ""
      host = published.flatMap { Int($0.cut(at: "-").before) }
      isRange = published?.contains("-") ?? false
      container = target.integer
      return
    }
    let written = value.scalarText ?? ""
    text = Text(written, spot)
    let plain = Self.withDefaults(written).cut(at: "/").before
    var parts = plain.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let inside = parts.popLast() ?? ""
    container = Int(inside.cut(at: "-").before)
    let outside = parts.popLast()
    host = outside.flatMap { Int($0.cut(at: "-").before) }
    isRange = outside?.contains("-") ?? false
    address = parts.joined(separator: ":")
  }

  /// `${PORT:-8000}:8000` with its default.
  private static func withDefaults(_ text: String) -> String {
    var result = text
    for variable in Interpolation.all(in: text) {
      let whole = "${\(variable.name)\(variable.operation)\(variable.argument)}"
      let value = variable.operation.hasSuffix("-") ? variable.argument : ""
      result = result.replacing(whole, with: value)
    }
    return result
  }
}

extension Mount {
  private init(_ source: Text?, _ target: String, _ isReadOnly: Bool, _ type: String) {
    self.source = source
    self.target = target.count > 1 && target.hasSuffix("/") ? String(target.dropLast()) : target
    self.isReadOnly = isReadOnly
    self.type = type
  }

  init(_ value: LocatedValue, _ path: String) {
    let spot = Spot(path, value.start)
    if let target = value["target"]?.scalarText {
      let type = value["type"]?.scalarText ?? "volume"
      self.init(
        value["source"]?.scalarText.map { Text($0, spot) }, target,
        value["read_only"]?.bool ?? false, type)
      return
    }
    let parts = Mount.parts(value.scalarText ?? "")
    guard parts.count > 1 else {
      self.init(nil, parts.first ?? "", false, "volume")
      return
    }
    let isPath = ["/", ".", "~", "$"].contains { parts[0].hasPrefix($0) }
    self.init(
      Text(parts[0], spot), parts[1],
      parts.count > 2 && parts[2].split(separator: ",").contains("ro"),
      isPath ? "bind" : "volume")
  }

  /// Cuts at colons outside of `${…}`.
  private static func parts(_ text: String) -> [String] {
    var parts = [""]
    var depth = 0
    for character in text {
      if character == "{" { depth += 1 }
      if character == "}" { depth -= 1 }
      if character == ":", depth == 0 {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts
  }

  /// The path in the tree that a relative source means.
  func sourcePath(in folder: String) -> String? {
    guard type == "bind", let source, source.value.hasPrefix(".") else { return nil }
    return Paths.join(folder, source.value)
  }
}

extension Probe {
  init(_ member: LocatedMember, _ path: String) {
    let test = member.value["test"]
    let words = test?.list?.compactMap(\.scalarText)
    let text = words?.joined(separator: " ") ?? test?.scalarText ?? ""
    self.text = Text(text, Spot(path, test?.start ?? member.keyStart))
    spot = Spot(path, member.keyStart)
    isDisabled = member.value["disable"]?.bool ?? (words?.first == "NONE")
  }
}
