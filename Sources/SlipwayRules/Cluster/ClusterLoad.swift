import ServiceContract
import Slipway
import SlipwayModel

/// What services keep free, node by node where a node is named.
struct ClusterLoad {
  /// By name of the node: what is pinned to it, and what runs on every node of its kind.
  private(set) var pinned: [String: Load] = [:]
  /// Services that the engine places itself.
  private(set) var movable: [ResolvedService] = []
  private let services: [ResolvedService]

  init(_ environment: ResolvedEnvironment) {
    services = environment.services
    for service in services {
      if service.isPinned {
        for node in environment.nodes where service.placement.allows(node) {
          for _ in 0..<Self.containers(of: service) {
            pinned[node.name, default: Load()].add(service.size.reserve)
          }
        }
      } else {
        movable.append(service)
      }
    }
  }

  /// The pinned service that keeps most memory free on a node.
  func largest(on node: Node) -> ResolvedService? {
    services.filter { $0.isPinned && $0.placement.allows(node) }
      .max { $0.size.reserve.memory < $1.size.reserve.memory }
  }

  /// How many containers there are at most: a roll that starts first has one more for a while.
  static func containers(of service: ResolvedService) -> Int {
    guard case .count(let count) = service.replicas else { return 1 }
    return count.saturatingPlus(service.rolls == .startFirst ? 1 : 0)
  }
}

/// A sum of reservations.
struct Load {
  private(set) var cpus: ExactDecimal = 0
  private(set) var memory: ByteCount = .mebibytes(0)

  mutating func add(_ reserve: Resources) {
    cpus = cpus + reserve.cpus
    memory = memory + reserve.memory
  }

  func fits(_ size: Resources) -> Bool { cpus <= size.cpus && memory <= size.memory }

  func left(of size: Resources) -> Room {
    Room(
      cpus: size.cpus - cpus, memory: ByteCount(bytes: max(0, size.memory.bytes - memory.bytes)))
  }
}

/// What is left of a machine.
struct Room {
  var cpus: ExactDecimal
  var memory: ByteCount

  func holds(_ reserve: Resources) -> Bool { reserve.cpus <= cpus && reserve.memory <= memory }

  mutating func take(_ reserve: Resources) {
    cpus = cpus - reserve.cpus
    memory = ByteCount(bytes: memory.bytes - reserve.memory.bytes)
  }
}

extension ResolvedService {
  /// Whether nobody but the specification says where it runs.
  fileprivate var isPinned: Bool {
    if case .node = placement { return true }
    return replicas == .everyNode
  }
}

extension Placement {
  /// Whether a service placed like this may run on a node.
  func allows(_ node: Node) -> Bool {
    switch self {
    case .anywhere: true
    case .kind(let kind): node.kinds.contains(kind)
    case .node(let name): node.name == name
    }
  }
}

extension Size {
  /// The same limits, or more where needed, with another reservation of memory; for breakers.
  func reserving(memory: ByteCount) -> Size {
    Size(
      limit: .cpus(limit.cpus, memory: max(limit.memory, memory)),
      reserve: .cpus(reserve.cpus, memory: memory))
  }
}
