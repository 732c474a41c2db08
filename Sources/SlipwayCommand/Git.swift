import Glibc
import SlipwayPrograms

/// Why git did not answer: a sentence.
struct GitFailure: Error {
  let message: String
}

/// What git is asked: reading only, of the repository of the working folder.
enum Git {
  struct Blob {
    let id: String
    let path: String
    /// The first commit that holds it.
    let commit: String
  }
  struct Commit {
    let id: String
    let message: [UInt8]
  }
  struct History {
    var commits: [Commit] = []
    var blobs: [Blob] = []
  }

  /// Larger versions are told, and not read.
  private static let bytesMax = 16 << 20

  /// All files that are tracked or would be.
  static func files() throws(GitFailure) -> [String] {
    let text = try run(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
    return Set(text.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }).sorted()
  }

  static func isShallow() throws(GitFailure) -> Bool {
    try run(["rev-parse", "--is-shallow-repository"]).starts(with: Array("true".utf8))
  }

  /// Every commit that a branch, a tag or a stash leads to, the oldest first, with the files that
  /// it brought.
  static func history() throws(GitFailure) -> History {
    let output = try run([
      "log", "--all", "--reverse", "--topo-order", "--format=%x01%H%x02%B%x03", "--raw", "-z",
      "-m", "--root", "--no-abbrev", "--no-renames",
    ])
    var history = History()
    var seen: Set<String> = []
    var known: Set<String> = []
    var commit = ""
    var id: String?
    for part in output.split(separator: 0) {
      var part = part
      // The first file of a commit follows its message directly.
      while let first = part.first, first == 0x0A { part = part.dropFirst() }
      if part.first == 1, let end = part.firstIndex(of: 2), let last = part.lastIndex(of: 3) {
        commit = String(decoding: part[(part.startIndex + 1)..<end], as: UTF8.self)
        if known.insert(commit).inserted {
          history.commits.append(Commit(id: commit, message: Array(part[(end + 1)..<last])))
        }
        part = part[(last + 1)...]
        while let first = part.first, first == 0x0A { part = part.dropFirst() }
        if part.isEmpty { continue }
      }
      if part.first == UInt8(ascii: ":") {
        // `:100644 100644 OLD NEW M`
        let fields = part.split(separator: 0x20)
        let isFile = fields.count == 5 && fields[1].starts(with: Array("100".utf8))
        id = isFile ? String(decoding: fields[3], as: UTF8.self) : nil
      } else if let blob = id {
        if seen.insert(blob).inserted {
          let path = String(decoding: part, as: UTF8.self)
          history.blobs.append(Blob(id: blob, path: path, commit: commit))
        }
        id = nil
      }
    }
    return history
  }

  /// The bytes of blobs, one after another; `nil` of one that is too large.
  static func contents(
    of ids: [String], _ body: (Int, [UInt8]?) -> Void
  ) throws(GitFailure) {
    guard !ids.isEmpty else { return }
    var buffer: [UInt8] = []
    var start = 0
    var index = 0
    var left = 0
    var isSkipped = false
    var isMissing = false
    try ask(["cat-file", "--batch", "--buffer"], ids.joined(separator: "\n") + "\n") { bytes in
      buffer += bytes
      while true {
        if left == 0 {
          guard let end = buffer[start...].firstIndex(of: 0x0A) else { break }
          let head = String(decoding: buffer[start..<end], as: UTF8.self).split(separator: " ")
          start = end + 1
          guard head.count == 3, let size = Int(head[2]) else {
            isMissing = true
            index += 1
            continue
          }
          // With the line feed behind it.
          left = size + 1
          isSkipped = size > bytesMax
        }
        let have = buffer.count - start
        if isSkipped {
          let part = min(have, left)
          start += part
          left -= part
          if left > 0 { break }
          body(index, nil)
        } else {
          guard have >= left else { break }
          body(index, Array(buffer[start..<start + left - 1]))
          start += left
          left = 0
        }
        index += 1
      }
      buffer.removeFirst(start)
      start = 0
    }
    guard index == ids.count, !isMissing else {
      throw GitFailure(message: "git does not have all versions that it names")
    }
  }

  private static func run(_ arguments: [String]) throws(GitFailure) -> [UInt8] {
    var output: [UInt8] = []
    try ask(arguments, "") { output += $0 }
    return output
  }

  /// What git may see of our variables: where things are, and nothing that changes an answer.
  private static let passed = [
    "PATH", "HOME", "XDG_CONFIG_HOME", "TMPDIR", "GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CEILING_DIRECTORIES",
    "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0",
    "GIT_CONFIG_VALUE_0",
  ]

  /// No complaint of git is longer.
  private static let complaintMax = 1 << 20

  /// Gives `body` what git says, piece by piece; a history takes as long as it takes.
  private static func ask(
    _ arguments: [String], _ input: String, _ body: ([UInt8]) -> Void
  ) throws(GitFailure) {
    var variables = [
      "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_PAGER": "cat",
    ]
    for name in passed { if let value = getenv(name) { variables[name] = String(cString: value) } }
    let run = ProgramRun(
      name: "git", arguments: arguments, surroundings: .only(variables), timeout: nil,
      limit: complaintMax, input: Array(input.utf8))
    let output: ProgramRun.Output
    do throws(ProgramRun.Failure) {
      output = try run.wait { bytes in
        body(bytes)
        return true
      }
    } catch {
      switch error {
      case .notStarted(let reason): throw GitFailure(message: "git does not start: \(reason)")
      case .timedOut, .tooMuch: throw GitFailure(message: "git complains without end")
      }
    }
    guard output.status == 0 else {
      let words = String(decoding: output.stderr.prefix(600), as: UTF8.self)
        .split(separator: "\n").prefix(3).joined(separator: "; ")
      throw GitFailure(message: "git says: \(words)")
    }
  }
}
