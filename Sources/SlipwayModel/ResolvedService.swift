package import ServiceContract
package import Slipway
package import SlipwayDiagnostics

/// One service of an environment, with every default filled in: what all targets emit, convert or
/// refuse, field by field (``ServiceField``).
package struct ResolvedService: Sendable, Hashable {
  package let name: String
  package var image: ImageReference
  /// Replaces the image's entry point, if not empty.
  package var entrypoint: [String] = []
  /// The words after the entry point, if not empty.
  package var command: [String] = []
  /// Plain configuration, in the order in which it is written; never a secret. (C-16)
  package var environment: [EnvironmentEntry] = []
  package var secrets: [SecretMount] = []
  package var configs: [ConfigMount] = []
  package var volumes: [VolumeMount] = []
  /// Memory file systems: path and size.
  package var scratch: [ScratchMount] = []
  package var networks: [String] = []
  /// Ports that answer outside the environment.
  package var publications: [ResolvedPublication] = []
  /// Ports that it listens on, published or not.
  package var ports: [Port] = []
  package var health: HealthCheck?
  package var size: Size
  package var replicas: Replicas = .count(1)
  package var placement: Placement
  package var rolls: RollOrder = .startFirst
  package var stopsWithin: Duration = .seconds(10)
  package var stopSignal: String?
  /// `uid:gid` or a name the image knows; `nil` leaves the image's own.
  package var user: String?
  /// Whether the container calls itself what its machine is called, for metrics that say where
  /// they were taken.
  package var isNamedAfterNode = false
  package var readOnly = true
  /// Linux capabilities that it keeps; all others are dropped.
  package var capabilities: [String] = []
  /// Whether a minimal init reaps its children.
  package var reaps = false
  package var openFilesMax: Int?
  /// Services that must be healthy before it starts, where the engine can wait.
  package var startsAfter: [String] = []
  /// The folders of the host it looks at, read only; monitoring needs some.
  package var hostFolders: [HostFolder] = []
  /// Paths of the working tree: when one changes, the image is built anew and the container
  /// replaced. (S17-ENV-05)
  package var rebuildsOn: [String] = []
  /// Container labels.
  package var labels: [ContainerLabel] = []
  /// Where the service as a whole was written.
  package var origin: Origin
  /// Where single fields were written, if elsewhere than the whole.
  package var origins: [ServiceField: [Origin]] = [:]

  package init(
    name: String, image: ImageReference, size: Size, placement: Placement, origin: Origin
  ) {
    self.name = name
    self.image = image
    self.size = size
    self.placement = placement
    self.origin = origin
  }

  /// Where a field was written; several places where defaults were merged.
  package func written(_ field: ServiceField) -> [Origin] { origins[field] ?? [origin] }
}

/// The fields of ``ResolvedService``; each target says of each what it does with it.
package enum ServiceField: String, CaseIterable, Sendable, Hashable {
  case name, image, entrypoint, command, environment, secrets, configs, volumes, scratch
  case networks, publications, ports, health, size, replicas, placement, rolls, stopsWithin
  case stopSignal, user, isNamedAfterNode, readOnly, capabilities, reaps, openFilesMax
  case startsAfter, hostFolders, rebuildsOn, labels
}

/// A label of a container.
package struct ContainerLabel: Sendable, Hashable {
  package let key: String
  package let value: String
  package init(_ key: String, _ value: String) {
    self.key = key
    self.value = value
  }
}

/// One variable of a container's environment.
package struct EnvironmentEntry: Sendable, Hashable {
  package let key: String
  package let value: String
  package let origins: [Origin]

  package init(_ key: String, _ value: String, from origins: [Origin] = []) {
    self.key = key
    self.value = value
    self.origins = origins
  }
}

/// What a container is started from. (engine fact F13)
package enum ImageReference: Sendable, Hashable {
  /// Third party, pinned by the lock file.
  case locked(LockedImage)
  /// Third party, not in the lock file: cannot be deployed by accident.
  case unlocked(name: String, tag: String)
  /// Ours: the release record fills the variable.
  case release(variable: String)
  /// Ours: built from the working tree by this Dockerfile.
  case checkout(image: String, dockerfile: String)
}

