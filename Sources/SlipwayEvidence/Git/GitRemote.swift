import SlipwayPrograms

/// Asks git which commit a tag of a remote repository means.
package struct GitRemote: Sendable {
  package let host: GitHost
  private let limits: HTTPLimits

  package init(_ host: GitHost, limits: HTTPLimits) {
    self.host = host
    self.limits = limits
  }

  /// The commit: of an annotated tag what it points at, of a light one the tag's own.
  package func commit(of action: ActionName, _ version: String) async throws(GitFailure) -> String {
    let tag = "refs/tags/\(version)"
    let text = try await patiently(
      ["ls-remote", "--quiet", "--", host.repository(action), tag, "\(tag)^{}"])
    var commits: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: "\t", maxSplits: 1)
      guard fields.count == 2 else { throw .malformed }
      commits[String(fields[1])] = String(fields[0])
    }
    guard let commit = commits["\(tag)^{}"] ?? commits[tag] else { throw .noTag }
    guard commit.isHexadecimal(count: 40) else { throw .malformed }
    return commit
  }

  private func patiently(_ arguments: [String]) async throws(GitFailure) -> String {
    var pause = limits.pause
    for _ in 1..<max(1, limits.tries) {
      do throws(GitFailure) { return try await once(arguments) } catch {
        switch error {
        case .refused, .timedOut: break
        case .noGit, .noTag, .tooMuch, .malformed: throw error
        }
      }
      try? await Task.sleep(for: pause)
      pause *= 2
    }
    return try await once(arguments)
  }

  private func once(_ arguments: [String]) async throws(GitFailure) -> String {
    // No helper may give a password, no prompt may wait for one.
    let run = ProgramRun(
      name: "git",
      arguments: ["-c", "credential.helper=", "-c", "core.askPass="] + arguments,
      surroundings: .ours(adding: [
        "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "", "SSH_ASKPASS": "", "LC_ALL": "C",
      ]),
      timeout: limits.timeout, limit: limits.bytes)
    let output: ProgramRun.Output
    do throws(ProgramRun.Failure) { output = try await run.output() } catch {
      switch error {
      case .notStarted(let reason): throw .noGit(reason: reason)
      case .timedOut: throw .timedOut(after: limits.timeout)
      case .tooMuch: throw .tooMuch(limit: limits.bytes)
      }
    }
    guard output.status == 0 else {
      let lines = String(decoding: output.stderr, as: UTF8.self).split(separator: "\n")
      let reason = lines.first { $0.hasPrefix("fatal: ") }?.dropFirst(7) ?? lines.first
      throw .refused(reason: reason.map(String.init) ?? "status \(output.status)")
    }
    return String(decoding: output.stdout, as: UTF8.self)
  }
}

/// Why git's word cannot be had, or not be taken.
package enum GitFailure: Error, Hashable, Sendable {
  case noGit(reason: String)
  /// What git itself says.
  case refused(reason: String)
  case timedOut(after: Duration)
  case tooMuch(limit: Int)
  case noTag
  case malformed
}
