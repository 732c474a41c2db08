private func waiver(_ arguments: String) -> String {
  "let w: [Waiver] = [.waive(\(arguments))]"
}

private let rest = "because: \"r\", owner: \"o\", until: .day(2027, 1, 31)"

extension Snippet {
  package static let waivers = [
    Snippet(
      name: "debug in production is waived",
      wrong: waiver(".debugStaysInDevelopment, in: \"prod\", \(rest)"),
      right: waiver(".volumesHaveOneOwner, in: \"prod\", \(rest)"),
      says: "a hard stop cannot be waived [configuration/debug-stays-in-development, S17-HS-06]"),
    Snippet(
      name: "the backups are waived",
      wrong: waiver(".backupsAreTaken, in: \"prod\", \(rest)"),
      right: waiver(".volumesHaveOneOwner, in: \"prod\", \(rest)"),
      says: "a hard stop cannot be waived [backups/are-taken, S17-HS-08, S18-HS-04]"),
    Snippet(
      name: "the gate is waived",
      wrong: waiver(".gateIsAsked, in: \"prod\", \(rest)"),
      right: waiver(".volumesHaveOneOwner, in: \"prod\", \(rest)"),
      says: "a hard stop cannot be waived [delivery/gate-is-asked, S17-HS-10]"),
    Snippet(
      name: "the hard caps are waived",
      wrong: waiver(".capsOnlyTighten, in: \"prod\", \(rest)"),
      right: waiver(".volumesHaveOneOwner, in: \"prod\", \(rest)"),
      says: "a hard stop cannot be waived [risk/caps-only-tighten, S18-HS-10]"),
    Snippet(
      name: "missing secrets are waived",
      wrong: waiver(".secretsReachTheirReaders, in: \"prod\", \(rest)"),
      right: waiver(".volumesHaveOneOwner, in: \"prod\", \(rest)"),
      says: "a hard stop cannot be waived [secrets/reach-their-readers, S17-HS-03]"),
    Snippet(
      name: "limits are waived",
      wrong: waiver(".everyServiceIsLimited, in: \"prod\", \(rest)"),
      right: waiver(".volumesHaveOneOwner, in: \"prod\", \(rest)"),
      says: "a hard stop cannot be waived [capacity/every-service-is-limited, S18-HS-09]"),
    Snippet(
      name: "a waiver that nobody answers for",
      wrong: waiver(
        ".keysAreRead, in: \"prod\", because: \"r\", until: .day(2027, 1, 31)"),
      right: waiver(".keysAreRead, in: \"prod\", \(rest)"),
      says: "missing argument for parameter 'owner'"),
    Snippet(
      name: "a waiver without an end",
      wrong: waiver(
        ".keysAreRead, in: \"prod\", because: \"r\", owner: \"o\""),
      right: waiver(".keysAreRead, in: \"prod\", \(rest)"),
      says: "missing argument for parameter 'until'"),
    Snippet(
      name: "a waiver without a reason",
      wrong: waiver(
        ".keysAreRead, in: \"prod\", owner: \"o\", until: .day(2027, 1, 31)"),
      right: waiver(".keysAreRead, in: \"prod\", \(rest)"),
      says: "missing argument for parameter 'because'"),
    Snippet(
      name: "a waiver of a rule that there is not",
      wrong: "let w = WaivableRule(\"everything\")",
      right: "let w: WaivableRule = .keysAreRead",
      says: "initializer is inaccessible"),
  ]
}
