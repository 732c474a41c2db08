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
  .value(
    "1e69cfb2", of: "leaks/password-hash", in: "Tests/FlowrexAuthTests/PasswordHasherTests.swift",
    because: "a known answer of the algorithm"),
  .value(
    "ad31f8af", of: "leaks/password-hash", in: "Tests/FlowrexAuthTests/PasswordHasherTests.swift",
    because: "a known answer of the algorithm"),
  .value(
    "d69392a1", of: "leaks/password-hash", in: "Tests/FlowrexAuthTests/PasswordHasherTests.swift",
    because: "a known answer of the algorithm"),
  .value(
    "d22ced16", of: "leaks/password-hash", in: "Tests/FlowrexConfigurationTests/SecretTests.swift",
    because: "made up to be refused as too weak"),
  .value(
    "242861ce", of: "leaks/assigned-secret",
    in: "Tests/FlowrexConfigurationTests/Surroundings.swift",
    because: "made up for tests of how secrets are read; no program ever had it"),
  .value(
    "30c79f7e", of: "leaks/assigned-secret",
    in: "Tests/FlowrexConfigurationTests/Surroundings.swift",
    because: "made up for tests of how secrets are read; no program ever had it"),
  .value(
    "820b7a88", of: "leaks/assigned-secret",
    in: "Tests/FlowrexConfigurationTests/Surroundings.swift",
    because: "made up for tests of how secrets are read; no program ever had it"),
  .value(
    "8ea3c8ef", of: "leaks/assigned-secret",
    in: "Tests/FlowrexConfigurationTests/Surroundings.swift",
    because: "made up for tests of how secrets are read; no program ever had it"),
  .value(
    "9e7523b0", of: "leaks/assigned-secret",
    in: "Tests/FlowrexConfigurationTests/Surroundings.swift",
    because: "made up for tests of how secrets are read; no program ever had it"),
  .value(
    "e05fe934", of: "leaks/assigned-secret",
    in: "Tests/FlowrexConfigurationTests/Surroundings.swift",
    because: "made up for tests of how secrets are read; no program ever had it"),
  .value(
    "3eff78ca", of: "leaks/password-hash", in: "Tests/FlowrexConfigurationTests/Surroundings.swift",
    because: "made up for tests of how secrets are read; no program ever had it"),
  .value(
    "79213de5", of: "leaks/authorization-header", in: "Tests/FlowrexTests/AttackTests.swift",
    because: "what an attacker sends to a service that a test started"),
  .value(
    "691ca526", of: "leaks/password-hash", in: "Tests/FlowrexTests/AttackTests.swift",
    because: "what an attacker sends to a service that a test started"),
  .value(
    "691ca526", of: "leaks/password-hash", in: "Tests/FlowrexSupport/RunningService.swift",
    because: "of a password that stands beside it, for services that tests start"),
  .value(
    "691ca526", of: "leaks/password-hash", in: "Tests/FlowrexTests/RunningService.swift",
    because: "of a password that stands beside it, for services that tests start"),
  .value(
    "30c79f7e", of: "leaks/assigned-secret", in: "Tests/FlowrexTests/MigrateTests.swift",
    because: "of a database that a test starts and ends"),
  .value(
    "30c79f7e", of: "leaks/assigned-secret", in: "Tests/FlowrexTests/StoredServiceTests.swift",
    because: "of a database that a test starts and ends"),
  .value(
    "30c79f7e", of: "leaks/assigned-secret", in: "Tests/FlowrexTests/TradingHouse.swift",
    because: "of a database that a test starts and ends"),
  .value(
    "30c79f7e", of: "leaks/assigned-secret", in: "Tests/FlowrexTests/StreamServiceTests.swift",
    because: "of a database that a test starts and ends"),
  .value(
    "30c79f7e", of: "leaks/assigned-secret", in: "Tests/FlowrexTests/StartTests.swift",
    because: "of a database that is not there"),
  .value(
    "9e7523b0", of: "leaks/assigned-secret", in: "Tests/FlowrexTests/KillHouse.swift",
    because: "of processes that a test starts and ends"),
  .value(
    "d74ff0ee", of: "leaks/published-value",
    in: "Tests/FlowrexConfigurationTests/TraceEndpointTests.swift",
    because: "an address that is refused for having a password in it"),
  .value(
    "8ea3c8ef", of: "leaks/assigned-secret", in: "Tests/FlowrexTests/ServiceTests.swift",
    because: "made up for a service that a test starts"),
  .value(
    "30c79f7e", of: "leaks/assigned-secret", in: "Tests/FlowrexTests/ServiceTests.swift",
    because: "made up for tests of how secrets are read; no program ever had it"),
  .value(
    "5dd435b0", of: "leaks/assigned-secret", in: "Tests/HardStops/ServiceCases.swift",
    because: "made up to be refused, or to stand beside what is"),
]
