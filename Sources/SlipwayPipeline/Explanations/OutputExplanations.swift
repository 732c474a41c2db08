/// What stands in the way of writing, and how files on disk differ from what would be written.
extension Explanations {
  static let output: [Explanation] = [
    Explanation(
      "output/can-be-written", why: "a file that its own reader would refuse helps nobody",
      fix: "change the value that cannot be written, or report a defect of the generator"),
    Explanation(
      "output/is-a-plain-file",
      why: "writing through a link would change something outside the output folder",
      fix: "remove what stands there, then run again"),
    Explanation(
      "output/is-a-plain-folder",
      why: "writing below it would fail, or change something outside the output folder",
      fix: "remove what stands there, then run again"),
    Explanation(
      "output/paths-are-unique", why: "of two files with one name, one is lost",
      fix: "this is a defect of the generator: two emitters write the same file"),
    Explanation(
      "templates/have-no-empty-holes",
      why: "a hole that renders as nothing changes what a script does without a word",
      fix: "give the hole a value in the emitter, or remove it from the template"),
  ]

  static let drift: [Explanation] = [
    Explanation(
      "drift/edited-by-hand", why: "the next run would silently undo the edit",
      fix: "move the change into the specification and generate; to throw it away: "
        + "`slipway generate --force FILE`", source: ["S17-PR-02"]),
    Explanation(
      "drift/missing", why: "what refers to the file would find nothing", fix: "generate",
      source: ["S17-PR-02"]),
    Explanation(
      "drift/not-regenerated",
      why: "reviewers would read something else than what the specification says",
      fix: "generate, and commit what changed", source: ["S17-PR-02"]),
    Explanation(
      "drift/older-generator", why: "a change of the generator is reviewed like any other",
      fix: "generate, and commit what changed", source: ["S17-PR-02"]),
    Explanation(
      "drift/orphan", why: "nothing makes the file any more, and people would go on reading it",
      fix: "generate, which removes it, or delete it if it is your own", source: ["S17-PR-02"]),
  ]

  static let waivers: [Explanation] = [
    Explanation(
      "waivers/are-complete",
      why: "a promise is broken on purpose only by somebody, for a reason, for a time",
      fix: "write the reason, who answers for it, and the last day on which it holds"),
    Explanation(
      "waivers/are-in-force",
      why: "what was borne for a time is borne for ever, if nobody looks again",
      fix: "keep the promise and delete the waiver, or let its owner decide anew"),
    Explanation(
      "waivers/can-be-read",
      why: "what cannot be read lets nothing pass, and whoever wrote it believes that it does",
      fix: "write the form that docs/audit.md shows"),
    Explanation(
      "waivers/spare-no-hard-stop",
      why: "what must not go out does not go out, whoever asks",
      fix: "keep the promise and delete the waiver"),
    Explanation(
      "waivers/are-used",
      why: "a waiver that lets nothing pass today lets something pass tomorrow, unseen",
      fix: "delete the waiver"),
  ]

  static let leaks: [Explanation] = [
    Explanation(
      "leaks/exceptions-are-used",
      why: "an exception that excuses nothing now could excuse a secret later",
      fix: "delete the entry"),
    Explanation(
      "leaks/history-is-whole",
      why: "what was committed once stays readable, however deep it lies",
      fix: "git fetch --unshallow, or `fetch-depth: 0` where a workflow checks out"),
  ]
}
