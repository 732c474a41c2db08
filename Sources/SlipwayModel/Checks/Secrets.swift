import ServiceContract
import Slipway
import SlipwayDiagnostics

/// A secret that a component reads is declared, and a version that is stated is one that somebody
/// reads. (S17-HS-03, C-16, engine fact F6)
extension Resolver {
  mutating func checkSecrets(_ environment: ResolvedEnvironment) {
    let declared = Set(project.contract.secrets.map(\.name))
    for run in specification.runs {
      let reads = run.component.reads + (run.component.migrates?.reads ?? [])
      for key in reads where !declared.contains(key.name) {
        add(
          "spec/secrets-are-declared",
          "'\(run.component.name)' reads \(key.name), which the contract does not declare",
          [run.component.origin.at("reads")], "read here",
          why: "what is not declared is in no list of what must be present, strong and young",
          fix: "add it to `secrets:` of the contract, or take it from the component's `reads:`")
      }
    }
    checkVersions(Set(environment.secrets.map(\.key.name)))
  }

  private mutating func checkVersions(_ read: Set<String>) {
    var seen: [String: SecretVersion] = [:]
    for stated in specification.secrets.versions {
      let name = stated.key.name
      if let first = seen[name] {
        add(
          "spec/secret-versions-are-in-force",
          "two versions of \(name) would be in force: \(first.version) and \(stated.version)",
          [stated.origin, first.origin], "stated again",
          why: "readers are given one; who rotated the other believes that it is used",
          fix: "keep the version that is in force")
      } else if !read.contains(name) {
        add(
          "spec/secret-versions-are-in-force",
          "version \(stated.version) of \(name) would be in force, and no service here reads it",
          [stated.origin], "stated here",
          why: "a rotation that reaches nobody leaves the old value in use, and looks done",
          fix: "delete it, or let a component of this environment read the secret")
      }
      if stated.version < 1 {
        add(
          "spec/secret-versions-are-in-force",
          "version \(stated.version) of \(name) would be in force, which no secret has",
          [stated.origin], "stated here",
          why: "the engine's secret is named after its version, and the first is 1",
          fix: "write the number of the version that is in force")
      }
      seen[name] = seen[name] ?? stated
    }
  }
}