/// A secret as a file in a container.
package struct SecretMount: Sendable, Hashable {
  package let secret: ResolvedSecret
  /// The absolute path in the container.
  package let path: String
  package let uid: Int
  package let gid: Int
  /// Permission bits: `0o400`.
  package let mode: Int

  package init(_ secret: ResolvedSecret, at path: String, uid: Int, gid: Int, mode: Int = 0o400) {
    self.secret = secret
    self.path = path
    self.uid = uid
    self.gid = gid
    self.mode = mode
  }
}

/// A secret in the form in which an image takes it. (engine fact F8)
package struct ResolvedSecret: Sendable, Hashable {
  /// How the bytes in the container follow from the value.
  package enum Form: String, Sendable, Hashable, CaseIterable {
    /// The value itself.
    case plain
    /// A line of `redis.conf`: `requirepass <value>`.
    case redisInclude = "redis-include"
    /// The exporter's map from address to password, as JSON.
    case redisExporterMap = "redis-exporter-map"
    /// A line of PostgreSQL's password file.
    case postgresPassFile = "postgres-passfile"
  }
  package let key: SecretKey
  package let form: Form
  /// What the form needs besides the value, such as the addresses of a map.
  package let parameter: String
  package let version: Int
  /// The name inside compose files and folders: `redis-password-redis-include`.
  package let name: String

  package init(_ key: SecretKey, form: Form = .plain, parameter: String = "", version: Int) {
    self.key = key
    self.form = form
    self.parameter = parameter
    self.version = version
    name = form == .plain ? key.fileName : "\(key.fileName)-\(form.rawValue)"
  }
}

/// A folder of generated files that a container reads.
package struct ConfigMount: Sendable, Hashable {
  /// Under the environment's output folder: `prometheus`.
  package let folder: String
  /// The absolute path in the container.
  package let path: String
  /// Folders inside it that are for people and checks, not for the container.
  package let except: [String]
  package init(folder: String, at path: String, except: [String] = []) {
    self.folder = folder
    self.path = path
    self.except = except
  }
}

/// A named volume in a container.
package struct VolumeMount: Sendable, Hashable {
  package let volume: String
  package let path: String
  package let readOnly: Bool
  /// For a volume that containers of one machine share and none of them keeps; `nil` is on disk.
  package let memory: VolumeMemory?
  package init(
    _ volume: String, at path: String, readOnly: Bool = false, memory: VolumeMemory? = nil
  ) {
    self.volume = volume
    self.path = path
    self.readOnly = readOnly
    self.memory = memory
  }
}

/// A volume in memory: gone with the last container that uses it.
package struct VolumeMemory: Sendable, Hashable {
  package let size: ByteCount
  /// Who may write to it; everybody may look.
  package let uid: Int
  package let gid: Int
  package init(_ size: ByteCount, uid: Int, gid: Int) {
    self.size = size
    self.uid = uid
    self.gid = gid
  }
}

/// A file system in memory.
package struct ScratchMount: Sendable, Hashable {
  package let path: String
  package let size: ByteCount
  package init(_ path: String, _ size: ByteCount) {
    self.path = path
    self.size = size
  }
}

/// A folder of the host, read only.
package struct HostFolder: Sendable, Hashable {
  package let source: String
  package let path: String
  package init(_ source: String, at path: String) {
    self.source = source
    self.path = path
  }
}

/// A port of the host that leads to a port of a container.
package struct ResolvedPublication: Sendable, Hashable {
  package enum Reach: String, Sendable, Hashable {
    /// Only programs on the same machine.
    case loopback
    /// Anybody.
    case everybody
  }
  package let host: Int
  package let container: Int
  package let reach: Reach
  package init(host: Int, container: Int, reach: Reach) {
    self.host = host
    self.container = container
    self.reach = reach
  }
}

/// How many containers of a service there are.
package enum Replicas: Sendable, Hashable {
  case count(Int)
  /// One on each node that the placement allows.
  case everyNode
}

/// Which nodes a service may run on.
package enum Placement: Sendable, Hashable {
  case kind(NodeKind)
  case node(String)
  case anywhere
}

/// Whether the new container of a roll starts before or after the old one stops. (engine fact F5)
package enum RollOrder: String, Sendable, Hashable {
  case startFirst = "start-first"
  case stopFirst = "stop-first"
}
