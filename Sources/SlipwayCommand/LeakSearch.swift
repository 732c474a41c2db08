import Glibc
import Slipway
import SlipwayAudit
import SlipwayDiagnostics
import SlipwayLeaks

/// Goes through files and history, and keeps what a scanner says of them.
struct LeakSearch {
  struct Note {
    let path: String
    let reason: String
  }

  let scanner: LeakScanner
  let harmless: [HarmlessText]
  private(set) var findings: [Finding] = []
  private(set) var notes: [Note] = []
  private(set) var hasFailed = false
  private var used: Set<HarmlessText> = []
  private var files = 0
  private var versions = 0
  private var commits = 0
  /// What the files of today hold is not told again of each of their versions.
  private var told: Set<Place> = []

  private struct Place: Hashable {
    let path: String
    let rule: String
    let fingerprint: String
  }

  init(scanner: LeakScanner, harmless: [HarmlessText]) {
    self.scanner = scanner
    self.harmless = harmless
  }

  /// For people: what was looked through.
  var looked: String {
    func counted(_ count: Int, _ one: String) -> String {
      "\(count) \(count == 1 ? one : one + "s")"
    }
    let now = counted(files, "file")
    guard commits > 0 else { return now }
    return "\(now) and \(counted(versions, "version")) of files in \(counted(commits, "commit"))"
  }

  // MARK: What is named

  mutating func files(_ paths: [String]) {
    look(AuditFiles(paths, skipping: [".git"]))
  }

  private mutating func look(_ read: AuditFiles) {
    hasFailed = hasFailed || read.hasFailed
    for file in read.files {
      if let bytes = file.bytes {
        files += 1
        judge(bytes, path: file.shown, commit: nil)
      } else if let problem = file.problem {
        notes.append(Note(path: file.shown, reason: Self.words(problem)))
      }
    }
  }

  private static func words(_ problem: AuditedFile.Problem) -> String {
    switch problem {
    case .unreadable(let words): words
    case .tooLarge(let bytes, let most): "it has \(bytes) bytes; at most \(most) are read"
    }
  }

  private mutating func judge(_ bytes: [UInt8], path: String, commit: String?) {
    for leak in scanner.leaks(in: bytes, path: path) {
      let place = Place(path: path, rule: leak.rule, fingerprint: leak.fingerprint)
      if let entry = harmless.first(where: { $0.excuses(leak, in: path) }) {
        used.insert(entry)
      } else if commit == nil || told.insert(place).inserted {
        told.insert(place)
        findings.append(leak.finding(in: path, commit: commit))
      }
    }
  }

  // MARK: A whole repository

  /// Files that git knows or would take, and every version of every file in every commit.
  mutating func repository() throws(GitFailure) {
    for path in try Git.files() {
      var information = stat()
      // What is deleted stands in the history; a link has no bytes of its own.
      guard lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
        continue
      }
      look(AuditFiles([path]))
    }
    if try Git.isShallow() {
      findings.append(
        Finding(
          rule: "leaks/history-is-whole", message: "the history here is cut off",
          why: "what was committed once stays readable, however deep it lies",
          fix: "git fetch --unshallow, or `fetch-depth: 0` where a workflow checks out"))
    }
    let history = try Git.history()
    commits = history.commits.count
    for commit in history.commits {
      judge(commit.message, path: "commit message", commit: commit.id)
    }
    versions = history.blobs.count
    try Git.contents(of: history.blobs.map(\.id)) { index, bytes in
      let blob = history.blobs[index]
      guard let bytes else {
        notes.append(Note(path: blob.path, reason: "a version has more than 16 MiB"))
        return
      }
      judge(bytes, path: blob.path, commit: blob.commit)
    }
    for entry in harmless where !used.contains(entry) {
      findings.append(
        Finding(
          rule: "leaks/exceptions-are-used",
          message: "nothing in '\(entry.path)' has the fingerprint \(entry.fingerprint)",
          written: [entry.origin], label: "excuses nothing",
          why: "an exception that excuses nothing now could excuse a secret later",
          fix: "delete the entry"))
    }
  }
}

extension HarmlessText {
  func excuses(_ leak: Leak, in path: String) -> Bool {
    fingerprint == leak.fingerprint && rule == leak.rule && self.path == path
  }
}
