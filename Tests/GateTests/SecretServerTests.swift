import Foundation
import ServiceContract
import SlipwayEvidence
import SlipwayModel
import TestSupport
import Testing

/// Secrets that servers hold: asked over HTTP, never printed.
struct SecretServerTests {
  private static let good = "9f1c27e04b8d63aa51f0c7de2390b46e8815fd72c3ea604b97d2186fe05a3bc4"
  private static let http = HTTPClient(limits: HTTPLimits(timeout: .seconds(20), tries: 1))

  private static func vault(
    _ port: Int, token: String = "root-token"
  ) throws(ReadingFailure) -> VaultSecrets {
    try VaultSecrets(
      http, address: "http://127.0.0.1:\(port)", path: "secret/shop/prod", token: token)
  }

  private static func aws(
    _ port: Int, secret: String = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    session: String? = nil, now: PointInTime = Scene.noon
  ) throws(ReadingFailure) -> AWSSecrets {
    try AWSSecrets(
      http, address: "http://127.0.0.1:\(port)", prefix: "shop/prod", region: "eu-central-1",
      credentials: AWSCredentials(key: "AKIDEXAMPLE", secret: secret, session: session), now: now)
  }

  private static func ask(
    _ source: any SecretSource, _ names: [String] = ["JWT_KEY", "COOKIE_KEY"]
  ) async -> Sight<SecretFacts> {
    let keys = names.map { SecretExpectations.Key(name: $0, form: .random, bits: 256) }
    return await SecretCollector.facts(
      SecretExpectations(source: .madeUp, keys: keys), from: source, now: Scene.noon)
  }

  private static func faults(_ sight: Sight<SecretFacts>) throws -> [String: SecretFault] {
    guard case .seen(let seen) = sight else { throw Unexpected(what: "\(sight)") }
    return seen.value.faults
  }

  private static func clause(_ sight: Sight<SecretFacts>) throws -> String {
    guard case .unreadable(let clause) = sight else { throw Unexpected(what: "\(sight)") }
    return clause
  }

  @Test func `OpenBao and Vault are asked by path, and say what they lack`() async throws {
    try await SecretServer.with(["JWT_KEY": Self.good]) { port in
      let sight = await Self.ask(try Self.vault(port))
      #expect(try Self.faults(sight) == ["COOKIE_KEY": .missing])
      let denied = await Self.ask(try Self.vault(port, token: "another"))
      #expect(
        try Self.clause(denied)
          == "Vault at http://127.0.0.1:\(port): our token may not read JWT_KEY")
      let sealed = await Self.ask(try Self.vault(port), ["SEALED"])
      #expect(
        try Self.clause(sealed)
          == "Vault at http://127.0.0.1:\(port): it is sealed, or not ready")
      let torn = await Self.ask(try Self.vault(port), ["TORN"])
      #expect(
        try Self.clause(torn)
          == "Vault at http://127.0.0.1:\(port): its answer about TORN is not understood")
    }
  }

  @Test func `AWS is asked with a signature that it accepts`() async throws {
    try await SecretServer.with(["JWT_KEY": Self.good, "COOKIE_KEY": "short"]) { port in
      let sight = await Self.ask(try Self.aws(port), ["JWT_KEY", "COOKIE_KEY", "NONE", "GONE"])
      #expect(
        try Self.faults(sight)
          == ["COOKIE_KEY": .tooWeak(bits: 23, needed: 256), "NONE": .missing, "GONE": .missing])
      let session = await Self.ask(try Self.aws(port, session: "a-session"), ["JWT_KEY"])
      #expect(try Self.faults(session) == [:])
      let wrong = await Self.ask(try Self.aws(port, secret: "another"))
      #expect(
        try Self.clause(wrong)
          == "AWS Secrets Manager in eu-central-1: it answered InvalidSignatureException about "
          + "JWT_KEY")
      let denied = await Self.ask(try Self.aws(port), ["DENIED"])
      #expect(
        try Self.clause(denied)
          == "AWS Secrets Manager in eu-central-1: it answered AccessDeniedException about DENIED")
    }
  }

  @Test func `nobody there is no missing secret`() async throws {
    let sight = await Self.ask(try Self.vault(1))
    #expect(try Self.clause(sight) == "Vault at http://127.0.0.1:1: nothing answers there")
  }

  @Test(arguments: [
    (
      "http://vault.example",
      "'http://vault.example' would be read over a line that anyone can read"
    ),
    ("ftp://127.0.0.1", "'ftp://127.0.0.1' would be read over a line that anyone can read"),
    ("https://user:word@vault.example", "'https://user:word@vault.example' is no address"),
    ("vault", "'vault' is no address"),
  ])
  func `secrets are read over lines that nobody else can read`(address: String, clause: String) {
    do throws(ReadingFailure) {
      _ = try VaultSecrets(Self.http, address: address, path: "secret/a", token: "t")
      Issue.record("taken")
    } catch {
      #expect(error.clause == clause)
    }
  }

  @Test func `the whole gate never prints, and never passes on, a value`() async throws {
    try await SecretServer.with(["JWT_KEY": "canary-7d1f-short"]) { port in
      try await Asking.delivery { asking in
        let text = try asking.folder.read("generated/prod/gate.json").replacing(
          #""kind": "files", "path": "/nowhere""#,
          with: #""kind": "vault", "path": "secret/shop/prod""#)
        try asking.folder.write(text, to: "generated/prod/gate.json")
        let result = try await asking.ask(
          ["--seat", "cluster", "--format", "json"],
          ["VAULT_ADDR": "http://127.0.0.1:\(port)", "VAULT_TOKEN": "root-token"])
        #expect(result.status == 1)
        #expect(result.stdout.contains("JWT_KEY has at most"), "\(result)")
        #expect(!result.stdout.contains("canary") && !result.stderr.contains("canary"))
        #expect(!result.stdout.contains("root-token"))
      }
    }
  }
}

/// The stand-in, on a free port of this machine, ended by its own process id.
enum SecretServer {
  struct NotReady: Error { let said: String }

  static func with<Result>(
    _ values: [String: String], _ body: (Int) async throws -> Result
  ) async throws -> Result {
    try await withTemporaryFolder { folder in
      let file = try folder.write(
        String(decoding: try JSONEncoder().encode(values), as: UTF8.self), to: "values.json")
      let said = try folder.write("", to: "said.txt")
      let output = try FileHandle(forWritingTo: URL(fileURLWithPath: said))
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "\(packageRoot)/.tools/bin/python3")
      process.arguments = ["\(packageRoot)/Tests/GateTests/stand-ins/secrets.py", file]
      process.environment = ["PATH": "/usr/bin:/bin"]
      process.standardOutput = output
      process.standardError = output
      try process.run()
      defer {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
      }
      for _ in 0..<3000 {
        let text = try String(contentsOfFile: said, encoding: .utf8)
        if let match = text.firstMatch(of: /listening on 127\.0\.0\.1:(\d+)/),
          let port = Int(match.output.1)
        {
          return try await body(port)
        }
        try await Task.sleep(for: .milliseconds(20))
      }
      throw NotReady(said: try String(contentsOfFile: said, encoding: .utf8))
    }
  }
}
