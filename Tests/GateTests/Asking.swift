import Foundation
import SlipwayEvidence
import SlipwayModel
import TestSupport

/// A folder as a runner of CI has it before it asks the gate: generated files, record, reports.
struct Asking {
  let folder: TemporaryFolder

  static func delivery<Result>(_ body: (Asking) async throws -> Result) async throws -> Result {
    try await withTemporaryFolder { folder in
      let asking = Asking(folder: folder)
      try asking.prepare()
      return try await body(asking)
    }
  }

  func ask(
    _ words: [String] = [], _ environment: [String: String] = [:]
  ) async throws -> Tool.Output {
    let seat = words.contains("--seat") ? [] : ["--seat", "delivery"]
    return try await Tool.built(
      "slipway-gate",
      [
        "gate", "prod", "--kind", "release", "--record", "release.json", "--evidence", "evidence",
        "--lock", "Lock.json",
      ] + seat + words, in: folder.path,
      environment: ["SLIPWAY_STATE": folder.path(of: "state")].merging(environment) { $1 })
  }

  /// Without blank lines and the time.
  func lines(of result: Tool.Output) -> [String] {
    result.stdout.replacing(/\ at \d{4}-[-\dT:]+Z/, with: "").split(separator: "\n").map(
      String.init)
  }

  static var now: PointInTime { PointInTime(seconds: Int(Date().timeIntervalSince1970)) }

  private func prepare() throws {
    let now = Self.now.text
    try folder.write(Self.gate, to: "generated/prod/gate.json")
    try folder.write(Self.stack, to: "generated/prod/docker-compose.yml")
    try folder.write(
      """
      {"commit": "\(Scene.commit)", "created": "\(now)", "schema": "0042", "previous": "",
       "images": {"SHOP_BACKEND_IMAGE": "registry.example/shop@\(Scene.digest)"}}
      """, to: "release.json")
    try folder.write(
      """
      {"images": [{"name": "docker.io/library/redis", "tag": "7", "digest": "\(Scene.digest)",
        "binding": "\(ImageLock.binding("docker.io/library/redis", "7", Scene.digest))",
        "platforms": []}], "actions": []}
      """, to: "Lock.json")
    try seal("evidence-test", ["pass-swift-testing.xml", "coverage.json"])
    try seal("evidence-security", ["sources.sarif"])
    try seal("evidence-lint", ["form.json"])
    try seal("evidence-leaks", ["leaks.sarif"])
    try seal("evidence-image-shop", ["image.sarif"], as: ["trivy.sarif"])
  }

  /// Fixtures in a folder, with the `about.json` that vouches for them.
  func seal(
    _ name: String, _ fixtures: [String], as names: [String]? = nil,
    of commit: String = Scene.commit
  ) throws {
    var files: [String] = []
    for (source, target) in zip(fixtures, names ?? fixtures) {
      let bytes = try fixture(source)
      try folder.write(String(decoding: bytes, as: UTF8.self), to: "evidence/\(name)/\(target)")
      files.append("\"\(target)\": \"\(SHA256.hex(bytes))\"")
    }
    try folder.write(
      """
      {"commit": "\(commit)", "made": "\(Self.now.text)", "source": "run 812",
       "files": {\(files.joined(separator: ", "))}}
      """, to: "evidence/\(name)/about.json")
  }

  static let stack = """
    services:
      backend:
        environment: {LOG_LEVEL: info, DEBUG: "false"}
        deploy: {resources: {limits: {cpus: "1", memory: 1G}}}

    """

  static let gate = """
    {
      "environment": "prod", "stage": "production", "project": "Shop", "after": "staging",
      "state": "/var/lib/shop/prod", "metrics": "/var/lib/shop/metrics",
      "coverage": {"floor": 50, "modules": []},
      "capProofs": ["TillTests"],
      "images": [
        {"service": "backend", "release": "SHOP_BACKEND_IMAGE"},
        {"service": "redis", "locked": "docker.io/library/redis:7@\(Scene.digest)"}
      ],
      "secrets": {
        "source": {"kind": "files", "path": "/nowhere"},
        "keys": [{"name": "JWT_KEY", "form": "random", "bits": 256}],
        "denied": [], "distinct": []
      },
      "names": ["shop.example"],
      "services": [
        {"name": "backend", "replicas": 2, "ours": true}, {"name": "redis", "ours": false}
      ],
      "scrapes": [{"job": "backend", "targets": 2}],
      "nodes": [
        {"name": "edge-1", "manager": true, "labels": ["edge"], "milliCPUs": 4000,
         "memory": 8589934592, "platform": "linux/amd64"}
      ],
      "backupMetric": "shop_backup_last_verified_timestamp_seconds", "schema": true,
      "roles": ["security"]
    }
    """
}
