import Glibc

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
    try GitChild(["cat-file", "--batch", "--buffer"], input: ids.joined(separator: "\n") + "\n")
      .run { bytes in
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
    try GitChild(arguments, input: "").run { output += $0 }
    return output
  }
}
