import Foundation
import TestSupport

/// Values that look like secrets, put together here so that none stands in this repository.
enum Planted {
  /// Values that are the same on every machine.
  struct Dice: RandomNumberGenerator {
    private var numbers: SplitMix64
    init(_ seed: Int) { numbers = SplitMix64(seed: UInt64(seed)) }
    mutating func next() -> UInt64 { numbers.next() }
    mutating func text(_ count: Int, of alphabet: String) -> String {
      let letters = Array(alphabet)
      return String((0..<count).map { _ in letters[Int(next() % UInt64(letters.count))] })
    }
  }

  static let digits = "0123456789"
  static let hexadecimal = "0123456789abcdef"
  static let upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
  static let lower = "abcdefghijklmnopqrstuvwxyz"
  static let base32 = upper + "234567"
  static let alphanumeric = digits + upper + lower

  /// A token of each kind, with the rule that must find it.
  static func tokens(_ seed: Int) -> [(rule: String, value: String)] {
    var dice = Dice(seed)
    func mixed(_ count: Int) -> String { dice.text(count, of: alphanumeric) }
    func caps(_ count: Int) -> String { dice.text(count, of: upper + digits) }
    let body = (0..<6).map { _ in dice.text(64, of: alphanumeric + "+/") }.joined(separator: "\n")
    let head = "-----BEGIN " + "PRIVATE KEY-----\n"
    return [
      ("aws-access-key", "AK" + "IA" + dice.text(16, of: base32)),
      ("google-api-key", "AI" + "za" + mixed(35)),
      ("digitalocean-token", "dop_" + "v1_" + dice.text(64, of: hexadecimal)),
      ("azure-account-key", "Account" + "Key=" + mixed(86) + "=="),
      ("vault-token", "hv" + "s." + mixed(28)),
      ("github-token", "gh" + "p_" + mixed(36)),
      ("github-token", "github_" + "pat_" + mixed(22) + "_" + mixed(59)),
      ("gitlab-token", "gl" + "pat-" + mixed(20)),
      ("npm-token", "np" + "m_" + mixed(36)),
      ("pypi-token", "pypi-" + "AgEIcHlwaS5vcmc" + mixed(60)),
      ("docker-token", "dckr_" + "pat_" + mixed(27)),
      ("slack-token", "xo" + "xb-" + dice.text(12, of: digits) + "-" + mixed(24)),
      (
        "slack-webhook",
        "https://hooks.slack" + ".com/services/T\(caps(8))/B\(caps(10))/\(mixed(24))"
      ),
      (
        "discord-webhook",
        "https://discord" + ".com/api/webhooks/\(dice.text(18, of: digits))/\(mixed(68))"
      ),
      ("sendgrid-key", "S" + "G." + mixed(22) + "." + mixed(43)),
      ("telegram-token", "1" + dice.text(8, of: digits) + ":A" + "A" + mixed(33)),
      ("stripe-key", "sk_" + "live_" + mixed(24)),
      ("model-api-key", "sk-" + "proj-" + mixed(48)),
      ("age-key", "AGE-SECRET-" + "KEY-1" + caps(58)),
      ("password-hash", "$2" + "b$12$" + mixed(53)),
      ("json-web-token", "ey" + "J\(mixed(20)).ey" + "J\(mixed(40)).\(mixed(43))"),
      ("private-key", head + body + "\n-----END PRIVATE KEY-----"),
      ("url-password", "postgresql:" + "//shop:\(mixed(20))@db:5432/shop"),
      ("authorization-header", "Authorization: Bear" + "er \(mixed(40))"),
      ("assigned-secret", "COOKIE_" + "KEY=" + dice.text(64, of: hexadecimal)),
    ]
  }

  /// Files of every kind in which a value can stand, each with the line on which it does.
  static func files(holding value: String, named name: String) -> [(path: String, text: String)] {
    let encoded = Data(value.utf8).base64EncodedString()
    let escaped =
      value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    let indented = value.replacing("\n", with: "\n    ")
    let escapedInAddress =
      value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? value
    return [
      ("a.yml", "services:\n  web:\n    environment:\n      \(name): |\n    \(indented)\n"),
      ("a.env", "# settings\n\(name)=\"\(escaped)\"\n"),
      ("a.sh", "#!/bin/sh\nset -eu\nexport \(name)='\(value)'\n"),
      ("a.json", "{\n  \"a\": 1,\n  \"\(name)\": \"\(escaped)\"\n}\n"),
      ("Dockerfile", "FROM scratch\nENV \(name) \"\(escaped)\"\n"),
      ("nginx.conf", "server {\n  set $x \"\(escaped)\"; # \(name)\n}\n"),
      ("secret.yml", "kind: Secret\ndata:\n  \(name): \(encoded)\n"),
      ("wrapped.txt", "\n" + lines(encoded, of: 76) + "\n"),
      ("double.txt", "x: \(Data(encoded.utf8).base64EncodedString())\n"),
      ("url.txt", "see amqp:" + "//shop:\(escapedInAddress)@mq:5672/\n"),
      ("a.md", "Some text.\n\n    \(name)=\(value)\n"),
    ]
  }

  private static func lines(_ text: String, of length: Int) -> String {
    let letters = Array(text)
    return stride(from: 0, to: letters.count, by: length).map {
      String(letters[$0..<min($0 + length, letters.count)])
    }.joined(separator: "\n")
  }
}
