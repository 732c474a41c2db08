import Foundation
import TestSupport
import Testing

/// `slipway secrets` asks the servers that others wrote: OpenBao itself, and moto for AWS. The
/// engine is a stand-in that keeps what it is told.
struct SourceTests {
  private static let cookie = Shop.cookie
  private static let redis = Shop.redis

  /// The generated files of a shop whose secrets are in this source.
  private static func prepare(_ folder: TemporaryFolder, source: String) throws {
    try folder.write(
      """
      {"environment": "prod", "stage": "production", "project": "Shop", "state": "/nowhere",
       "metrics": "/nowhere", "schema": false, "names": [], "roles": [],
       "coverage": {"floor": 80, "modules": []}, "capProofs": [],
       "images": [], "services": [], "scrapes": [],
       "nodes": [], "secrets": {"source": \(source), "denied": [],
         "keys": [{"name": "COOKIE_KEY", "form": "random", "bits": 256},
                  {"name": "REDIS_PASSWORD", "form": "random", "bits": 128}],
         "distinct": [["COOKIE_KEY", "REDIS_PASSWORD"]]}}
      """, to: "generated/prod/gate.json")
    let entries = ["COOKIE_KEY", "REDIS_PASSWORD"].map { key in
      let name = key.lowercased().replacing("_", with: "-")
      return """
        {"name": "\(name)", "key": "\(key)", "form": "plain", "version": 1,
         "engine": "shop-prod_\(name)_v1", "days": 90, "services": ["web"]}
        """
    }
    try folder.write(
      """
      {"environment": "prod", "stack": "shop-prod", "leaves": [],
       "secrets": [\(entries.joined(separator: ","))]}
      """, to: "generated/prod/secrets.json")
    try folder.write("", to: "engine/.keep")
    try folder.write(
      try String(
        contentsOfFile: "\(packageRoot)/Tests/SecretTests/stand-ins/docker", encoding: .utf8),
      to: "bin/docker", executable: true)
  }

  private static func secrets(
    _ folder: TemporaryFolder, _ verb: String, _ variables: [String: String]
  ) async throws -> Tool.Output {
    var environment = variables
    environment["PATH"] = "\(folder.path(of: "bin")):\(packageRoot)/.tools/bin:/usr/bin:/bin"
    environment["SLIPWAY_STATE"] = folder.path(of: "state")
    environment["STAND_IN"] = folder.path(of: "engine")
    return try await Tool.built(
      "slipway", ["secrets", verb, "prod"], in: folder.path, environment: environment)
  }

