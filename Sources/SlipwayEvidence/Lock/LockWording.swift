import SlipwayDiagnostics

/// Every sentence that `lock` says. (Error text is API.)
extension Finding {
  static func brokenLockFile(_ reason: String, path: String) -> Finding {
    Finding(
      rule: "supply/lock-file-is-sound", message: "the lock file cannot be read: \(reason)",
      lands: Landing(path: path), why: "what runs outside development is pinned by it (C-30)",
      fix: "restore the file from the last commit")
  }

  static func notAName(_ entry: LockedEntry, _ path: String) -> Finding {
    let form =
      entry.kind == .image
      ? "REGISTRY/REPOSITORY and a tag" : "OWNER/NAME and a version, which is a tag"
    return Finding(
      rule: "supply/lock-file-is-sound",
      message:
        "'\(entry.title)' cannot be the name of an \(entry.kind == .image ? "image" : "action")",
      lands: entry.landing(path), why: "nobody can be asked what it means",
      fix: "write \(form), in the letters that names have")
  }

  static func difference(_ change: LockChange, _ path: String) -> Finding {
    let (entry, edit) = (change.edit.entry, change.edit)
    let message: String
    var fix = "run `slipway lock`, read what changed, and commit the lock file"
    var why = "what is deployed is pinned by it; the lock file no longer says what the tag means"
    if let pin = entry.pin, change.isMoved {
      message = "'\(entry.title)' has moved from \(pin.short) to \(edit.pin.short)"
      if entry.kind == .action, entry.isBound {
        why = movedWhy
        fix = "compare both commits, then: slipway lock --only \(entry.name)"
      }
    } else if change.isNew {
      message = "'\(entry.title)' is not in the lock file"
    } else if !change.hasOtherPlatforms {
      message = "'\(entry.title)' and its pin \(edit.pin.short) were not read together"
    } else {
      let recorded = entry.platforms.isEmpty ? "none" : entry.platforms.joined(separator: " ")
      message =
        "'\(entry.title)' is locked for the platforms \(recorded), its image is for "
        + edit.platforms.joined(separator: " ")
      why = "a node of another platform would pull nothing that it can run (F13)"
    }
    return Finding(
      rule: "supply/lock-file-is-current", message: message, lands: entry.landing(path), why: why,
      fix: fix)
  }

  static func movedVersion(_ entry: LockedEntry, _ path: String, to commit: String) -> Finding {
    Finding(
      rule: "supply/versions-stay-where-they-are", severity: .warning,
      message: "'\(entry.title)' has moved from \((entry.pin ?? "").short) to \(commit.short)",
      lands: entry.landing(path), why: movedWhy,
      fix: "compare both commits of \(entry.name) before you commit the lock file")
  }

  private static let movedWhy =
    "a release does not move in good faith, and an action runs with the workflow's rights"

  static func silence(_ silence: LockAnswers.Silence, _ path: String) -> Finding {
    let first = silence.entries.first
    let registry = first.flatMap { ImageName($0.name)?.registry } ?? silence.address.authority
    let waiting = silence.entries.map(\.title).joined(separator: ", ")
    let count =
      silence.entries.count == 1 ? "1 image waits" : "\(silence.entries.count) images wait"
    return Finding(
      rule: silence.failure.rule,
      message: "\(silence.failure.clause(silence.address.authority)); \(count) for it: \(waiting)",
      lands: first?.landing(path), why: silence.failure.why,
      fix: silence.failure.fix(registry))
  }

  static func unread(
    _ entry: LockedEntry, _ path: String, at source: String, _ failure: RegistryFailure
  ) -> Finding {
    let host = String(source.prefix { $0 != "/" })
    return Finding(
      rule: failure.rule, message: "'\(entry.title)' is not read: \(failure.clause(host))",
      lands: entry.landing(path), why: failure.why,
      fix: failure.fix(ImageName(entry.name)?.registry ?? host))
  }

  static func unread(
    _ entry: LockedEntry, _ path: String, at source: String, _ failure: GitFailure
  ) -> Finding {
    let repository = String(source.prefix { $0 != " " })
    return Finding(
      rule: failure.isGap ? "supply/git-answers" : "supply/answers-are-sound",
      message: "'\(entry.title)' is not read: \(failure.clause(repository))",
      lands: entry.landing(path),
      why: "an action that is not pinned to a commit can change between two runs",
      fix: failure.fix(repository))
  }
}

