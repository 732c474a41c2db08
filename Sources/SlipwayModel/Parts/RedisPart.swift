import ServiceContract
import Slipway
import SlipwayDiagnostics

/// The two Redis servers. (C-37)
extension Resolver {
  static let redisUser = 999

  func makeRedis() -> [ResolvedService] {
    guard let redis = specification.redis else { return [] }
    return [
      makeRedis(PartName.redisCache, redis.cache, keeps: false),
      makeRedis(PartName.redisState, redis.state, keeps: true),
    ]
  }

  private func makeRedis(_ name: String, _ value: RedisValue, keeps: Bool) -> ResolvedService {
    let deployed = specification.stage.isDeployed
    var service = ResolvedService(
      name: name, image: image(.redis), size: value.size,
      placement: deployed ? .node(value.node) : .anywhere, origin: value.origin)
    // The image's own entry point changes owners and users, for which it would have to be root.
    service.entrypoint = ["redis-server"]
    service.command = ["\(Path.configs)/\(name)/redis.conf"]
    service.configs = [ConfigMount(folder: name, at: "\(Path.configs)/\(name)")]
    service.secrets = redisSecrets(name)
    service.volumes = [VolumeMount("\(name)-data", at: "/data")]
    service.scratch = [ScratchMount("/tmp", .mebibytes(16))]
    service.networks = [Net.data]
    service.ports = [Port("redis", 6379, reach: .inside)]
    service.health = .command(
      "/bin/sh", "\(Path.configs)/\(name)/healthy.sh", every: .seconds(10), within: .seconds(3),
      startingWithin: .seconds(60))
    service.rolls = .stopFirst
    // Long enough to write the snapshot that SIGTERM asks for.
    service.stopsWithin = .seconds(60)
    service.user = "\(Self.redisUser):\(Self.redisUser)"
    service.origins = [
      .size: [value.origin.at("limit"), value.origin.at("reserve")],
      .placement: [value.origin.at("on")],
    ]
    return service
  }

  private func redisSecrets(_ name: String) -> [SecretMount] {
    var mounts: [SecretMount] = []
    func mount(_ secret: ResolvedSecret) {
      mounts.append(
        SecretMount(
          secret, at: "\(Path.secrets)/\(secret.name)", uid: Self.redisUser, gid: Self.redisUser))
    }
    if let password = project.contract.bindings.redisPassword {
      mount(secret(password))
      mount(secret(password, as: .redisInclude))
    }
    if encryptsInside {
      mount(secret(.insideAuthority))
      mount(secret(.insideCertificate(of: name)))
      mount(secret(.insideKey(of: name)))
    }
    return mounts
  }
}
