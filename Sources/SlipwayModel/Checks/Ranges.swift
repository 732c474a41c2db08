import ServiceContract
import Slipway
import SlipwayDiagnostics

/// Numbers that a type cannot bound, held against what machines, engines and calendars have: far
/// outside what anybody means, and well inside what can be computed with.
extension Resolver {
  /// Whether all of them can be worked with. What is merely unwise is found later, with the rest.
  mutating func checkRanges() -> Bool {
    let before = findings.count
    for run in specification.runs { checkRanges(of: run) }
    checkStores()
    checkMonitoring()
    checkMachines()
    checkPromises()
    return findings.count == before
  }

  private mutating func checkRanges(of run: RunValue) {
    let (name, component) = (run.component.name, run.component)
    hold(Int64(run.replicas), in: -1_000...1_000, "replicas", of: name, run.origin)
    check(run.size, of: name, run.origin)
    span(component.stopsWithin, "stopsWithin", of: name, component.origin)
    let health = component.health
    let place = component.origin.at("health")
    span(health.every, "every", of: name, place, at: nil)
    span(health.within, "within", of: name, place, at: nil)
    span(health.startingWithin, "startingWithin", of: name, place, at: nil)
    hold(Int64(health.retries), in: 0...1_000, "retries", of: name, place, at: nil)
  }

  private mutating func checkStores() {
    if let edge = specification.edge {
      check(edge.size, of: "edge", edge.origin)
      memory(edge.bodyMax, "bodyMax", of: "edge", at: edge.origin.at("bodyMax"))
    }
    if let database = specification.database {
      check(database.size, of: "database", database.origin)
      // What PostgreSQL itself takes at most.
      hold(
        Int64(database.maxConnections), in: 1...262_143, "maxConnections", of: "database",
        database.origin)
      check(database.jobs, database.origin)
    }
    for (name, store) in specification.redis?.named ?? [] {
      check(store.size, of: name, store.origin)
      memory(store.memoryMax, "memoryMax", of: name, at: store.origin.at("memoryMax"))
    }
  }

  /// A job that may take no time is ended before it begins; one without end is never ended.
  private mutating func check(_ jobs: DatabaseJobs, _ origin: Origin) {
    for (name, job) in jobs.named {
      let place = origin.at("jobs")
      span(job.within, name, of: "database", place, at: nil, in: .seconds(1) ... .days(7))
      check(job.limit, name, of: "database", at: place)
    }
  }

  private mutating func checkMonitoring() {
    let monitoring = specification.monitoring
    let origin = monitoring.origin
    for (part, size) in monitoring.sizes {
      check(size, of: part, origin, limit: part, reserve: part)
    }
    span(
      monitoring.scrapesEvery, "scrapesEvery", of: "monitoring", origin,
      in: .seconds(1) ... .hours(1))
    span(
      monitoring.keeps, "keeps", of: "monitoring", origin, in: .minutes(1) ... .days(3_660))
    memory(monitoring.storage, "storage", of: "monitoring", at: origin.at("storage"))
    for alert in specification.watches.alerts {
      span(alert.hold, "for", of: alert.name, alert.origin, in: .zero ... .days(366))
    }
  }

  private mutating func checkMachines() {
    for node in specification.cluster.nodes {
      check(node.size, "size", of: node.name, at: node.origin.at("size"))
    }
    if case .ssh(_, let port, _, _, _, _) = specification.cluster.access {
      hold(
        Int64(port), in: 1...65_535, "port", of: "access", specification.cluster.origin,
        at: "reachedBy")
    }
  }

  /// What the contract and the plan of backups promise.
  private mutating func checkPromises() {
    if let backups = specification.backups {
      span(backups.keep, "keep", of: "backups", backups.origin, in: .zero ... .days(36_600))
    }
    for route in project.contract.routes {
      span(route.within, "within", of: route.path, project.origin, at: nil)
    }
    for limit in project.contract.limits {
      hold(
        Int64(limit.perMinute), in: 0...1_000_000_000, "perMinute", of: limit.name,
        project.origin, at: nil)
      hold(
        Int64(limit.burst), in: 0...1_000_000_000, "burst", of: limit.name, project.origin, at: nil)
    }
    for step in project.contract.timeouts {
      span(step.limit, "limit", of: step.name, project.origin, at: nil)
    }
  }
}

// MARK: - Of one value

extension Resolver {
  private mutating func check(
    _ size: Size, of name: String, _ origin: Origin, limit: String = "limit",
    reserve: String = "reserve"
  ) {
    check(size.limit, limit, of: name, at: origin.at(limit))
    check(size.reserve, reserve, of: name, at: origin.at(reserve))
  }

  private mutating func check(
    _ resources: Resources, _ argument: String, of name: String, at place: Origin
  ) {
    // More processors than any machine has.
    if !(0...10_000).contains(resources.cpus) {
      refuse("\(resources.cpus) CPU", "0 to 10000 CPU", argument, of: name, place)
    }
    memory(resources.memory, argument, of: name, at: place)
  }

  /// More than any machine has: a pebibyte.
  private mutating func memory(
    _ amount: ByteCount, _ argument: String, of name: String, at place: Origin
  ) {
    guard !(0...1 << 50).contains(amount.bytes) else { return }
    refuse("\(amount.bytes) bytes", "0 to 1 PiB", argument, of: name, place)
  }

  private mutating func span(
    _ span: Duration, _ argument: String, of name: String, _ origin: Origin,
    in range: ClosedRange<Duration> = .zero ... .hours(24)
  ) {
    self.span(span, argument, of: name, origin, at: argument, in: range)
  }

  private mutating func span(
    _ span: Duration, _ argument: String, of name: String, _ origin: Origin, at label: String?,
    in range: ClosedRange<Duration> = .zero ... .hours(24)
  ) {
    guard !range.contains(span) else { return }
    let place = label.map(origin.at) ?? origin
    let bounds =
      "\(range.lowerBound.components.seconds) to \(range.upperBound.components.seconds) s"
    refuse("\(span.components.seconds) s", bounds, argument, of: name, place)
  }

  private mutating func hold(
    _ number: Int64, in range: ClosedRange<Int64>, _ argument: String, of name: String,
    _ origin: Origin
  ) {
    hold(number, in: range, argument, of: name, origin, at: argument)
  }

  private mutating func hold(
    _ number: Int64, in range: ClosedRange<Int64>, _ argument: String, of name: String,
    _ origin: Origin, at label: String?
  ) {
    guard !range.contains(number) else { return }
    let place = label.map(origin.at) ?? origin
    refuse(
      "\(number)", "\(range.lowerBound) to \(range.upperBound)", argument, of: name, place)
  }

  private mutating func refuse(
    _ value: String, _ bounds: String, _ argument: String, of name: String, _ place: Origin
  ) {
    add(
      "spec/values-are-possible", "`\(argument)` of '\(name)' would be \(value)", [place],
      "out of range",
      why: "no machine, engine or calendar has so much or so little: it is a slip of the finger",
      fix: "write a value from \(bounds)")
  }
}
