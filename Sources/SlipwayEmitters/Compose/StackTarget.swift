import ServiceContract
package import SlipwayModel

/// The two engines that read compose files, and what each makes of a service's fields.
package enum StackTarget: String, CaseIterable, Sendable {
  /// `docker compose`, on a developer's machine.
  case compose
  /// `docker stack deploy`.
  case swarm

  package static func target(for environment: ResolvedEnvironment) -> StackTarget {
    environment.stage.isDeployed ? .swarm : .compose
  }
}

/// What a target does with a field. Nothing is dropped silently. (design §5)
package enum Treatment: Sendable, Hashable {
  /// Written under this key, and under another where the engine asks twice.
  case emitted(String, and: String? = nil)
  /// Written under another key, because the engine ignores the obvious one.
  case converted(String, because: String)
  /// The engine cannot say it; what takes its place.
  case lost(insteadOf: String, because: String)
}

extension ServiceField {
  private func reload(on target: StackTarget) -> Treatment {
    target == .swarm
      ? .lost(insteadOf: "a finding", because: "what is deployed comes from a release record")
      : .emitted("develop")
  }

  /// The complete table; a test changes each field and looks for the change in the output.
  package func treatment(on target: StackTarget) -> Treatment {
    switch self {
    case .name: .emitted("services")
    case .image: .emitted("image")
    case .entrypoint: .emitted("entrypoint")
    case .command: .emitted("command")
    case .environment:
      target == .swarm
        ? .emitted("environment")
        : .converted("env_file", because: "one file a service, which other tools can read too (F7)")
    case .secrets: .emitted("secrets")
    case .configs:
      target == .swarm
        ? .converted("configs", because: "a stack mounts no file of a host (F6)")
        : .converted(
          "volumes", because: "a folder survives the atomic rename of a file in it (F6)")
    case .volumes: .emitted("volumes")
    case .scratch: .converted("volumes", because: "Swarm ignores the short `tmpfs` form")
    case .networks: .emitted("networks")
    case .publications: .emitted("ports")
    case .ports:
      target == .swarm
        ? .lost(
          insteadOf: "nothing: services of one network reach each other's ports",
          because: "Swarm calls `expose` deprecated and ignores it (F2)")
        : .emitted("expose")
    case .health: .emitted("healthcheck")
    case .size: .emitted("deploy.resources")
    case .replicas: .emitted("deploy.replicas")
    case .placement:
      target == .swarm
        ? .emitted("deploy.placement")
        : .lost(insteadOf: "nothing", because: "there is one machine")
    case .rolls:
      target == .swarm
        ? .emitted("deploy.update_config.order", and: "deploy.rollback_config.order")
        : .lost(insteadOf: "nothing", because: "Compose replaces a container, it does not roll")
    case .stopsWithin: .emitted("stop_grace_period")
    case .stopSignal: .emitted("stop_signal")
    case .user: .emitted("user")
    case .isNamedAfterNode:
      target == .swarm
        ? .emitted("hostname")
        : .lost(insteadOf: "nothing", because: "there is one machine, and Compose fills in no name")
    case .readOnly: .emitted("read_only")
    case .capabilities: .emitted("cap_add")
    case .reaps: .emitted("init")
    case .openFilesMax: .emitted("ulimits")
    case .startsAfter:
      target == .swarm
        ? .lost(
          insteadOf: "services wait for what they need by themselves",
          because: "Swarm ignores `depends_on` (F4)")
        : .emitted("depends_on")
    case .hostFolders: .emitted("volumes")
    case .rebuildsOn: reload(on: target)
    case .labels: .emitted("labels")
    }
  }
}
