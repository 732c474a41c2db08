import Foundation
import TestSupport
import Testing

/// `slipway pki issue`, judged by OpenSSL and by servers and clients that others wrote.
struct PKITests {
  /// The folder of an environment with one Redis and one PostgreSQL, and places for what is made.
  private static func prepare(_ folder: TemporaryFolder) throws {
    let leaves = ["redis-cache", "postgres-primary"].map {
      """
      {"service": "\($0)", "certificate": "inside-tls-\($0)-certificate",
       "key": "inside-tls-\($0)-key", "days": 90}
      """
    }
    try folder.write(
      """
      {"environment": "prod", "stack": "shop-prod", "secrets": [],
       "authority": {"certificate": "inside-ca", "days": 365},
       "leaves": [\(leaves.joined(separator: ","))]}
      """, to: "generated/prod/secrets.json")
    try folder.write("", to: "authority/.keep")
    try folder.write("", to: "out/.keep")
  }

  private static func issue(
    _ folder: TemporaryFolder, _ arguments: [String] = []
  ) async throws -> Tool.Output {
    try await Tool.built(
      "slipway",
      ["pki", "issue", "prod", "--authority", "authority", "--into", "out"] + arguments,
      in: folder.path)
  }

  private static func shell(
    _ folder: TemporaryFolder, _ script: String
  ) async throws -> Tool.Output {
    try await Tool.program(
      "/bin/bash", ["-euo", "pipefail", "-c", script, "bash", "\(packageRoot)/.tools/bin"],
      in: folder.path)
  }

  @Test(.covers("C-60"))
  func `OpenSSL agrees with chain, names, use and time`() async throws {
    try await withTemporaryFolder { folder in
      try Self.prepare(folder)
      let made = try await Self.issue(folder, ["--new-authority"])
      try #require(made.status == 0, "\(made)")
      #expect(
        made.stdout == """
          made the authority of shop-prod
          redis-cache: issued
          postgres-primary: issued

          """)
      let judged = try await Self.shell(
        folder,
        """
        cd out
        openssl verify -x509_strict -purpose sslserver -CAfile inside-ca \
          -verify_hostname redis-cache inside-tls-redis-cache-certificate
        openssl verify -x509_strict -CAfile inside-ca -verify_hostname shop-prod_postgres-primary \
          inside-tls-postgres-primary-certificate
        ! openssl verify -CAfile inside-ca -verify_hostname postgres-primary \
          inside-tls-redis-cache-certificate 2>/dev/null
        openssl x509 -in inside-tls-redis-cache-certificate -noout -checkend $((89 * 86400))
        ! openssl x509 -in inside-tls-redis-cache-certificate -noout -checkend $((91 * 86400))
        cmp <(openssl x509 -in inside-tls-redis-cache-certificate -noout -pubkey) \
          <(openssl pkey -in inside-tls-redis-cache-key -pubout)
        stat --format '%a %n' inside-tls-redis-cache-key ../authority/ca.key
        ls -A . ../authority
        """)
      #expect(judged.status == 0, "\(judged)")
      #expect(judged.stdout.contains("600 inside-tls-redis-cache-key\n600 ../authority/ca.key\n"))
      // The authority's key is in its own folder only, and no half-written file is left.
      let key = try folder.read("authority/ca.key").split(separator: "\n")[1]
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path(of: "out")) {
        #expect(!(try folder.read("out/\(name)")).contains(key), "\(name)")
        #expect(!name.hasSuffix("-new"))
      }
    }
  }

  @Test func `what still serves stays, what does not is issued anew`() async throws {
    try await withTemporaryFolder { folder in
      try Self.prepare(folder)
      _ = try await Self.issue(folder, ["--new-authority"])
      let first = try folder.read("out/inside-tls-redis-cache-certificate")
      let again = try await Self.issue(folder)
      #expect(again.stdout == "redis-cache: still serves\npostgres-primary: still serves\n")
      #expect(try folder.read("out/inside-tls-redis-cache-certificate") == first)
      // Cut off between key and certificate: the pair does not match.
      try folder.write(
        try folder.read("out/inside-tls-postgres-primary-key"), to: "out/inside-tls-redis-cache-key"
      )
      let mended = try await Self.issue(folder)
      #expect(mended.stdout == "redis-cache: issued\npostgres-primary: still serves\n")
      let asked = try await Self.issue(folder, ["postgres-primary"])
      #expect(asked.stdout == "postgres-primary: issued\n")
    }
  }

  @Test func `what makes no sense is refused`() async throws {
    try await withTemporaryFolder { folder in
      try Self.prepare(folder)
      func refusal(_ arguments: [String] = []) async throws -> String {
        let output = try await Self.issue(folder, arguments)
        #expect(output.status == 1)
        return output.stderr
      }
      #expect(try await refusal() == "refused: there is no 'authority/ca.pem'\n")
      #expect(
        try await refusal(["redis-state", "--new-authority"])
          == "refused: 'prod' has no data store 'redis-state'\n")
      #expect(
        try await refusal(["--new-authority"])
          == "refused: 'authority/ca.pem' is there, and an authority is not replaced\n")
      #expect(chmod(folder.path(of: "authority/ca.key"), 0o644) == 0)
      #expect(
        try await refusal()
          == "refused: others than its owner may read 'authority/ca.key'; chmod 600, "
          + "or replace it\n"
      )
      let text = try folder.read("generated/prod/secrets.json")
      #expect(chmod(folder.path(of: "authority/ca.key"), 0o600) == 0)
      try folder.write(
        text.replacing(#""days": 90"#, with: #""days": 900"#), to: "generated/prod/secrets.json")
      #expect(try await refusal(["redis-cache"]).contains("before a certificate of 900 days would"))
    }
  }

  @Test(.covers("C-38", "C-60"), .timeLimit(.minutes(5)))
  func `Redis and PostgreSQL serve with it, and clients verify them`() async throws {
    try await withTemporaryFolder { folder in
      try Self.prepare(folder)
      _ = try await Self.issue(folder, ["--new-authority"])
      let output = try await Tool.program(
        "\(packageRoot)/Tests/SecretTests/rehearsals/inside-tls.sh",
        ["\(packageRoot)/.tools/bin", folder.path], in: folder.path)
      #expect(output.status == 0, "\(output)")
      #expect(
        output.stdout == """
          redis PONG
          redis refuses a stranger's authority
          postgres 1
          postgres refuses another name

          """, "\(output)")
    }
  }
}
