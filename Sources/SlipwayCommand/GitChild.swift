import Glibc

/// One run of git. What it is given stands in a file without a name, so that neither side waits
/// for the other.
struct GitChild {
  private let arguments: [String]
  private let input: String

  init(_ arguments: [String], input: String) {
    self.arguments = arguments
    self.input = input
  }

  /// What git may see of our variables: where things are, and nothing that changes an answer.
  private static let passed = [
    "PATH", "HOME", "XDG_CONFIG_HOME", "TMPDIR", "GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CEILING_DIRECTORIES",
    "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0",
    "GIT_CONFIG_VALUE_0",
  ]

  /// Gives `body` what git says, piece by piece.
  func run(_ body: ([UInt8]) -> Void) throws(GitFailure) {
    let stdin = try file(holding: input)
    let stderr = try file(holding: "")
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw failure(errno) }
    defer { [stdin, stderr, ends[0]].forEach { close($0) } }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var pid: pid_t = 0
    let code = spawn(&pid, stdin, ends[1], stderr)
    close(ends[1])
    guard code == 0 else { throw failure(code) }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = Glibc.read(ends[0], &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      body(Array(buffer[..<count]))
    }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    guard status == 0 else { throw GitFailure(message: "git says: \(words(of: stderr))") }
  }

  private func spawn(
    _ pid: inout pid_t, _ stdin: Int32, _ stdout: Int32, _ stderr: Int32
  ) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, stdin, 0)
    posix_spawn_file_actions_adddup2(&actions, stdout, 1)
    posix_spawn_file_actions_adddup2(&actions, stderr, 2)
    let words = (["git"] + arguments).map { strdup($0) } + [nil]
    var variables = ["LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_PAGER=cat"]
    for name in Self.passed {
      if let value = getenv(name) { variables.append("\(name)=\(String(cString: value))") }
    }
    let pairs = variables.map { strdup($0) } + [nil]
    defer { (words + pairs).forEach { free($0) } }
    return posix_spawnp(&pid, "git", &actions, nil, words, pairs)
  }

  private func file(holding text: String) throws(GitFailure) -> Int32 {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(folder)/slipway.XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw failure(errno) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(template)
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let code = errno
        close(descriptor)
        throw failure(code)
      }
      rest = rest.dropFirst(count)
    }
    lseek(descriptor, 0, SEEK_SET)
    return descriptor
  }

  /// The first lines of what git complained.
  private func words(of descriptor: Int32) -> String {
    lseek(descriptor, 0, SEEK_SET)
    var buffer = [UInt8](repeating: 0, count: 600)
    let count = max(0, Glibc.read(descriptor, &buffer, buffer.count))
    let text = String(decoding: buffer[..<count], as: UTF8.self)
    return text.split(separator: "\n").prefix(3).joined(separator: "; ")
  }

  private func failure(_ code: Int32) -> GitFailure {
    GitFailure(message: "git does not start: \(String(cString: strerror(code)))")
  }
}
