import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Every secret that is text made at random is asked for in at least 128 bits, which are 32
/// characters of hexadecimal digits, and the gate asks for as much. (S17-HS-07)
package enum SecretsAreLongEnough: Rule {
  package static let id = "secrets/are-long-enough"
  package static let why = "who guesses the key that signs tokens is everybody, also an admin"
  package static let fix = "declare the secret with `atLeast: 256`"
  package static let source = ["S17-HS-07", "S17-GATE-06"]

  package static let breakers: [Breaker] = [
    .model("a key of 31 characters") { environment in
      let key = SecretKey("JWT_KEY", atLeast: 124, rotate: .days(90), "Signs tokens.")
      environment.secrets.append(ResolvedSecret(key, version: 1))
    },
    .file(
      "a gate that asks for less", "gate.json",
      replacing: "\"form\": \"random\",\n        \"bits\": ",
      with: "\"form\": \"random\",\n        \"bits\": 8, \"not\": "),
  ]

  /// Thirty-two hexadecimal digits.
  private static let least = 128

  package static func check(_ subject: Subject) -> [Violation] {
    let environment = subject.environment
    let weak = environment.secrets.map(\.key).filter { $0.form == .random && $0.bits < least }
    let declared = weak.map {
      Violation(.short($0.name, $0.bits), written: [environment.specification.secrets.origin])
    }
    guard environment.stage.isDeployed, let file = subject.file("gate.json"),
      let root = try? JSONReader.read(file.text).root
    else { return declared }
    return declared
      + (root["secrets"]?["keys"]?.list ?? []).compactMap { key in
        guard key["form"]?.string == SecretKey.Form.random.rawValue else { return nil }
        let bits = key["bits"]?.integer ?? 0
        guard bits < least else { return nil }
        return Violation(
          .short(key["name"]?.string ?? "", bits),
          lands: Landing(path: file.path, place: "secrets.keys", line: key.start.line))
      }
  }
}

extension String {
  fileprivate static func short(_ name: String, _ bits: Int) -> String {
    "\(name) would be accepted with \(bits / 4) characters of random text; 32 are the least"
  }
}
