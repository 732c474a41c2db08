/// What `generate`, `check` and `lock` find in the lock file and at its sources, and what the gate
/// asks of it.
extension Explanations {
  static let supply: [Explanation] = [
    Explanation(
      "supply/answers-are-sound",
      why: "an answer that is not what it says pins nothing",
      fix: "ask again later; if it stays so, ask whoever runs the registry or the repository",
      source: ["C-30"]),
    Explanation(
      "supply/git-answers",
      why: "an action that is not pinned to a commit can change between two runs",
      fix: "run `slipway lock` where the repository can be reached", source: ["C-30"]),
    Explanation(
      "supply/lock-file-is-current",
      why: "the file would say something else than registries and git do now",
      fix: "run `slipway lock`, read the difference, and commit the lock file", source: ["C-30"]),
    Explanation(
      "supply/lock-file-is-sound",
      why: "what runs outside development is pinned by it",
      fix: "run `slipway lock`, or restore the file from the last commit", source: ["C-30"]),
    Explanation(
      "supply/lock-is-complete",
      why:
        "the gate lets out only what is pinned: what has no digest can be another image tomorrow",
      fix: "run `slipway lock --add NAME:TAG` where the registry can be reached, and commit the "
        + "lock file", source: ["S17-HS-10", "C-30"]),
    Explanation(
      "supply/no-known-vulnerabilities",
      why: "the gate lets out nothing with a high or critical vulnerability that is known",
      fix: "move to a version without it, or state in the VEX file why it does no harm here",
      source: ["S17-HS-04", "S18-HS-03", "S17-GATE-07"]),
    Explanation(
      "supply/registries-answer",
      why: "a digest that is not read is not invented; the lock file stays as it is",
      fix: "run `slipway lock` where the registry can be reached", source: ["C-30"]),
    Explanation(
      "supply/unlocked-action",
      why: "a tag of an action can be moved to hostile code that then reads secrets",
      fix: "run `slipway lock --add OWNER/NAME@VERSION` where the repository can be reached, and "
        + "commit the lock file", source: ["C-30"]),
    Explanation(
      "supply/unlocked-image",
      why: "a tag can be moved to other content after it was reviewed",
      fix: "run `slipway lock --add NAME:TAG` where the registry can be reached, and commit the "
        + "lock file", source: ["C-30"]),
    Explanation(
      "supply/versions-stay-where-they-are",
      why: "a release does not move in good faith, and an action runs with the workflow's rights",
      fix: "compare both commits before you commit the lock file", source: ["C-30"]),
  ]
}
