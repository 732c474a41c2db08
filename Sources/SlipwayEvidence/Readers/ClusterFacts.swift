package import ServiceContract
import SlipwayDocuments

/// A machine, as the engine and the machine itself describe it: `facts/nodes.json`.
package struct NodeFact: Sendable, Hashable {
  package var name: String
  package var isManager: Bool
  /// Labels that are set to `true`.
  package var labels: [String]
  package var isReady: Bool
  /// Whether the engine gives it work.
  package var isActive: Bool
  package var milliCPUs: Int
  package var memory: ByteCount
  package var platform: String
  /// Whether the engine lets no process gain privileges: a stack cannot ask for it. (F2)
  package var keepsPrivileges: Bool
  /// Whether its clock is kept right by a time server.
  package var isInTime: Bool

  package init(
    name: String, isManager: Bool, labels: [String], isReady: Bool = true, isActive: Bool = true,
    milliCPUs: Int, memory: ByteCount, platform: String, keepsPrivileges: Bool = true,
    isInTime: Bool = true
  ) {
    self.name = name
    self.isManager = isManager
    self.labels = labels
    self.isReady = isReady
    self.isActive = isActive
    self.milliCPUs = milliCPUs
    self.memory = memory
    self.platform = platform
    self.keepsPrivileges = keepsPrivileges
    self.isInTime = isInTime
  }

  package static func read(_ bytes: [UInt8]) throws(ReadingFailure) -> Evidence<[NodeFact]> {
    let root = try JSONFields(bytes)
    let nodes = try root.objects("nodes").map { node throws(ReadingFailure) in
      NodeFact(
        name: try node.text("name"), isManager: try node.flag("manager"),
        labels: try node.texts("labels"), isReady: try node.flag("ready"),
        isActive: try node.flag("active"), milliCPUs: try node.integer("milliCPUs"),
        memory: ByteCount(bytes: try node.integer("memory")), platform: try node.text("platform"),
        keepsPrivileges: try node.flag("noNewPrivileges"), isInTime: try node.flag("timeInSync"))
    }
    return try root.evidence(nodes)
  }
}

/// One container that runs: `facts/replicas.json`.
package struct ReplicaFact: Sendable, Hashable {
  package var service: String
  package var node: String
  /// What its own health check says.
  package var isHealthy: Bool
  /// The commit that it was built from, by its own word; `nil` for what others build.
  package var build: String?
  package init(service: String, node: String, isHealthy: Bool = true, build: String?) {
    self.service = service
    self.node = node
    self.isHealthy = isHealthy
    self.build = build
  }

  package static func read(_ bytes: [UInt8]) throws(ReadingFailure) -> Evidence<[ReplicaFact]> {
    let root = try JSONFields(bytes)
    let replicas = try root.objects("replicas").map { replica throws(ReadingFailure) in
      ReplicaFact(
        service: try replica.text("service"), node: try replica.text("node"),
        isHealthy: try replica.flag("healthy"), build: try replica.optionalText("build"))
    }
    return try root.evidence(replicas)
  }
}

/// What the deployed database says of its schema: `facts/migrations.json`, as the service's own
/// `migrate status` prints it.
package struct SchemaFact: Sendable, Hashable {
  /// The newest migration that was applied; empty if none was.
  package var applied: String
  /// Those that began and did not end.
  package var failed: [String]
  /// Those whose text is another one now than when they were applied.
  package var changed: [String]
  /// The schemas of the releases that this database serves: the newest, and the one before it.
  package var serves: [String]
  package init(
    applied: String, failed: [String] = [], changed: [String] = [], serves: [String]
  ) {
    self.applied = applied
    self.failed = failed
    self.changed = changed
    self.serves = serves
  }

  package static func read(_ bytes: [UInt8]) throws(ReadingFailure) -> Evidence<SchemaFact> {
    let root = try JSONFields(bytes)
    return try root.evidence(
      SchemaFact(
        applied: try root.text("applied"), failed: try root.texts("failed"),
        changed: try root.texts("changed"), serves: try root.texts("serves")))
  }
}

