/// Values of a specification that no type can bound.
extension Explanations {
  static let specification: [Explanation] = [
    Explanation(
      "spec/backups-are-kept",
      why: "what went wrong three weeks ago is put right with a copy from before it",
      fix: "write `keep: .days(30)` or more in production, `.days(1)` or more elsewhere",
      source: ["S17-HS-08", "S18-HS-04", "C-19"]),
    Explanation(
      "spec/backups-can-run",
      why:
        "a job without a time, a machine or a place to write to does not run, and nobody notices",
      fix: "name a time of the day, a node of the cluster and an object store",
      source: ["S17-HS-08", "S18-HS-04", "C-18"]),
    Explanation(
      "spec/keys-are-read",
      why: "a setting that nobody reads changes nothing, and people believe that it does",
      fix: "delete it, or add the key to the contract and to the component that reads it"),
    Explanation(
      "spec/keys-are-stated-once",
      why: "of two values one is wrong, and which one counts is a matter of luck",
      fix: "delete one of them"),
    Explanation(
      "spec/limits-are-real",
      why: "engines refuse less than 6 MiB, and no processor time means no progress",
      fix: "give it a part of a processor and at least 6 MiB", source: ["S18-HS-09"]),
    Explanation(
      "spec/names-are-plain",
      why: "names become host names, folders and databases; other characters escape from there",
      fix: "use 1 to 40 of a-z, 0-9 and '-', starting with a letter"),
    Explanation(
      "spec/names-are-unique",
      why: "names are addresses: requests would reach either of two services",
      fix: "run a component once, with `replicas:`; give another component a name of its own"),
    Explanation(
      "spec/placements-exist",
      why: "the engine would keep a service waiting for ever, without an error",
      fix: "add such a node to the cluster, or place it elsewhere"),
    Explanation(
      "spec/ports-are-unique",
      why: "a port of a machine belongs to one process; the second does not start",
      fix: "publish one of them on another port", source: ["C-05"]),
    Explanation(
      "spec/ports-exist", why: "ports are numbers from 1 to 65535",
      fix: "write a number from 1 to 65535"),
    Explanation(
      "spec/replicas-are-positive",
      why: "a component that does not run answers nobody, and a hundred are a slip of the finger",
      fix: "write a number from 1 to 100, or delete the `.run(…)`"),
    Explanation(
      "spec/reserve-fits-the-limit",
      why: "the engine refuses a reservation above the limit",
      fix: "lower `reserve:`, or raise `limit:`", source: ["S18-HS-09"]),
    Explanation(
      "spec/secret-versions-are-in-force",
      why: "a rotation that reaches nobody leaves the old value in use, and looks done",
      fix: "state one version, from 1 on, of a secret that a component of this environment reads",
      source: ["S17-HS-03", "C-16"]),
    Explanation(
      "spec/secrets-are-declared",
      why: "what is not declared is in no list of what must be present, strong and young",
      fix: "add it to `secrets:` of the contract, or take it from the component's `reads:`",
      source: ["S17-HS-03", "C-16"]),
    Explanation(
      "spec/values-are-possible",
      why: "no machine, engine or calendar has so much or so little: it is a slip of the finger",
      fix: "write a value of the range that the finding names", source: ["S18-HS-09"]),
  ]
}
