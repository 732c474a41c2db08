import Foundation
import TestSupport
import Testing

/// Registries that misbehave: each way has its finding, its status, and leaves the file alone.
struct AnswerTests {
  private static let app = "registry.example/app"

  struct Refusal: Sendable, CustomTestStringConvertible {
    let mode: String
    let status: Int32
    let says: String
    /// Seconds; those that never answer need not be waited for as long as a busy machine takes.
    var patience: Int { says.hasSuffix("within 1 s") ? 1 : 10 }
    var testDescription: String { mode }
  }

  private static let refusals = [
    Refusal(mode: "missing", status: 4, says: "HOST has no such tag"),
    Refusal(mode: "busy", status: 4, says: "HOST was asked too often"),
    Refusal(mode: "failing", status: 4, says: "HOST answers with status 503"),
    Refusal(mode: "teapot", status: 4, says: "HOST answers with status 418"),
    Refusal(
      mode: "private", status: 4,
      says: "HOST shows it to nobody without a password, or has nothing of that name"),
    Refusal(
      mode: "issuer-refuses", status: 4,
      says: "HOST shows it to nobody without a password, or has nothing of that name"),
    Refusal(
      mode: "silent", status: 4, says: "http://HOST gave no whole answer within 1 s"),
    Refusal(mode: "drip", status: 4, says: "http://HOST gave no whole answer within 1 s"),
    Refusal(mode: "hang-up", status: 4, says: "http://HOST cannot be reached: "),
    Refusal(
      mode: "single-lost", status: 4,
      says: "HOST has the manifest, but not the configuration that it names"),
    Refusal(
      mode: "huge", status: 1,
      says: "http://HOST answers with more than 4194304 bytes, which no manifest has"),
    Refusal(
      mode: "endless", status: 1,
      says: "http://HOST answers with more than 4194304 bytes, which no manifest has"),
    Refusal(
      mode: "elsewhere", status: 1,
      says: "http://HOST sends to https://registry.invalid, which nobody asked"),
    Refusal(mode: "loop", status: 1, says: "http://HOST sends from one address to the next"),
    Refusal(mode: "liar", status: 1, says: "HOST says sha256:"),
    Refusal(mode: "single-liar", status: 1, says: "HOST says sha256:"),
    Refusal(
      mode: "broken", status: 1,
      says: "the answer of HOST makes no sense: it is not JSON: 1:36: expected a value"),
    Refusal(
      mode: "senseless", status: 1,
      says: "the answer of HOST makes no sense: it is neither an index nor a manifest"),
    Refusal(
      mode: "configless", status: 1,
      says: "the answer of HOST makes no sense: its configuration has no digest"),
    Refusal(
      mode: "tokenless", status: 1,
      says: "the answer of HOST makes no sense: the issuer of tokens gave none"),
    Refusal(
      mode: "splitting", status: 1,
      says: "the answer of HOST makes no sense: the issuer of tokens gave none"),
  ]

