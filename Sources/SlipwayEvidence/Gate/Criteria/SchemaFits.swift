package import SlipwayModel

/// The database has the schema of the release that runs, whole; one that is gone back to must still
/// be served by it. (S17-HS-05, C-52)
package struct SchemaFits: Criterion {
  package let id = "database/schema-fits"
  package let promise = "the deployed schema is whole and is what the release needs"
  package let sources = ["S17-HS-05", "S17-GATE-04"]
  package let kinds: Set<GateKind> = [.release, .rollback]
  package let seats: Set<GateSeat> = [.cluster]

  package init() {}

  package func applies(to expectations: GateExpectations) -> Bool { expectations.hasSchema }

  package func judge(_ evidence: EvidenceSet, _ question: GateQuestion) -> Ruling {
    ruled { () throws(Ruling) in
      let schema = try evidence.schema.trusted(
        "the status of migrations", by: question, within: FactAge.now,
        fix: "ask the deployed database: migrate status"
      ).value
      guard schema.failed.isEmpty else {
        return .fail(
          "a migration began and did not end: \(schema.failed.listed())",
          fix: "mend the database by the runbook of migrations")
      }
      guard schema.changed.isEmpty else {
        return .fail(
          "the text of an applied migration is another one now: \(schema.changed.listed())",
          fix: "put the migration back as it was, and write a new one")
      }
      if question.kind == .rollback {
        guard schema.serves.contains(question.record.schema) else {
          return .fail(
            "the schema '\(schema.applied)' does not serve releases of schema "
              + "'\(question.record.schema)'",
            fix: "go back to a release that it serves: \(schema.serves.listed())")
        }
        return .pass(
          "the schema '\(schema.applied)' serves releases of '\(question.record.schema)'")
      }
      guard let running = question.running else {
        return .unproven(
          "no release is recorded here", fix: "the first release has a gate of its own")
      }
      // After a rollback it is newer than what runs.
      guard schema.serves.contains(running.schema) else {
        return .fail(
          "the database has the schema '\(schema.applied)', the release that runs needs "
            + "'\(running.schema)'", fix: "run scripts/migrate with the record of what runs")
      }
      guard schema.applied == running.schema else {
        return .pass(
          "the schema '\(schema.applied)' serves the release that runs, which needs "
            + "'\(running.schema)'")
      }
      return .pass("the schema is '\(schema.applied)', as the release that runs needs it")
    }
  }
}
