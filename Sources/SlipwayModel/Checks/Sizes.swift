import ServiceContract
package import Slipway
import SlipwayDiagnostics

/// What a part of an environment may use and keeps free: enough to start with, and no more kept
/// than it may use. (S17-HS-09, S18-HS-09)
extension Resolver {
  mutating func checkSizes() {
    for run in specification.runs { check(run.size, of: run.component.name, at: run.origin) }
    if let edge = specification.edge { check(edge.size, of: "edge", at: edge.origin) }
    if let database = specification.database {
      check(database.size, of: "database", at: database.origin)
      let place = database.origin.at("jobs")
      for (name, job) in database.jobs.named { checkRoom(job.limit, of: name, at: place) }
    }
    for (name, store) in specification.redis?.named ?? [] {
      check(store.size, of: name, at: store.origin)
    }
    for (name, size) in specification.monitoring.sizes {
      let place = specification.monitoring.origin.at(name)
      if checkRoom(size.limit, of: name, at: place) {
        checkReserve(size, of: name, at: [place])
      }
    }
  }

  private mutating func check(_ size: Size, of name: String, at origin: Origin) {
    guard checkRoom(size.limit, of: name, at: origin.at("limit")) else { return }
    checkReserve(size, of: name, at: [origin.at("reserve"), origin.at("limit")])
  }

  /// Whether anything can run in it.
  @discardableResult
  private mutating func checkRoom(
    _ limit: Resources, of name: String, at place: Origin
  ) -> Bool {
    if limit.cpus > 0, limit.memory.bytes >= 6 << 20 { return true }
    add(
      "spec/limits-are-real", "'\(name)' could not even start within its limit", [place],
      "too small",
      why: "engines refuse less than 6 MiB, and no processor time means no progress",
      fix: "give it a part of a processor and at least 6 MiB")
    return false
  }

  private mutating func checkReserve(_ size: Size, of name: String, at places: [Origin]) {
    guard size.reserve.cpus > size.limit.cpus || size.reserve.memory > size.limit.memory else {
      return
    }
    add(
      "spec/reserve-fits-the-limit", "'\(name)' would reserve more than it may use", places,
      "reserved here",
      why: "the engine refuses a reservation above the limit",
      fix: "lower `reserve:`, or raise `limit:`")
  }
}

extension DatabaseJobs {
  /// Each with the name that a finding gives it.
  package var named: [(name: String, job: JobLimit)] {
    [
      ("jobs.dumps", dumps), ("jobs.copies", copies), ("jobs.migration", migration),
      ("jobs.others", others),
    ]
  }
}

extension RedisStores {
  /// Each with the name of its service.
  package var named: [(name: String, store: RedisValue)] {
    [("redis-cache", cache), ("redis-state", state)]
  }
}

extension MonitoringValue {
  /// Each part with the argument that states its size.
  package var sizes: [(name: String, size: Size)] {
    [
      ("prometheus", prometheus), ("alertmanager", alertmanager), ("grafana", grafana),
      ("exporters", exporters),
    ]
  }
}