  @Test(arguments: refusals)
  func `a registry that misbehaves is named, and nothing is written`(
    refusal: Refusal
  ) async throws {
    let text = lockFile(images: [(Self.app, "1.0")])
    try await withLock(text) { locking in
      try await Server.with(refusal.mode, in: locking.folder) { server in
        let result = try await locking.run(server.map() + ["--timeout", "\(refusal.patience)"])
        #expect(result.status == refusal.status, "\(result)")
        let rule = refusal.status == 4 ? "registries-answer" : "answers-are-sound"
        let said = refusal.says.replacing("HOST", with: "127.0.0.1:\(server.port)")
        #expect(
          result.words.hasPrefix("error[supply/\(rule)]: '\(Self.app):1.0' is not read: \(said)"),
          "\(result)")
        #expect(result.words.contains(" ::: Lock.json:3 images[0] = why: "))
        #expect(result.words.contains(" = fix: "))
        #expect(
          result.stderr.hasSuffix("refused: 1 error, 0 warnings. Nothing was written.\n"))
        try expectUntouched(locking, text)
      }
    }
  }

  @Test(arguments: [
    ("no-registry", "HOST does not speak the distribution API; 2 images wait for it: NAMES", 4),
    ("basic", "HOST shows it to nobody without a password, or has nothing of that name;", 4),
    (
      "open-issuer",
      "HOST sends for a token to 'http://tokens.example/token', which is no encrypted address;", 1
    ),
  ])
  func `a registry that cannot be asked is said once, with all that waits for it`(
    mode: String, says: String, status: Int32
  ) async throws {
    let text = lockFile(images: [(Self.app, "1.0"), (Self.app, "2.0")])
    try await withLock(text) { locking in
      try await Server.with(mode, in: locking.folder) { server in
        let result = try await locking.run(server.map())
        #expect(result.status == status, "\(result)")
        let said = says.replacing("HOST", with: "127.0.0.1:\(server.port)")
          .replacing("NAMES", with: "\(Self.app):1.0, \(Self.app):2.0")
        #expect(result.words.contains("]: \(said)"), "\(result)")
        #expect(result.stderr.hasSuffix("refused: 1 error, 0 warnings. Nothing was written.\n"))
        let requests = try server.requests()
        #expect(requests == ["GET /v2/ -"])
        try expectUntouched(locking, text)
      }
    }
  }

  @Test func `a registry where nothing listens is unreachable`() async throws {
    let text = lockFile(images: [(Self.app, "1.0")])
    try await withLock(text) { locking in
      let port = try await Server.with("good", in: locking.folder) { $0.port }
      let result = try await locking.run(
        ["--registry-map", "registry.example=http://127.0.0.1:\(port)", "--insecure-loopback"])
      #expect(result.status == 4)
      #expect(
        result.words.hasPrefix(
          "error[supply/registries-answer]: http://127.0.0.1:\(port) cannot be reached: "
            + "nothing answers there; 1 image waits for it: \(Self.app):1.0"), "\(result)")
      #expect(
        result.stderr.contains(
          """
            = fix: try again later, or read from a mirror that can be reached: \
          --registry-map
          """), "\(result)")
      try expectUntouched(locking, text)
    }
  }

  @Test func `a certificate that nobody vouches for is not trusted`() async throws {
    let text = lockFile(images: [(Self.app, "1.0")])
    try await withLock(text) { locking in
      let certificate = locking.folder.path(of: "tls.pem")
      let made = try await Tool.run(
        "busybox",
        [
          "sh", "-c",
          """
          openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 \
            -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout "$1.key" -out "$1" &&
            cat "$1.key" >> "$1"
          """, "sh", certificate,
        ])
      #expect(made.status == 0, "\(made)")
      try await Server.with("good", certificate: certificate, in: locking.folder) { server in
        let result = try await locking.run(
          ["--registry-map", "registry.example=127.0.0.1:\(server.port)"])
        #expect(result.status == 4)
        #expect(
          result.words.contains(
            "https://127.0.0.1:\(server.port) cannot be reached: the server's certificate is "
              + "not trusted;"), "\(result)")
        try expectUntouched(locking, text)
      }
    }
  }

  @Test(arguments: ["good", "tokens", "next-door", "flaky", "unsigned"])
  func `a registry that only needs patience or a token is read`(mode: String) async throws {
    try await withLock(lockFile(images: [(Self.app, "1.0")])) { locking in
      try await Server.with(mode, in: locking.folder) { server in
        let result = try await locking.run(server.map())
        #expect(result.status == 0, "\(result)")
        let entry = try locking.read().images[0]
        #expect(entry.digest != Locking.noDigest)
        #expect(entry.platforms == ["linux/amd64", "linux/arm/v7", "linux/arm64"])
      }
    }
  }

  @Test func `a token is asked for one repository, and shown to nobody else`() async throws {
    try await withLock(lockFile(images: [(Self.app, "1.0")])) { locking in
      try await Server.with("tokens", in: locking.folder) { server in
        try await locking.run(server.map())
        let requests = try server.requests()
        #expect(requests.count == 3)
        #expect(requests[0] == "GET /v2/ -")
        #expect(
          requests[1] == "GET /token?service=stand-in&scope=repository:app:pull -")
        #expect(requests[2].hasPrefix("GET /v2/app/manifests/1.0 Bearer_"))
      }
    }
  }

  @Test func `a blob may come from another host, which is shown no token`() async throws {
    try await withLock(lockFile(images: [(Self.app, "1.0")])) { locking in
      try await Server.with("single", in: locking.folder) { server in
        let result = try await locking.run(server.map())
        #expect(result.status == 0, "\(result)")
        let platforms = try locking.read().images[0].platforms
        #expect(platforms == ["linux/s390x"])
        let requests = try server.requests()
        #expect(requests.last?.hasSuffix("?elsewhere -") == true)
      }
    }
  }

  @Test func `what was read before is only asked for its digest`() async throws {
    try await withLock(lockFile(images: [(Self.app, "1.0")])) { locking in
      try await Server.with("good", in: locking.folder) { server in
        try await locking.run(server.map())
        try await locking.run(server.map())
        let requests = try server.requests()
        #expect(
          requests == [
            "GET /v2/ -", "GET /v2/app/manifests/1.0 -", "GET /v2/ -",
            "HEAD /v2/app/manifests/1.0 -",
          ])
      }
    }
  }
}
