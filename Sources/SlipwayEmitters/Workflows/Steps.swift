import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Steps that several jobs share.
extension Step {
  /// The token is not left in the working tree, from where an artefact could carry it away. (W10)
  static let checkout = Step(
    name: "Check out the commit",
    work: .use(.checkout, [.entry("persist-credentials", false)]))

  /// The same with every commit that leads to it.
  static let checkoutHistory = Step(
    name: "Check out the commit and its history",
    work: .use(
      .checkout, [.entry("persist-credentials", false), .entry("fetch-depth", .integer(0))]))

  /// Fails if there is nothing to keep; hidden files would be left out without a word. (W02)
  static func keep(
    _ path: String, as name: String, days: Int, condition: String? = nil
  ) -> Step {
    Step(
      name: "Keep \(name)", condition: condition,
      work: .use(
        .upload,
        [
          .entry("name", .string(name)), .entry("path", .string(path)),
          .entry("if-no-files-found", "error"), .entry("include-hidden-files", true),
          .entry("retention-days", .integer(days)),
        ]))
  }

  /// Says of which commit the reports in the folder of evidence are, when they were made and by
  /// whom, and what they are, before they leave the job that made them: none of their formats does.
  /// A job that made none fails here. (S17-HS-10, decision 0015)
  static func seal(condition: String? = nil) -> Step {
    Step(
      name: "Seal the evidence", condition: condition,
      work: .run([
        "cd \(Trivy.folder)",
        // A container of a job may have no jq but the project's own.
        #"PATH="${PATH}:${OLDPWD}/.tools/bin""#,
        #"about=$(sha256sum -- * | jq --raw-input --null-input \"#,
        #"  --arg made "$(date --utc +%Y-%m-%dT%H:%M:%SZ)" '{"#,
        "    commit: $ENV.GITHUB_SHA, made: $made,",
        #"    source: "run \($ENV.GITHUB_RUN_ID), job \($ENV.GITHUB_JOB)","#,
        #"    files: [inputs | {key: .[66:], value: .[:64]}] | from_entries}')"#,
        #"printf '%s\n' "${about}" >about.json"#,
      ]))
  }

  static func fetch(_ name: String, to path: String) -> Step {
    Step(
      name: "Fetch \(name)",
      work: .use(.download, [.entry("name", .string(name)), .entry("path", .string(path))]))
  }

  /// What all jobs before kept for the gate, each in a folder of its own.
  static let fetchEvidence = Step(
    name: "Fetch the evidence",
    work: .use(
      .download,
      [.entry("pattern", .string(CheckJobs.evidence + "*")), .entry("path", "evidence")]))

  static func login(to registry: String, from origin: Origin) -> Step {
    Step(
      name: "Log in to the registry",
      work: .use(
        .login,
        [
          .entry("registry", .string(registry, from: [origin])),
          .entry("username", WorkflowExpression.secret(.registryAccount)),
          .entry("password", WorkflowExpression.secret(.registryToken)),
        ]))
  }

  /// The image of the tool-chain has none of them; what else a target needs, it installs itself.
  static let installMake = Step(
    name: "Install make",
    work: .run([
      "apt-get update -qq",
      "apt-get install --yes -qq --no-install-recommends ca-certificates curl jq make",
    ]))

  static func make(_ target: String, name: String, variables: [YAMLEntry] = []) -> Step {
    Step(name: name, variables: variables, work: .run(["make \(target)"]))
  }
}

/// Expressions that the runner fills in.
enum WorkflowExpression {
  static func secret(_ key: SecretKey) -> YAMLNode { .string("${{ secrets.\(key.name) }}") }
  static func output(_ name: String, of job: String) -> YAMLNode {
    .string("${{ needs.\(job).outputs.\(name) }}")
  }
  static func result(of job: String) -> YAMLNode { .string("${{ needs.\(job).result }}") }
  /// What the host's own command line needs.
  static let gitHub: [YAMLEntry] = [
    .entry("GH_REPO", "${{ github.repository }}"), .entry("GH_TOKEN", "${{ github.token }}"),
  ]
  /// True in a run of one of these branches.
  static func isOn(_ branches: [String]) -> String {
    branches.map { "github.ref == \(quoted("refs/heads/" + $0))" }.joined(separator: " || ")
  }
  static func quoted(_ text: String) -> String {
    "'" + text.map { $0 == "'" ? "''" : String($0) }.joined() + "'"
  }
}

/// Words of the shell.
enum Shell {
  /// A word that the shell reads as this very text.
  static func word(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
        || "-_./:=@%+,".utf8.contains($0)
    }
    if isPlain, !text.isEmpty { return text }
    return "'" + text.map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'"
  }
  static func words(_ words: [String]) -> String { words.map(word).joined(separator: " ") }
}