/// A target of Prometheus, as `GET /api/v1/targets` answers.
package struct TargetFact: Sendable, Hashable {
  package var job: String
  package var instance: String
  package var isUp: Bool
  package init(job: String, instance: String, isUp: Bool = true) {
    self.job = job
    self.instance = instance
    self.isUp = isUp
  }

  /// The answer as it came; it is as old as its newest scrape.
  package static func read(_ bytes: [UInt8]) throws(ReadingFailure) -> Evidence<[TargetFact]> {
    let root = try JSONFields(bytes)
    guard try root.text("status") == "success" else {
      throw ReadingFailure("it is no successful answer of Prometheus")
    }
    var newest: PointInTime?
    let targets = try root.object("data").objects("activeTargets").map {
      target throws(ReadingFailure) in
      let labels = try target.object("labels")
      let scraped = try target.moment("lastScrape")
      newest = max(newest ?? scraped, scraped)
      return TargetFact(
        job: try labels.text("job"), instance: try labels.text("instance"),
        isUp: try target.text("health") == "up")
    }
    guard let newest else { throw ReadingFailure("it names no target") }
    return Evidence(targets, commit: nil, made: newest, source: "Prometheus")
  }
}

/// When a backup was last made, and when one was last restored and compared.
package struct BackupFact: Sendable, Hashable {
  package var newest: PointInTime
  package var verified: PointInTime
  package init(newest: PointInTime, verified: PointInTime) {
    self.newest = newest
    self.verified = verified
  }

  /// The time in the name of a backup: `daily-20261121T020000Z`.
  package static func readNewest(_ bytes: [UInt8]) throws(ReadingFailure) -> PointInTime {
    let name = try JSONFields(bytes).text("name")
    guard let match = name.wholeMatch(of: /.*-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z/),
      let time = PointInTime(
        "\(match.1)-\(match.2)-\(match.3)T\(match.4):\(match.5):\(match.6)Z")
    else { throw ReadingFailure("its 'name' does not end in the time at which it was made") }
    return time
  }

  /// The only sample of a metric, in the text format that the node exporter reads.
  package static func readMetric(
    _ bytes: [UInt8], _ name: String
  ) throws(ReadingFailure) -> PointInTime {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ReadingFailure("it is no UTF-8 text")
    }
    let samples = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    guard samples.count == 1, let sample = samples.first, sample.hasPrefix(name),
      let after = sample.dropFirst(name.utf8.count).first, after == "{" || after == " ",
      let value = sample.split(separator: " ").last, let seconds = Int(value), seconds > 0,
      seconds < 1 << 40
    else { throw ReadingFailure("it does not hold one sample of '\(name)'") }
    return PointInTime(seconds: seconds)
  }
}

/// What somebody tried out before it was needed, and signed.
package struct Rehearsal: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable { case rollback, firstRelease }
  package var kind: Kind
  /// Where it was tried.
  package var environment: String
  /// Of a rollback: the commit that it went back to.
  package var to: String?
  /// What was seen: `rolled-back`, `answered`, `migrated-empty`, `backup-verified`.
  package var steps: [String]
  package init(kind: Kind, environment: String, to: String? = nil, steps: [String]) {
    self.kind = kind
    self.environment = environment
    self.to = to
    self.steps = steps
  }

  package static func read(_ bytes: [UInt8]) throws(ReadingFailure) -> Evidence<Rehearsal> {
    let root = try JSONFields(bytes)
    guard let kind = Kind(rawValue: try root.text("kind")) else {
      throw ReadingFailure("its 'kind' is neither rollback nor firstRelease")
    }
    return try root.evidence(
      Rehearsal(
        kind: kind, environment: try root.text("environment"), to: try root.optionalText("to"),
        steps: try root.texts("steps")))
  }
}

/// What somebody in a role decided about a release.
package struct SignOff: Sendable, Hashable {
  package var role: String
  package var by: String
  package var environment: String
  package var isApproval: Bool
  package var expires: PointInTime
  package init(
    role: String, by: String, environment: String, isApproval: Bool = true, expires: PointInTime
  ) {
    self.role = role
    self.by = by
    self.environment = environment
    self.isApproval = isApproval
    self.expires = expires
  }

  package static func read(_ bytes: [UInt8]) throws(ReadingFailure) -> Evidence<SignOff> {
    let root = try JSONFields(bytes)
    let by = try root.text("by")
    let signOff = SignOff(
      role: try root.text("role"), by: by, environment: try root.text("environment"),
      isApproval: try root.text("decision") == "approved", expires: try root.moment("expires"))
    return Evidence(
      signOff, commit: try root.text("commit"), made: try root.moment("made"), source: by)
  }
}
