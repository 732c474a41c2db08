import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
package import SlipwayModel

/// The scripts with which people and workflows work on an environment, and the timers that start
/// some of them. (S18-DEP-*, S18-RBK-*, S18-BKP-*, C-17)
package struct ScriptsEmitter: Emitter {
  package static let name = "scripts"

  package init() {}

  package func emit(
    _ environment: ResolvedEnvironment, using inputs: EmitterInputs
  ) -> Emission {
    let holes = ScriptHoles(environment).all
    let writer = ScriptWriter(environment: environment, inputs: inputs, holes: holes)
    guard environment.stage.isDeployed else { return writer.development() }
    var emission = writer.deployed()
    emission.add(TimerUnits(environment: environment, inputs: inputs).emit())
    return emission
  }
}

/// Renders templates, each with the holes that it has.
struct ScriptWriter {
  let environment: ResolvedEnvironment
  let inputs: EmitterInputs
  let holes: [String: Template.Value]

  private var folder: String { environment.folder + "scripts/" }

  func development() -> Emission {
    var emission = script("up")
    emission.add(script("down"))
    if environment.services.contains(where: { !$0.rebuildsOn.isEmpty }) {
      emission.add(script("watch"))
    }
    if environment.edge != nil { emission.add(job("install-certificate")) }
    return emission
  }

  func deployed() -> Emission {
    var names = [
      "common.sh", "roll.sh", "deploy", "rollback", "secrets-check", "facts", "status",
      "operations",
    ]
    var plainJobs = ["fact-node", "fact-targets"]
    var jobs: [(name: String, parts: [String])] = []
    let hasArchive = environment.specification.backups != nil
    if environment.specification.database != nil, hasArchive {
      names += [
        "database.sh", "backup", "verify-backup", "restore", "restore-to-time", "use-restored",
      ]
      jobs += ["backup", "verify", "restore"].map { ($0, ["postgres", "dumps", $0]) }
      jobs += ["base", "verify-copy", "restore-to-time", "use-restored", "accept"].map {
        ($0, ["postgres", $0])
      }
      // They are told which archive they belong to, as every job on the database is.
      if environment.specification.database?.replicas.isEmpty == false {
        names += ["promote", "rejoin"]
        jobs += ["promote", "rejoin", "follows"].map { ($0, ["postgres", $0]) }
      }
    }
    if environment.migrating != nil { names.append("migrate") }
    if environment.hasProof { names.append("verify-log") }
    if environment.edge != nil { names.append("maintenance") }
    if case .acme = environment.edge?.certificate { names.append("certificate") }
    var emission = Emission()
    for name in names { emission.add(script(name)) }
    for job in jobs { emission.add(databaseJob(job.name, of: job.parts)) }
    if environment.edge != nil { plainJobs += ["install-certificate", "fact-certificate"] }
    for name in plainJobs { emission.add(job(name)) }
    emission.artefacts += [migrationVariables, placeList].compactMap { $0 }
    return emission
  }

  /// A script; what is sourced is not executable.
  private func script(_ name: String) -> Emission {
    emission(
      of: "scripts/\(name)", at: folder + name, isExecutable: !name.hasSuffix(".sh"), prefix: "")
  }

  private func job(_ name: String) -> Emission {
    emission(
      of: "scripts/jobs/\(name).sh", at: folder + "jobs/\(name).sh", isExecutable: false,
      prefix: "")
  }

  /// What runs inside a container of the database's image: its common beginnings, then itself.
  private func databaseJob(_ name: String, of parts: [String]) -> Emission {
    var prefix = "#!/usr/bin/env bash\n"
    for part in parts.dropLast() {
      switch render("scripts/jobs/\(part).sh") {
      case .success(let text): prefix += text
      case .failure(let failure): return Emission(findings: failure.findings)
      }
    }
    return emission(
      of: "scripts/jobs/\(name).sh", at: folder + "jobs/\(name).sh", isExecutable: false,
      prefix: prefix)
  }

  private func emission(
    of template: String, at path: String, isExecutable: Bool, prefix: String
  ) -> Emission {
    switch render(template) {
    case .success(let text):
      Emission([
        Artefact(
          path: path,
          document: .text(
            TextDocument(prefix + text, comments: .hash, from: [environment.origin])),
          isExecutable: isExecutable)
      ])
    case .failure(let failure): Emission(findings: failure.findings)
    }
  }

  /// With the holes that the template has; one it has and nobody fills is a finding.
  private func render(_ template: String) -> Result<String, TemplateFindings> {
    let wanted = inputs.prepared[template]?.names ?? []
    return inputs.render(template, holes.filter { wanted.contains($0.key) })
  }

  private var placeList: Artefact? {
    guard let database = environment.specification.database else { return nil }
    return Artefact(
      path: folder + "jobs/places.list",
      document: .text(database.placeList(environment, ScriptHoles(environment))))
  }

  /// The variables of what works on the database, in the form that the engine's client reads.
  private var migrationVariables: Artefact? {
    guard let migration = environment.migrating else { return nil }
    let lines = migration.environment.map { TextLine("\($0.key)=\($0.value)", from: $0.origins) }
    return Artefact(
      path: folder + "jobs/migrate.env", document: .text(TextDocument(lines, comments: .hash)))
  }
}
