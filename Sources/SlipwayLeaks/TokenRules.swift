/// Tokens that say themselves what they are. Their looks are documented by those who issue them;
/// the table of gitleaks 8.28 and the secret scanning page of GitHub were compared.
enum TokenRules {
  static let all: [LeakRule] = clouds + forges + messages + payments + models + others

  private static let clouds: [LeakRule] = [
    LeakRule("aws-access-key", "an access key of AWS", at: ["AKIA", "ASIA"]) { text, offset in
      if offset > 0, ByteSet.alphanumeric.contains(text[offset - 1]) { return nil }
      guard
        let end = LeakRule.end(
          of: [.run(.base32, 16...16)], in: text, from: offset + 4),
        end == text.count || !ByteSet.alphanumeric.contains(text[end]),
        // AWS writes its own examples so.
        !text.has(Array("EXAMPLE".utf8), at: end - 7)
      else { return nil }
      return offset..<end
    },
    .token(
      "google-api-key", "an API key of Google", ["AIza"], [.run(.token, 35...35)]),
    .token(
      "digitalocean-token", "a token of DigitalOcean", ["dop_v1_", "doo_v1_", "dor_v1_"],
      [.run(.hexadecimal, 64...64)]),
    .token(
      "azure-account-key", "an account key of Azure", ["AccountKey="],
      [.run(.base64, 86...86), .text("==")]),
    .token(
      "vault-token", "a token of Vault or OpenBao", ["hvs.", "hvb.", "hvr."],
      [.run(.token, 24...400)]),
  ]

  private static let forges: [LeakRule] = [
    .token(
      "github-token", "a token of GitHub", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
      [.run(.alphanumeric, 36...255)]),
    .token(
      "github-token", "a token of GitHub", ["github_pat_"],
      [.run(.token, 82...255)]),
    .token(
      "gitlab-token", "a token of GitLab", ["glpat-", "gldt-", "glrt-", "glptt-"],
      [.run(.token, 20...300)]),
    .token("npm-token", "a token of npm", ["npm_"], [.run(.alphanumeric, 36...36)]),
    .token(
      "pypi-token", "a token of PyPI", ["pypi-AgEIcHlwaS5vcmc"], [.run(.token, 50...1000)]),
    .token(
      "docker-token", "a token of Docker Hub", ["dckr_pat_", "dckr_oat_"],
      [.run(.token, 27...64)]),
  ]

  private static let messages: [LeakRule] = [
    .token(
      "slack-token", "a token of Slack",
      ["xoxb-", "xoxp-", "xoxa-", "xoxe-", "xoxo-", "xoxr-", "xoxs-", "xapp-"],
      [.run(.token, 20...300)]),
    .token(
      "slack-webhook", "a webhook of Slack",
      ["hooks.slack.com/services/", "hooks.slack.com/workflows/"],
      [
        .text("T"), .run(.upperDigits, 7...14), .text("/"), .oneOf(["B", "A"]),
        .run(.upperDigits, 7...14), .text("/"), .run(.alphanumeric, 16...64),
      ]),
    .token(
      "discord-webhook", "a webhook of Discord",
      ["discord.com/api/webhooks/", "discordapp.com/api/webhooks/"],
      [.run(.digits, 15...22), .text("/"), .run(.token, 50...100)]),
    .token(
      "sendgrid-key", "a key of SendGrid", ["SG."],
      [.run(.token, 20...24), .text("."), .run(.token, 39...50)]),
    LeakRule("telegram-token", "a token of a Telegram bot", at: [":AA"]) { text, offset in
      let start = text.start(of: .digits, before: offset, atMost: 11)
      guard (8...10).contains(offset - start),
        start == 0 || !ByteSet.alphanumeric.contains(text[start - 1]),
        let end = LeakRule.end(of: [.run(.token, 33...33)], in: text, from: offset + 3)
      else { return nil }
      return start..<end
    },
  ]

