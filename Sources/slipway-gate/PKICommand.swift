import ArgumentParser
import SlipwayEvidence

/// `slipway pki`
struct PKICommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pki",
    abstract: "The certificates with which data stores and their clients know each other.",
    subcommands: [IssueCertificates.self])
}

struct IssueCertificates: ParsableCommand, GateCommand {
  static let configuration = CommandConfiguration(
    commandName: "issue",
    abstract: "Issues the inside certificates of an environment that are missing or end soon.",
    discussion: """
      One certificate for each data store, for its service names, as long as the contract says; it \
      is renewed when a third of that is left. The authority's key is read where it lies. Files \
      are named as the secrets' source wants them; bring them there, write the next version into \
      the specification, and run `slipway secrets rotate` with both names of a pair.
      """)

  @Argument(help: "The environment: prod.")
  var environment: String

  @Argument(help: "Only these data stores, whether they need it or not: redis-cache.")
  var services: [String] = []

  @Option(help: "The folder of the authority: ca.pem, and ca.key, which only you may read.")
  var authority: String

  @Option(help: "The folder that takes certificates and keys.")
  var into: String

  @Flag(help: "Makes the authority first; one that is there is never replaced.")
  var newAuthority = false

  @Option(help: "The generated files of the environment; generated/ENVIRONMENT if not given.")
  var generated: String?

  func run(at clock: Clock) async -> ExitStatus {
    do throws(ReadingFailure) {
      let folder = generated ?? "generated/\(environment)"
      let plan = try GeneratedFile("\(folder)/secrets.json").read { bytes throws(ReadingFailure) in
        try SecretPlan.read(bytes)
      }
      guard plan.environment == environment else {
        throw ReadingFailure("'\(folder)' is of '\(plan.environment)', not of '\(environment)'")
      }
      guard let home = plan.authority else {
        throw ReadingFailure("'\(environment)' has no inside authority")
      }
      if newAuthority {
        // Twice its age of replacement: the last certificate it signs outlives its successor's
        // first day.
        try InsideAuthority.create(
          in: authority, name: plan.stack, days: 2 * home.days, now: clock.now)
        Terminal.out("made the authority of \(plan.stack)")
      }
      let issuer = try InsideAuthority(readingFrom: authority)
      let certificates = InsideCertificates(plan, authority: issuer, into: into, now: clock.now)
      for (service, outcome) in try certificates.issue(services) {
        Terminal.out("\(service): \(outcome == .issued ? "issued" : "still serves")")
      }
      return .clean
    } catch {
      Terminal.complain("refused: \(error.clause)")
      return .refused
    }
  }
}
