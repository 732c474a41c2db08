import ServiceContract
import Slipway
import SlipwayModel

/// What the templates of scripts may ask for.
struct ScriptHoles {
  let environment: ResolvedEnvironment

  init(_ environment: ResolvedEnvironment) { self.environment = environment }

  var all: [String: Template.Value] {
    var holes = names
    holes.merge(releases) { first, _ in first }
    holes.merge(database) { first, _ in first }
    holes.merge(edge) { first, _ in first }
    holes.merge(operations) { first, _ in first }
    holes.merge(otherJobs) { first, _ in first }
    holes.merge(secrets) { first, _ in first }
    return holes
  }

  private var contract: String { environment.project.contract.name }
  private var prometheusPort: Int {
    environment.service(PartName.prometheus)?.ports.first?.number ?? 9090
  }

  private var names: [String: Template.Value] {
    [
      "PROJECT": .text(environment.project.name), "ENVIRONMENT": .text(environment.name),
      "STACK": .text(environment.stack),
      "STATE": .text(HostPath.state(contract, environment.name)),
      "METRICS": .text(HostPath.metrics(contract)),
      "TOOLS": .text(reference(.nginx)), "LEGO": .text(reference(.lego)),
      // Its busybox reads the kernel's clock, and it is on every node anyway.
      "NODE_TOOLS": .text(reference(.nodeExporter)),
      "PROMETHEUS_IMAGE": .text(reference(.prometheus)),
      "PROMETHEUS": .text("\(PartName.prometheus):\(prometheusPort)"),
      // Names that the alerts of the specification ask for are built the same way.
      "RELEASE_METRIC": .text("\(contract)_release_timestamp_seconds"),
      "BACKUP_SUCCESS_METRIC": .text("\(contract)_backup_last_success_timestamp_seconds"),
      "BACKUP_VERIFIED_METRIC": .text("\(contract)_backup_last_verified_timestamp_seconds"),
      "BACKUP_SIZE_METRIC": .text("\(contract)_backup_size_bytes"),
      "BACKUP_DURATION_METRIC": .text("\(contract)_backup_duration_seconds"),
      "CERTIFICATE_METRIC": .text("\(contract)_certificate_not_after_timestamp_seconds"),
    ]
  }

  private var operations: [String: Template.Value] {
    let monitoring = environment.specification.monitoring
    return [
      "OPERATIONS_PORT": .text("\(monitoring.port)"),
      "OPERATIONS_LISTENS": .text("\(OperationsPart.listens)"),
      "OPERATIONS_ADDRESS": .text(monitoring.address),
      "OPERATIONS_FILE": .text(OperationsPart.file),
      "OPERATIONS_COMMAND": .text(environment.operationsCommand),
    ]
  }

  private func reference(_ image: ThirdParty) -> String {
    switch environment.lock.reference(image) {
    case .locked(let locked): locked.reference
    case .unlocked(let name, let tag): "\(name):\(tag)"
    case .release(let variable): variable
    case .checkout(let image, _): image
    }
  }

  private var releases: [String: Template.Value] {
    var services: [[String: Template.Value]] = []
    var images: [String] = []
    for service in environment.services {
      guard case .release(let variable) = service.image else { continue }
      services.append(["NAME": .text(service.name), "VARIABLE": .text(variable)])
      if !images.contains(variable) { images.append(variable) }
    }
    var holes: [String: Template.Value] = [
      "SERVICES": .list(services),
      "IMAGES": .list(images.map { ["VARIABLE": .text($0)] }),
    ]
    holes.merge(migration) { first, _ in first }
    return holes
  }

  private var migration: [String: Template.Value] {
    let migrating = environment.migrating
    let words = migrating?.words
    func list(_ words: [String]?) -> Template.Value {
      .list((words ?? []).map { ["WORD": .text($0)] })
    }
    var variable = ""
    if case .release(let name)? = migrating?.image { variable = name }
    return [
      "HAS_MIGRATION": .flag(migrating != nil),
      "HAS_RESTORED": .flag(words?.restored.isEmpty == false),
      "MIGRATION_IMAGE": .text(variable), "MIGRATION_WORDS": list(words?.up),
      "SCHEMA_WORDS": list(words?.status), "RESTORED_WORDS": list(words?.restored),
      "PROOF_WORDS": list(words?.proof),
      "MIGRATION_SECRETS": .list((migrating?.secrets ?? []).map(given)),
    ]
  }

