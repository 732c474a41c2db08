import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One run of another program, with a bound on its time and on what it may say.
///
/// The child leads a process group, so that what it starts ends with it.
struct ProgramRun: Sendable {
  let name: String
  let arguments: [String]
  /// Added to the variables of this process.
  let variables: [String: String]
  let timeout: Duration
  let limit: Int
  /// What it reads on standard input: through memory, never through a file.
  let input: [UInt8]

  init(
    name: String, arguments: [String], variables: [String: String], timeout: Duration, limit: Int,
    input: [UInt8] = []
  ) {
    self.name = name
    self.arguments = arguments
    self.variables = variables
    self.timeout = timeout
    self.limit = limit
    self.input = input
  }

  struct Output: Sendable {
    let status: Int32
    let stdout: [UInt8]
    let stderr: [UInt8]
  }

  enum Failure: Error {
    case notStarted(reason: String)
    case timedOut
    case tooMuch
  }

  /// Waits for the program on a thread that may wait.
  func output() async throws(Failure) -> Output {
    let result: Result<Output, Failure> = await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        do throws(Failure) {
          continuation.resume(returning: .success(try run()))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    return try result.get()
  }

  private func run() throws(Failure) -> Output {
    let (pid, stdin, stdout, stderr) = try Self.starting.withLock { _ throws(Failure) in
      try start()
    }
    defer {
      close(stdout)
      close(stderr)
    }
    var status: Int32 = 0
    do throws(Failure) {
      let texts = try read([stdout, stderr], writing: stdin)
      while waitpid(pid, &status, 0) < 0, errno == EINTR {}
      let signal = status & 0x7f
      return Output(
        status: signal == 0 ? (status >> 8) & 0xff : 128 + signal, stdout: texts[0],
        stderr: texts[1])
    } catch {
      kill(-pid, SIGKILL)
      while waitpid(pid, &status, 0) < 0, errno == EINTR {}
      throw error
    }
  }

  /// Children start one at a time: a pipe that is not yet marked close-on-exec would stay open in
  /// a child that starts at that moment, and its reader would wait for that one too.
  private static let starting = Mutex(())

  /// The child, and the ends that take what it is told and give what it says.
  private func start() throws(Failure) -> (pid_t, stdin: Int32, stdout: Int32, stderr: Int32) {
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
    return (pid, ends[4], ends[0], ends[2])
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
    let environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
    let words = ([name] + arguments).map { strdup($0) } + [nil]
    let pairs = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (words + pairs).forEach { free($0) } }
    return posix_spawnp(&pid, name, &actions, &attributes, words, pairs)
  }

  /// Tells the child all of its input, and returns what it says until both ends are closed.
  private func read(_ ends: [Int32], writing stdin: Int32) throws(Failure) -> [[UInt8]] {
    defer { close(stdin) }
    let deadline = ContinuousClock.now + timeout
    var texts = ends.map { _ in [UInt8]() }
    var entries = ends.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    var rest = input[...]
    entries.append(pollfd(fd: stdin, events: Int16(POLLOUT), revents: 0))
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while entries[..<ends.count].contains(where: { $0.fd >= 0 }) {
      let left = (deadline - .now) / .milliseconds(1)
      guard left > 0 else { throw .timedOut }
      guard poll(&entries, nfds_t(entries.count), Int32(min(left.rounded(.up), 60_000))) > 0 else {
        continue
      }
      if entries[ends.count].fd >= 0, entries[ends.count].revents != 0 {
        if !tell(&rest, to: stdin) { entries[ends.count].fd = -1 }
      }
      for index in ends.indices where entries[index].fd >= 0 && entries[index].revents != 0 {
        let count = Glibc.read(entries[index].fd, &buffer, buffer.count)
        if count > 0 {
          texts[index] += buffer[..<count]
          guard texts[index].count <= limit else { throw .tooMuch }
        } else if count == 0 || errno != EINTR {
          entries[index].fd = -1
        }
      }
    }
    return texts
  }

  /// Writes what the other end takes now; says whether there is more to write.
  private func tell(_ rest: inout ArraySlice<UInt8>, to stdin: Int32) -> Bool {
    let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
    if !rest.isEmpty {
      let count = rest.withUnsafeBytes { send(stdin, $0.baseAddress, $0.count, flags) }
      if count < 0, errno == EINTR || errno == EAGAIN { return true }
      // It went away: its status says why.
      rest = count < 0 ? [] : rest.dropFirst(count)
    }
    guard rest.isEmpty else { return true }
    shutdown(stdin, Int32(SHUT_WR))
    return false
  }

  private static func notStarted(_ code: Int32) -> Failure {
    .notStarted(reason: String(cString: strerror(code)))
  }
}