  private func expectSync(
    _ folder: TemporaryFolder, _ variables: [String: String], missing: [String: String]
  ) async throws {
    let denied = try await Self.secrets(folder, "sync", missing)
    #expect(denied.status == 1, "\(denied)")
    let output = try await Self.secrets(folder, "sync", variables)
    #expect(output.status == 0 && output.stdout == "prod: 2 secrets created\n", "\(output)")
    #expect(try folder.read("engine/shop-prod_cookie-key_v1") == Self.cookie)
    #expect(try folder.read("engine/shop-prod_redis-password_v1") == Self.redis)
    for text in [output.stdout, output.stderr, try folder.read("engine/.given")] {
      #expect(!text.contains(Self.cookie) && !text.contains(Self.redis))
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `OpenBao gives them to whoever has a token`() async throws {
    try await withTemporaryFolder { folder in
      try Self.prepare(folder, source: #"{"kind": "vault", "path": "secret/shop/prod"}"#)
      try await Servers.openBao(folder) { address, token in
        for (name, value) in [("COOKIE_KEY", Self.cookie), ("REDIS_PASSWORD", Self.redis)] {
          let put = try await Tool.run(
            "bao", ["kv", "put", "secret/shop/prod/\(name)", "value=-"], input: value,
            environment: ["BAO_ADDR": address, "BAO_TOKEN": token])
          try #require(put.status == 0, "\(put)")
        }
        try await expectSync(
          folder, ["VAULT_ADDR": address, "VAULT_TOKEN": token],
          missing: ["VAULT_ADDR": address, "VAULT_TOKEN": "another"])
        let status = try await Self.secrets(
          folder, "status", ["VAULT_ADDR": address, "VAULT_TOKEN": token])
        #expect(status.status == 0, "\(status)")
      }
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `AWS Secrets Manager, as moto answers for it, gives them`() async throws {
    try await withTemporaryFolder { folder in
      try Self.prepare(
        folder, source: #"{"kind": "aws", "prefix": "shop/prod", "region": "eu-central-1"}"#)
      try await Servers.moto(folder) { address in
        let made = try await Tool.run(
          "python3",
          [
            "-c",
            """
            import boto3, sys
            client = boto3.client("secretsmanager", region_name="eu-central-1",
              endpoint_url=sys.argv[1], aws_access_key_id="a", aws_secret_access_key="b")
            for name, value in (pair.split("=") for pair in sys.argv[2:]):
              client.create_secret(Name="shop/prod/" + name, SecretString=value)
            """, address, "COOKIE_KEY=\(Self.cookie)", "REDIS_PASSWORD=\(Self.redis)",
          ])
        try #require(made.status == 0, "\(made)")
        let variables = [
          "AWS_ENDPOINT_URL_SECRETS_MANAGER": address, "AWS_ACCESS_KEY_ID": "a",
          "AWS_SECRET_ACCESS_KEY": "b",
        ]
        try await expectSync(
          folder, variables, missing: ["AWS_ENDPOINT_URL_SECRETS_MANAGER": address])
      }
    }
  }

  @Test func `a folder of mounted files gives them`() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.path(of: "mounted")
      try Self.prepare(folder, source: #"{"kind": "files", "path": "\#(path)"}"#)
      let missing = try await Self.secrets(folder, "sync", [:])
      #expect(missing.status == 1)
      #expect(
        missing.stderr == "error: the folder '\(path)': there is no such folder\n", "\(missing)")
      try folder.write(Self.cookie + "\n", to: "mounted/cookie-key")
      try folder.write(Self.redis, to: "mounted/redis-password")
      let output = try await Self.secrets(folder, "sync", [:])
      #expect(output.status == 0, "\(output)")
      // What an editor adds at the end of a file is no part of the value.
      #expect(try folder.read("engine/shop-prod_cookie-key_v1") == Self.cookie)
    }
  }

  @Test func `the secrets of a developer's machine are kept by no engine`() async throws {
    try await withTemporaryFolder { folder in
      try Self.prepare(folder, source: #"{"kind": "made-up"}"#)
      let text = try folder.read("generated/prod/gate.json")
      try folder.write(
        text.replacing(#""stage": "production""#, with: #""stage": "development""#),
        to: "generated/prod/gate.json")
      let output = try await Self.secrets(folder, "sync", [:])
      #expect(
        output.stderr
          == "refused: the secrets of 'prod' are files that scripts/up makes; "
          + "no engine keeps them\n"
      )
    }
  }

  @Test func `two runs at once are one after another`() async throws {
    try await withTemporaryFolder { folder in
      try Self.prepare(folder, source: #"{"kind": "files", "path": "\#(folder.path(of: "m"))"}"#)
      try folder.write(Self.cookie, to: "m/cookie-key")
      try folder.write(Self.redis, to: "m/redis-password")
      async let first = Self.secrets(folder, "sync", ["SLIPWAY_LOCK_SECONDS": "100"])
      async let second = Self.secrets(folder, "sync", ["SLIPWAY_LOCK_SECONDS": "100"])
      let outputs = try await [first, second]
      #expect(
        outputs.map(\.stdout).sorted()
          == ["prod: 0 secrets created\n", "prod: 2 secrets created\n"], "\(outputs)")
    }
  }
}
