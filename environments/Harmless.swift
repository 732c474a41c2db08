public import Slipway

/// What `slipway leaks` would take for a secret, and why it opens nothing.
public let harmless: [HarmlessText] = [
  .value(
    "f52fbd32", of: "leaks/url-password", in: "Tests/EmitterConformanceTests/SecretTests.swift",
    because: "shows that the test itself would see a password"),
  .value(
    "a5b66ae0", of: "leaks/authorization-header",
    in: "Tests/EmitterConformanceTests/SecretTests.swift",
    because: "shows that the test itself would see credentials"),
  .value(
    "3543c50b", of: "leaks/github-token", in: "Tests/EmitterConformanceTests/SecretTests.swift",
    because: "the example of a token in GitHub's own documents, long revoked"),
  .value(
    "5e884898", of: "leaks/published-value",
    in: "Sources/SlipwayAudit/Rules/Secrets/NoCredentialsInText.swift",
    because: "the word for a password where the form of an address is explained"),
  .value(
    "20d2fe5e", of: "leaks/url-password",
    in: "Sources/SlipwayAudit/Rules/References/CredentialsAgree.swift",
    because: "what the rule must refuse"),
  .value(
    "20d2fe5e", of: "leaks/url-password",
    in: "Sources/SlipwayAudit/Rules/Secrets/NoCredentialsInText.swift",
    because: "what the rule must refuse"),
  .value(
    "98c1eb4e", of: "leaks/url-password", in: "Tests/GateTests/SecretServerTests.swift",
    because: "an address that is refused because a password stands in it"),
]
