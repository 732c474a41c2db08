import Foundation
import Glibc

/// A process that stays while others are measured; it ends by its own id.
final class Resident {
  let name: String
  let pid: pid_t
  private let log: String

  /// Starts a program with exactly these variables beside `PATH` and `HOME`.
  init(
    _ name: String, _ words: [String], log: String, _ variables: [String: String] = [:]
  ) throws {
    self.name = name
    self.log = log
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    let inherited = ProcessInfo.processInfo.environment.filter {
      ["PATH", "HOME", "LD_LIBRARY_PATH"].contains($0.key)
    }
    let all = inherited.merging(variables) { _, added in added }
    let arguments = words.map { strdup($0) } + [nil]
    let environment = all.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (arguments + environment).forEach { free($0) } }
    var pid: pid_t = 0
    let code = posix_spawnp(&pid, words[0], &actions, nil, arguments, environment)
    guard code == 0 else {
      throw MeasuringError(description: "\(words[0]): \(String(cString: strerror(code)))")
    }
    self.pid = pid
  }

  deinit { end(SIGKILL) }

  /// The last lines that it said.
  var said: String {
    let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").suffix(12).joined(separator: "\n")
  }

  private var hasEnded = false

  /// Sends a signal and waits for the end.
  func end(_ signal: Int32 = SIGTERM) {
    guard !hasEnded else { return }
    hasEnded = true
    kill(pid, signal)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
  }

  /// Waits until `isReady` says so.
  func awaits(within limit: Duration = .seconds(60), _ isReady: () -> Bool) throws {
    let end = ContinuousClock.now + limit
    while !isReady() {
      guard ContinuousClock.now < end else {
        throw MeasuringError(description: "\(name) is not ready after \(limit):\n\(said)")
      }
      usleep(2_000)
    }
  }

  /// What it holds now.
  var holdings: Holdings {
    let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
    let resident =
      status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
      .flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Double($0) } ?? 0
    let files = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd")) ?? []
    return Holdings(resident: resident / 1024, files: files.count)
  }

  /// In user and system mode, in seconds, of all its threads.
  var cpu: Double {
    let text = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
    // After the name, which may hold anything: `utime` and `stime` are fields 14 and 15.
    let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
      return 0
    }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}

/// What a process holds of the machine.
struct Holdings {
  /// In MiB.
  let resident: Double
  let files: Int
}
