import Foundation
import ServiceContract
import SlipwayDocuments
import SlipwayEmitters
import SlipwayModel
import TestSupport
import Testing

/// A specification knows secrets by name; so does every file. (S18-HS-07, C-16)
struct SecretTests {
  @Test(
    .covers("S17-PR-04", "S18-HS-07", "S03-CL-SEC-01"), arguments: Candidate.all, Specimen.allCases)
  func `nothing looks like a secret`(candidate: Candidate, specimen: Specimen) throws {
    for file in try specimen.emitted.files(by: candidate) {
      for (index, line) in file.lines.enumerated() {
        let found = Suspicion.of(String(line))
        #expect(found == nil, "\(file.path):\(index + 1): \(found ?? "")")
      }
    }
  }

  /// Where a tool expects a secret, there stands its name or where it is read from.
  @Test(.covers("C-16"), arguments: Candidate.all, Specimen.allCases)
  func `fields for secrets hold references`(candidate: Candidate, specimen: Specimen) throws {
    let environments = try specimen.environments
    let names = Set(
      environments.flatMap { environment in
        environment.secrets.flatMap { [$0.name, $0.key.name, environment.engineName(of: $0)] }
      })
    for file in try specimen.emitted.files(by: candidate) {
      for (field, value) in try file.fields where Suspicion.isSecretField(field) {
        let isReference =
          value.isEmpty || value.hasPrefix("/") || value.hasPrefix("../../.slipway/")
          || value.contains("${{ ") || names.contains(value)
          // A permission of a workflow, not a token.
          || (field == "id-token" && ["read", "write", "none"].contains(value))
        #expect(isReference, "\(file.path): \(field): \(value)")
      }
    }
  }

  @Test func `the suspicion works`() {
    for line in Suspicion.examples { #expect(Suspicion.of(line) != nil, "\(line)") }
    #expect(Suspicion.of("  image: nginx@sha256:\(String(repeating: "0a", count: 32))") == nil)
    #expect(Suspicion.of("  password_file: /run/secrets/postgres-password") == nil)
  }

  /// Values that stand around the generator, in variables and files, do not reach what it writes.
  @Test(.covers("S18-HS-07")) func `canaries in the surroundings stay there`() async throws {
    let canary = "canary-1b4e28ba-2fa1"
    try await withTemporaryFolder { folder in
      let lock = "environments/Lock.json"
      try folder.write(
        try String(contentsOfFile: "\(packageRoot)/\(lock)", encoding: .utf8), to: lock)
      try folder.write("POSTGRES_PASSWORD=\(canary)\n", to: ".env")
      var variables: [String: String] = [:]
      for environment in try Specimen.own.environments {
        for secret in environment.secrets {
          variables[secret.key.name] = canary
          try folder.write(canary, to: ".slipway/\(environment.name)/secrets/\(secret.name)")
          try folder.write(canary, to: "run/secrets/\(secret.name)")
        }
      }
      #expect(!variables.isEmpty)
      let result = try await Tool.built(
        "slipway", ["generate", "--output", "."], in: folder.path, environment: variables)
      #expect(result.status == 0, "\(result)")
      #expect(!result.stdout.contains(canary) && !result.stderr.contains(canary))
      var files = 0
      for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      where path.hasPrefix("generated/") || path.hasPrefix(".github/") || path == ".env.example" {
        guard let text = try? folder.read(path) else { continue }
        files += 1
        #expect(!text.contains(canary), "\(path)")
      }
      #expect(files > 100)
    }
  }
}

/// What a value looks like that should not be in a file.
private enum Suspicion {
  /// Why a line is suspicious, or `nil`.
  static func of(_ line: String) -> String? {
    for (what, pattern) in patterns
    where line.range(of: pattern, options: .regularExpression) != nil {
      return what
    }
    return line.split { !isTokenByte($0) }.first { isRandom($0) }
      .map { "random text '\($0.prefix(8))…'" }
  }

  static let examples = [
    "-----BEGIN PRIVATE KEY-----", "key: AKIAIOSFODNN7EXAMPLE",
    "url: postgres://shop:hunter2@db:5432/shop", "authorization: Bearer abcdef0123456789abcdef",
    "token: ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "hook: https://hooks.slack.com/services/T000/B000/XXXXXXXX",
    "password: h8F3kLq9ZxV2bN7mPw4RtY6uJc1sDgA5",
  ]

  private static let patterns = [
    ("a private key", "-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    ("an AWS key", "\\b(AKIA|ASIA)[0-9A-Z]{16}\\b"),
    ("a GitHub token", "\\bgh[pousr]_[0-9A-Za-z]{36}"),
    ("a Slack token", "\\bxox[abprs]-[0-9A-Za-z-]+|hooks\\.slack\\.com/services/T"),
    ("a token of a web session", "\\beyJ[0-9A-Za-z_-]{10,}\\.[0-9A-Za-z_-]{10,}"),
    ("a password in an address", "://[^/ :@$\"'{}]+:[^/ @$\"'{}]+@"),
    ("a bearer token", "[Bb]earer [0-9A-Za-z._-]{16,}"),
    ("a password hash", "\\$(2[aby]|argon2id?|6|5|y)\\$"),
  ]

  static func isSecretField(_ field: String) -> Bool {
    let name = field.lowercased().filter { $0 != "_" && $0 != "-" }
    return ["password", "passwd", "secret", "token", "apikey", "privatekey", "routingkey"]
      .contains { name.hasSuffix($0) }
  }

  private static func isTokenByte(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || character == "+")
  }

  /// Long, of all kinds of letters, and no word of any language; a digest in hexadecimal has no
  /// capital letters.
  private static func isRandom(_ token: Substring) -> Bool {
    guard token.utf8.count >= 20, token.contains(where: \.isUppercase),
      token.contains(where: \.isLowercase), token.contains(where: \.isNumber)
    else { return false }
    let letters = Array(token)
    // In random text the kind of letter changes about every second time; in names it seldom does.
    let changes = zip(letters, letters.dropFirst()).filter { kind($0) != kind($1) }.count
    return changes * 3 > letters.count
  }

  private static func kind(_ letter: Character) -> Int {
    if letter.isUppercase { return 0 }
    return letter.isLowercase ? 1 : 2
  }
}

extension EmittedFile {
  /// The fields of a tree and their texts.
  fileprivate var fields: [(String, String)] {
    get throws {
      switch artefact.document {
      case .yaml: Self.fields(of: try YAMLReader.read(text).root)
      case .json: Self.fields(of: try JSONReader.read(text).root)
      case .dotenv:
        try DotenvReader.read(text).variables.map { ($0.key, $0.literal ?? "") }
      case .nginx, .dockerfile, .text: []
      }
    }
  }

  private static func fields(of value: LocatedValue) -> [(String, String)] {
    (value.list ?? []).flatMap { fields(of: $0) }
      + (value.map ?? []).flatMap { member in
        (member.value.scalarText.map { [(member.key, $0)] } ?? []) + fields(of: member.value)
      }
  }
}
