import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// One Redis server's configuration and its health check. (C-37, C-38, S04-DB-01, S04-DB-02)
struct RedisFiles {
  let environment: ResolvedEnvironment
  let name: String
  let value: RedisValue
  /// Whether it holds what may not be lost.
  let keeps: Bool

  init(_ environment: ResolvedEnvironment, _ name: String, _ value: RedisValue, keeps: Bool) {
    self.environment = environment
    self.name = name
    self.value = value
    self.keeps = keeps
  }

  func emit(using inputs: EmitterInputs) -> Emission {
    let folder = environment.folder + name + "/"
    var emission = Emission([Artefact(path: folder + "redis.conf", document: configuration)])
    emission.add(
      inputs.script(
        "stores/redis-healthy.sh", at: folder + "healthy.sh",
        [
          "ENCRYPTED": .flag(isEncrypted), "AUTHORITY": .text(Path.authority),
          "PASSWORD": .text(password.map { "\(Path.secrets)/\($0.fileName)" } ?? ""),
          "HAS_PASSWORD": .flag(password != nil), "NAME": .text(name),
        ], from: [value.origin]))
    return emission
  }

  private var isEncrypted: Bool { environment.stage.isDeployed }
  private var password: SecretKey? { environment.project.contract.bindings.redisPassword }

  private var configuration: Document {
    var lines = SettingLines(separator: " ")
    lines.comment("Connections")
    lines.set("bind", "*")
    lines.set("protected-mode", "yes")
    if password != nil {
      // `requirepass`, from a file that only the engine and the server see. (F8)
      let form = ResolvedSecret.Form.redisInclude.rawValue
      lines.set("include", "\(Path.secrets)/\(password?.fileName ?? "")-\(form)")
    }
    if isEncrypted { encryption(&lines) } else { lines.set("port", "6379") }
    lines.set("timeout", "0")
    lines.set("tcp-keepalive", "60")
    lines.comment("Memory (S04-DB-02)")
    lines.set("maxmemory", "\(value.memoryMax.bytes)", from: [value.origin.at("memoryMax")])
    lines.set("maxmemory-policy", keeps ? "noeviction" : "allkeys-lru")
    lines.comment(keeps ? "Snapshots and a log of every write" : "Nothing here is worth keeping")
    lines.set("dir", "/data")
    lines.set("appendonly", keeps ? "yes" : "no")
    if keeps {
      lines.set("appendfsync", "everysec")
      lines.set("save", "900 1 300 100 60 10000")
      lines.set("stop-writes-on-bgsave-error", "yes")
    } else {
      lines.set("save", "\"\"")
    }
    // Commands that stop the world or empty it; prefixes are unlinked instead. (C-37)
    lines.comment("Commands that nobody needs")
    for command in ["FLUSHALL", "FLUSHDB", "KEYS", "DEBUG"] {
      lines.set("rename-command", "\(command) \"\"")
    }
    lines.comment("Log")
    lines.set("loglevel", "notice")
    lines.set("logfile", "\"\"")
    return lines.document
  }

  private func encryption(_ lines: inout SettingLines) {
    lines.set("port", "0")
    lines.set("tls-port", "6379")
    let certificate = SecretKey.insideCertificate(of: name).fileName
    lines.set("tls-cert-file", "\(Path.secrets)/\(certificate)")
    lines.set("tls-key-file", "\(Path.secrets)/\(SecretKey.insideKey(of: name).fileName)")
    lines.set("tls-ca-cert-file", Path.authority)
    // Clients prove themselves by password, not by certificate.
    lines.set("tls-auth-clients", "no")
    lines.set("tls-protocols", "\"TLSv1.2 TLSv1.3\"")
  }
}