extension RegistryFailure {
  /// Whether the answer is lacking, rather than wrong.
  var isGap: Bool {
    switch self {
    case .line(.unreachable), .line(.timedOut), .unauthorised, .noRegistry, .noTag,
      .noConfiguration, .busy, .status:
      true
    case .line(.tooLarge), .line(.redirected), .line(.redirectedTooOften), .mismatch, .malformed,
      .strangeIssuer:
      false
    }
  }

  fileprivate var rule: String { isGap ? "supply/registries-answer" : "supply/answers-are-sound" }

  fileprivate var why: String {
    isGap
      ? "a digest that is not read is not invented; the lock file stays as it is"
      : "an answer that is not what it says pins nothing"
  }

  /// What is the matter, as one clause.
  fileprivate func clause(_ host: String) -> String {
    switch self {
    case .line(.unreachable(let origin, let reason)): "\(origin) cannot be reached: \(reason)"
    case .line(.timedOut(let origin, let limit)):
      "\(origin) gave no whole answer within \(limit.words)"
    case .line(.tooLarge(let origin, let limit)):
      "\(origin) answers with more than \(limit) bytes, which no manifest has"
    case .line(.redirected(let from, let to)): "\(from) sends to \(to), which nobody asked"
    case .line(.redirectedTooOften(let origin)): "\(origin) sends from one address to the next"
    case .unauthorised: "\(host) shows it to nobody without a password, or has nothing of that name"
    case .noRegistry: "\(host) does not speak the distribution API"
    case .noTag: "\(host) has no such tag"
    case .noConfiguration: "\(host) has the manifest, but not the configuration that it names"
    case .busy: "\(host) was asked too often"
    case .status(let status): "\(host) answers with status \(status)"
    case .mismatch(let claimed, let actual):
      "\(host) says \(claimed.short), but what it sends is \(actual.short)"
    case .malformed(let reason): "the answer of \(host) makes no sense: \(reason)"
    case .strangeIssuer(let realm):
      "\(host) sends for a token to '\(realm)', which is no encrypted address"
    }
  }

  fileprivate func fix(_ registry: String) -> String {
    let mirror = "--registry-map \(registry)=HOST"
    return switch self {
    case .line(.unreachable), .line(.timedOut), .status:
      "try again later, or read from a mirror that can be reached: \(mirror)"
    case .line(.redirected), .line(.redirectedTooOften), .noRegistry:
      "if the registry is elsewhere now, name the address: \(mirror)"
    case .unauthorised:
      "mend the spelling; only public images are locked, others through a mirror: \(mirror)"
    case .noTag, .noConfiguration: "state a tag that the registry has, then run `slipway lock`"
    case .busy: "wait an hour, ask for fewer with --only, or read from a mirror: \(mirror)"
    case .line(.tooLarge), .mismatch, .malformed, .strangeIssuer:
      "lock nothing from there; ask over another line or from a mirror: \(mirror)"
    }
  }
}

extension GitFailure {
  /// Whether the answer is lacking, rather than wrong.
  var isGap: Bool {
    switch self {
    case .noGit, .refused, .timedOut, .noTag: true
    case .tooMuch, .malformed: false
    }
  }

  fileprivate func clause(_ repository: String) -> String {
    switch self {
    case .noGit(let reason): "git does not start: \(reason)"
    case .refused(let reason): "git cannot read \(repository): \(reason)"
    case .timedOut(let limit): "git had no answer from \(repository) within \(limit.words)"
    case .tooMuch(let limit): "\(repository) answers with more than \(limit) bytes"
    case .noTag: "\(repository) has no such tag"
    case .malformed: "the answer of \(repository) makes no sense"
    }
  }

  fileprivate func fix(_ repository: String) -> String {
    switch self {
    case .noGit: "install git"
    case .refused, .timedOut:
      "try again later, or read from a mirror that can be reached: --git-map \(GitHost.ofActions)=…"
    case .noTag: "state a version that is a tag there, then run `slipway lock`"
    case .tooMuch, .malformed: "lock nothing from there; see who answers for \(repository)"
    }
  }
}

extension Duration {
  /// `10 s`, `0.3 s`.
  fileprivate var words: String {
    let tenths = Int((self / .milliseconds(100)).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
  }
}
