import Foundation
import Synchronization

/// One child process, from start to end, on the calling thread.
///
/// Standard input is an unlinked file (a child that does not read it costs no SIGPIPE); the two
/// outputs are pipes read by one `poll` loop, so neither can fill up while the other is awaited.
struct ChildProcess: Sendable {
  var path: String
  var arguments: [String]
  var folder: String
  var input: String
  var environment: [String: String]
  var limit: Duration

  /// Between the request to end and the end by force; `scripts/engine` cleans up in this time.
  private static let grace = Duration.seconds(5)

  /// Children start one at a time: a pipe that is not yet marked close-on-exec would stay open
  /// in a child that starts at that moment, and its reader would wait for that one too.
  private static let starting = Mutex(())

  func run() throws -> Tool.Output {
    let (pid, pipes) = try Self.starting.withLock { _ in try start() }
    defer { pipes.forEach { $0.closeBoth() } }
    var watch = Watch(pid: pid, pipes: pipes)
    let finished = watch.wait(atMost: limit)
    if !finished {
      kill(pid, SIGTERM)
      if !watch.wait(atMost: Self.grace) {
        // The child leads a process group: its own children go with it.
        kill(-pid, SIGKILL)
        _ = watch.wait(atMost: Self.grace)
      }
    }
    let output = Tool.Output(
      status: watch.status ?? -1, stdout: watch.text(of: 0), stderr: watch.text(of: 1))
    guard finished else {
      throw Tool.Failure.timedOut(path: path, after: limit, partial: output)
    }
    return output
  }

  private func start() throws -> (pid_t, [Pipe]) {
    var isFolder = ObjCBool(false)
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
      isFolder.boolValue
    else {
      throw Tool.Failure.notStarted(path: path, reason: "no folder '\(folder)'")
    }
    let stdin = try standardInput()
    defer { close(stdin) }
    let pipes = [try Pipe(for: path), try Pipe(for: path)]
    defer { pipes.forEach { $0.closeWriteEnd() } }
    return (try spawn(stdin: stdin, stdout: pipes[0].writeEnd, stderr: pipes[1].writeEnd), pipes)
  }

  private func standardInput() throws -> Int32 {
    guard !input.isEmpty else { return open("/dev/null", O_RDONLY | O_CLOEXEC) }
    var template = Array("\(NSTemporaryDirectory())/tool-input.XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw failure(errno) }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    let bytes = Array(input.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
      }
      guard count > 0 else {
        close(descriptor)
        throw failure(errno)
      }
      written += count
    }
    lseek(descriptor, 0, SEEK_SET)
    return descriptor
  }

  private func spawn(stdin: Int32, stdout: Int32, stderr: Int32) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, stdin, 0)
    posix_spawn_file_actions_adddup2(&actions, stdout, 1)
    posix_spawn_file_actions_adddup2(&actions, stderr, 2)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

    // `env` changes the folder and becomes the command, with the same pid.
    let env = "/usr/bin/env"
    let words = ([env, "--chdir=\(folder)", path] + arguments).map { strdup($0) } + [nil]
    let variables = environment.sorted { $0.key < $1.key }.map { strdup("\($0)=\($1)") } + [nil]
    defer { (words + variables).forEach { free($0) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, env, &actions, &attributes, words, variables)
    guard code == 0 else { throw failure(code) }
    return pid
  }

  private func failure(_ code: Int32) -> Tool.Failure {
    .notStarted(path: path, reason: String(cString: strerror(code)))
  }
}

/// A pipe whose ends are closed exactly once.
private final class Pipe {
  private(set) var readEnd: Int32
  private(set) var writeEnd: Int32

  init(for path: String) throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw Tool.Failure.notStarted(path: path, reason: String(cString: strerror(errno)))
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  func closeWriteEnd() {
    if writeEnd >= 0 { close(writeEnd) }
    writeEnd = -1
  }

  func closeReadEnd() {
    if readEnd >= 0 { close(readEnd) }
    readEnd = -1
  }

  deinit { closeBoth() }

  func closeBoth() {
    closeWriteEnd()
    closeReadEnd()
  }
}

/// Waits for a child's end and both its outputs' ends, with a bound.
private struct Watch {
  let pid: pid_t
  let pipes: [Pipe]
  private(set) var status: Int32?
  private var bytes: [[UInt8]]
  private var endedAt: ContinuousClock.Instant?

  /// A grandchild may keep an output open after the child's end; then what came is what counts.
  private static let lateOutput = Duration.seconds(1)

  init(pid: pid_t, pipes: [Pipe]) {
    self.pid = pid
    self.pipes = pipes
    self.bytes = pipes.map { _ in [] }
  }

  func text(of index: Int) -> String { String(decoding: bytes[index], as: UTF8.self) }

  /// True when the child has ended; its pid is then reaped and must not be signalled again.
  mutating func wait(atMost limit: Duration) -> Bool {
    let deadline = ContinuousClock.now + limit
    while true {
      let open = pipes.contains { $0.readEnd >= 0 }
      if open { readWhatIsThere() }
      reap()
      if let endedAt {
        if !pipes.contains(where: { $0.readEnd >= 0 }) { return true }
        if ContinuousClock.now > endedAt + Self.lateOutput { return true }
      } else if ContinuousClock.now > deadline {
        return false
      }
      if !open { usleep(1_000) }
    }
  }

  /// One round of `poll`: returns at the first byte or end of file, or after 20 ms.
  private mutating func readWhatIsThere() {
    var entries = pipes.map { pollfd(fd: $0.readEnd, events: Int16(POLLIN), revents: 0) }
    guard poll(&entries, nfds_t(entries.count), 20) > 0 else { return }
    for (index, entry) in entries.enumerated() where entry.fd >= 0 && entry.revents != 0 {
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let count = read(entry.fd, &buffer, buffer.count)
      if count > 0 {
        bytes[index] += buffer[..<count]
      } else if count == 0 || errno != EINTR {
        pipes[index].closeReadEnd()
      }
    }
  }

  private mutating func reap() {
    guard status == nil else { return }
    var code: Int32 = 0
    guard waitpid(pid, &code, WNOHANG) == pid else { return }
    let signal = code & 0x7f
    status = signal == 0 ? (code >> 8) & 0xff : 128 + signal
    endedAt = .now
  }
}