  private var database: [String: Template.Value] {
    guard let database = environment.specification.database else {
      return [
        "HAS_ARCHIVE": .flag(false), "HAS_DATABASE": .flag(false), "PRIMARY": "",
        "JOB_LIMITS": .list([]),
      ]
    }
    let writers = environment.specification.runs.filter { $0.component.needs.contains(.database) }
    var holes: [String: Template.Value] = [
      "PRIMARY": .text(PartName.primary), "HAS_DATABASE": .flag(true),
      "JOB_LIMITS": .list(DatabaseJobKind.allCases.map { limits(of: $0, database.jobs) }),
      "HOST": .text(PartName.primary),
      "REPLICAS": .list(
        database.replicas.indices.map { ["NAME": .text(PartName.replica($0 + 1))] }),
      "WRITERS": .list(writers.map { ["NAME": .text($0.component.name)] }),
      "DATABASE": .text(environment.databaseName), "OWNER": .text(environment.databaseUser),
      "READER": .text(environment.databaseReader), "DATA": .text(Resolver.postgresData),
      "STANZA": .text(environment.stack), "CONFIG": .text("/etc/pgbackrest/pgbackrest.conf"),
      "SERVER_CONFIG": .text("\(Path.configs)/postgres/pgbackrest.conf"),
      "TLS": .text(environment.stage.isDeployed ? "verify-full" : "disable"),
      "ENCRYPTED": .flag(environment.stage.isDeployed), "AUTHORITY": .text(Path.authority),
      "HAS_ARCHIVE": .flag(environment.specification.backups != nil),
      "POSTGRES_IMAGE": .text(postgresImage), "DATABASE_SECRETS": .list(jobSecrets),
      "SECRETS": .text(Path.secrets), "PASSWORD": .text(SecretKey.postgresSuperuser.fileName),
      "REPLICATION_PASSWORD": .text(SecretKey.postgresReplication.fileName),
      "CIPHER_KEY": .text(SecretKey.backupCipher.fileName),
      "ACCESS_KEY": .text(SecretKey.backupAccessKey.fileName),
      "SECRET_KEY": .text(SecretKey.backupSecretKey.fileName),
    ]
    if let backups = environment.specification.backups {
      holes["WORK_NODE"] = .text(node(backups.node))
      holes["KEEP_DAYS"] = .text("\(backups.keepDays)")
    }
    return holes
  }

  /// The node that a declared one is at this site: itself, or the first of its kinds.
  func node(_ name: String) -> String {
    if environment.nodes.contains(where: { $0.name == name }) { return name }
    let kinds = environment.specification.cluster.nodes.first { $0.name == name }?.kinds ?? []
    return environment.nodes.first { $0.kinds.contains(where: kinds.contains) }?.name ?? name
  }

  private var otherJobs: [String: Template.Value] {
    let limit = (environment.specification.database?.jobs ?? DatabaseJobs()).others
    return [
      "OTHER_SECONDS": .text("\(limit.within.wholeSeconds)"),
      "OTHER_CPUS": .text(limit.limit.cpus.description),
      "OTHER_MEMORY": .text("\(limit.limit.memory.bytes)"),
    ]
  }

  /// One branch for all jobs of a kind.
  private func limits(
    of kind: DatabaseJobKind, _ jobs: DatabaseJobs
  ) -> [String: Template.Value] {
    let limit = kind.limit(in: jobs)
    return [
      "JOBS": .text(kind.jobs.joined(separator: " | ")),
      "SECONDS": .text("\(limit.within.wholeSeconds)"),
      "CPUS": .text(limit.limit.cpus.description),
      "MEMORY": .text("\(limit.limit.memory.bytes)"),
    ]
  }

  private var primary: ResolvedService? { environment.service(PartName.primary) }

  private var postgresImage: String {
    if case .release(let variable) = primary?.image { variable } else { "" }
  }

