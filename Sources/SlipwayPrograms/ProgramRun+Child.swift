#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#endif

/// A program that runs, and our ends of what it reads and says.
struct Child {
  let pid: pid_t
  let stdin: Int32
  let stdout: Int32
  let stderr: Int32
}

extension ProgramRun {
  /// The child, and the ends that take what it is told and give what it says.
  func start() throws(Failure) -> Child {
    var ends: [Int32] = []
    for index in 0..<3 {
      var pair: [Int32] = [-1, -1]
      // A socket, for a child that ends without reading must not end us too.
      let isMade = index < 2 ? pipe(&pair) : socketpair(AF_UNIX, Self.stream, 0, &pair)
      guard isMade == 0 else {
        let code = errno
        ends.forEach { close($0) }
        throw Self.notStarted(code)
      }
      ends += pair
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var pid: pid_t = 0
    let code = spawn(&pid, input.isEmpty ? nil : ends[5], ends[1], ends[3])
    for end in [ends[1], ends[3], ends[5]] { close(end) }
    guard code == 0 else {
      for end in [ends[0], ends[2], ends[4]] { close(end) }
      throw Self.notStarted(code)
    }
    return Child(pid: pid, stdin: ends[4], stdout: ends[0], stderr: ends[2])
  }

  #if canImport(Glibc)
    private static let stream = Int32(SOCK_STREAM.rawValue)
  #else
    private static let stream = Int32(SOCK_STREAM)
  #endif

  private func spawn(
    _ pid: inout pid_t, _ stdin: Int32?, _ stdout: Int32, _ stderr: Int32
  ) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let stdin {
      posix_spawn_file_actions_adddup2(&actions, stdin, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, stdout, 1)
    posix_spawn_file_actions_adddup2(&actions, stderr, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    let words = ([name] + arguments).map { strdup($0) } + [nil]
    let pairs = variables.map { strdup($0) } + [nil]
    defer { (words + pairs).forEach { free($0) } }
    return posix_spawnp(&pid, name, &actions, &attributes, words, pairs)
  }

  /// As a child takes them: `NAME=VALUE`, each name once.
  private var variables: [String] {
    switch surroundings {
    case .only(let named): return named.map { "\($0.key)=\($0.value)" }
    case .ours(let added):
      var all = added.map { "\($0.key)=\($0.value)" }
      var next = environ
      while let pointer = next.pointee {
        let pair = String(cString: pointer)
        if added[String(pair.prefix { $0 != "=" })] == nil { all.append(pair) }
        next += 1
      }
      return all
    }
  }
}