  private static let payments: [LeakRule] = [
    .token(
      "stripe-key", "a key of Stripe", ["sk_live_", "rk_live_", "sk_test_", "rk_test_", "whsec_"],
      [.run(.alphanumeric, 16...247)])
  ]

  private static let models: [LeakRule] = [
    .token(
      "model-api-key", "a key of a language model's provider",
      ["sk-proj-", "sk-svcacct-", "sk-ant-api03-", "sk-ant-admin01-", "hf_"],
      [.run(.token, 30...300)])
  ]

  private static let others: [LeakRule] = [
    .token("age-key", "a secret key of age", ["AGE-SECRET-KEY-1"], [.run(.upperDigits, 58...58)]),
    LeakRule("password-hash", "a hash of a password", at: ["$2a$", "$2b$", "$2y$"]) {
      text, offset in
      let pieces: [Piece] = [
        .run(.digits, 2...2), .text("$"),
        .run(ByteSet("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"), 53...53),
      ]
      return LeakRule.end(of: pieces, in: text, from: offset + 4).map { offset..<$0 }
    },
    LeakRule("json-web-token", "a JSON web token", at: ["eyJ"]) { text, offset in
      if offset > 0, ByteSet.base64Any.contains(text[offset - 1]) { return nil }
      let pieces: [Piece] = [
        .run(.token, 14...4_000), .text("."), .text("eyJ"), .run(.token, 8...8_000), .text("."),
        .run(.token, 20...2_000),
      ]
      return LeakRule.end(of: pieces, in: text, from: offset + 3).map { offset..<$0 }
    },
    LeakRule("private-key", "a private key", at: ["-----BEGIN "]) { text, offset in
      PrivateKey.find(text, offset)
    },
    LeakRule(
      "url-password", "a password in an address",
      fix: "change the password, and let the reader put the address together", at: ["://"]
    ) { text, offset in AddressPassword.find(text, offset) },
  ]
}

/// A private key in PEM form, in lines, or in one line with `\n` between its parts.
enum PrivateKey {
  static func find(_ text: Text, _ offset: Int) -> Range<Int>? {
    let head = text.end(
      of: ByteSet("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 "), from: offset + 11, atMost: 40)
    guard text.string(offset..<head).hasSuffix("PRIVATE KEY"),
      text.has(Array("-----".utf8), at: head)
    else { return nil }
    // A key has at least 40 bytes; a mention of its first line has none.
    var index = head + 5
    var material = 0
    let last = min(text.count, index + 16_384)
    let end = Array("-----".utf8)
    while index < last, !text.has(end, at: index) {
      // The `n` of a written line break is none of the key's.
      if text[index] == UInt8(ascii: "\\"), index + 1 < last {
        index += 2
        continue
      }
      if ByteSet.base64.contains(text[index]) { material += 1 }
      // A word of prose or of a program: this is about a key.
      if !ByteSet.inKey.contains(text[index]) { break }
      index += 1
    }
    return material >= 48 ? offset..<index : nil
  }
}

/// A user and a password in front of the host of an address.
enum AddressPassword {
  static func find(_ text: Text, _ offset: Int) -> Range<Int>? {
    let start = text.start(of: .scheme, before: offset, atMost: 32)
    guard start < offset else { return nil }
    var index = offset + 3
    var colon: Int?
    let last = min(text.count, index + 512)
    while index < last, !ByteSet.endsUserinfo.contains(text[index]) {
      if text[index] == UInt8(ascii: ":"), colon == nil { colon = index }
      if text[index] == UInt8(ascii: "@") { break }
      index += 1
    }
    guard index < last, text[index] == UInt8(ascii: "@"), let colon, index > colon + 1,
      // `user:password@` of a template or of a page: a host follows.
      index + 1 < text.count, !ByteSet.endsUserinfo.contains(text[index + 1])
    else { return nil }
    let value = colon + 1..<index
    return Assignment.isReference(text.string(value)) ? nil : value
  }
}

extension ByteSet {
  /// What may stand between the first and the last line of a key, quoted or indented or not.
  static let inKey = ByteSet(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n\"',+:#*|>-")
}