  /// What a job on the database is given: of the server's secrets those that a client needs.
  private var jobSecrets: [[String: Template.Value]] {
    let needed: [SecretKey] = [
      .postgresSuperuser, .postgresReplication, .backupCipher, .backupAccessKey,
      .backupSecretKey,
    ]
    return (primary?.secrets ?? []).filter { mount in
      mount.path == Path.authority || needed.contains { $0.fileName == mount.secret.key.fileName }
    }.map(given)
  }

  private func given(_ mount: SecretMount) -> [String: Template.Value] {
    ["ENGINE": .text(environment.engineName(of: mount.secret)), "PATH": .text(mount.path)]
  }

  private var edge: [String: Template.Value] {
    guard let edge = environment.edge else {
      return [
        "HAS_EDGE": .flag(false), "HAS_AUTHORITY": .flag(false), "EDGES": .list([]), "API": "",
        "HEALTH": "",
        "SELF_SIGNED": .flag(false), "SITE": "localhost", "ALTERNATIVES": "",
      ]
    }
    let nodes = environment.nodes.filter { $0.kinds.contains(.edge) }
    let health = edge.locations.first { $0.isAPI && $0.limit == nil && !$0.isWebSocket }
    var path = "/"
    if case .exactly(let exact) = health?.match { path = exact }
    var holes: [String: Template.Value] = [
      "HAS_EDGE": .flag(true), "EDGES": .list(nodes.map { ["NODE": .text($0.name)] }),
      "API": .text(edge.names.api), "SITE": .text(edge.names.site), "HEALTH": .text(path),
      "ACME_NODE": .text(nodes.first?.name ?? ""),
      "NAMES": .list(edge.names.all.map { ["NAME": .text($0)] }),
      "SELF_SIGNED": .flag(edge.certificate == .selfSigned),
      "ALTERNATIVES": .text(edge.names.all.map { "DNS:\($0)" }.joined(separator: ",")),
    ]
    holes["HAS_AUTHORITY"] = .flag(edge.certificate != .selfSigned)
    if case .acme(let directory, let contact) = edge.certificate {
      holes["DIRECTORY"] = .text(directory)
      holes["CONTACT"] = .text(contact)
    }
    return holes
  }

  private var secrets: [String: Template.Value] {
    func list(_ form: ResolvedSecret.Form) -> Template.Value {
      .list(
        environment.secrets.filter { $0.form == form }.map {
          ["NAME": .text($0.name), "KEY": .text($0.key.fileName)]
        })
    }
    // What is a hash is the hash of something that somebody knows.
    let (hashes, others) = environment.secrets.filter { $0.form == .plain }
      .reduce(into: ([ResolvedSecret](), [ResolvedSecret]())) { parts, secret in
        if secret.key.form == .passwordHash {
          parts.0.append(secret)
        } else {
          parts.1.append(secret)
        }
      }
    let plain = others.map { ["NAME": Template.Value.text($0.name)] }
    return [
      "HASHES": .list(
        hashes.map {
          ["NAME": .text($0.name), "CLEAR": .text($0.name.replacing("-hash", with: ""))]
        }),
      "PLAIN": .list(plain), "REDIS_INCLUDES": list(.redisInclude),
      "REDIS_MAPS": list(.redisExporterMap),
      "ENGINE_SECRETS": .list(
        environment.secrets.map { ["ENGINE": .text(environment.engineName(of: $0))] }),
    ]
  }
}

extension ResolvedEnvironment {
  /// What people type on their own machine to see what monitoring knows.
  var operationsCommand: String {
    let home = HostPath.state(project.contract.name, name)
    let port = specification.monitoring.port
    return "ssh -t -L \(port):127.0.0.1:\(port) \(managerAddress) "
      + "sudo \(home)/current/scripts/operations"
  }

  /// A manager, as `ssh` wants it.
  var managerAddress: String {
    if case .ssh(let host, let port, _, _, _, _) = specification.cluster.access {
      return port == 22 ? host : "-p \(port) \(host)"
    }
    return nodes.first { $0.role == .manager }?.name ?? "localhost"
  }

  /// How the release's image works on the database, if that service is there at all.
  var migrating: ResolvedMigration? {
    migration.flatMap { service($0.component) == nil ? nil : $0 }
  }

  /// Whether the database keeps a log that can be proved.
  var hasProof: Bool { migrating?.words.proof.isEmpty == false }
}
