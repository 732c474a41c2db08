import Foundation
import Glibc

/// What a finished process took.
struct Usage {
  /// From start to end, in seconds.
  let wall: Double
  /// In user and system mode together, in seconds.
  let cpu: Double
  /// The largest resident set, in MiB.
  let peak: Double
  let status: Int32
  /// Standard output and standard error.
  let text: String
}

/// Why nothing could be measured.
struct MeasuringError: Error, CustomStringConvertible {
  let description: String
}

/// Processes that are run to their end and measured by the kernel (`wait4`).
enum ChildProcess {
  /// Runs a program, found on `PATH` if its name has no `/`.
  static func run(
    _ words: [String], in folder: String, adding variables: [String: String] = [:]
  ) throws -> Usage {
    let output = "\(NSTemporaryDirectory())/measure-\(getpid()).out"
    defer { unlink(output) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)

    let all = ProcessInfo.processInfo.environment.merging(variables) { _, added in added }
    let arguments = words.map { strdup($0) } + [nil]
    let environment = all.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (arguments + environment).forEach { free($0) } }

    // This program has one thread, so its own folder can become the child's.
    guard chdir(folder) == 0 else {
      throw MeasuringError(description: "\(folder): \(String(cString: strerror(errno)))")
    }
    var pid: pid_t = 0
    let start = ContinuousClock.now
    let code = posix_spawnp(&pid, words[0], &actions, nil, arguments, environment)
    guard code == 0 else {
      throw MeasuringError(description: "\(words[0]): \(String(cString: strerror(code)))")
    }
    var status: Int32 = 0
    var usage = rusage()
    while wait4(pid, &status, 0, &usage) < 0 && errno == EINTR {}
    let wall = (ContinuousClock.now - start).seconds
    return Usage(
      wall: wall, cpu: usage.ru_utime.seconds + usage.ru_stime.seconds,
      peak: Double(usage.ru_maxrss) / 1024,
      status: status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f),
      text: (try? String(contentsOfFile: output, encoding: .utf8)) ?? "")
  }

  /// The same, for a program that must succeed.
  static func succeed(
    _ words: [String], in folder: String, adding variables: [String: String] = [:]
  ) throws -> Usage {
    let usage = try run(words, in: folder, adding: variables)
    guard usage.status == 0 else {
      throw MeasuringError(
        description: "\(words.joined(separator: " ")): status \(usage.status)\n\(usage.text)")
    }
    return usage
  }
}

extension Duration {
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}

extension timeval {
  fileprivate var seconds: Double { Double(tv_sec) + Double(tv_usec) / 1e6 }
}

extension [Double] {
  var median: Double { isEmpty ? 0 : sorted()[count / 2] }
}

/// A folder for the time of one closure.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  var template = Array("\(NSTemporaryDirectory())/measure.XXXXXX".utf8CString)
  guard mkdtemp(&template) != nil else {
    throw MeasuringError(description: "no temporary folder: \(String(cString: strerror(errno)))")
  }
  let path = template.withUnsafeBufferPointer { buffer in
    buffer.baseAddress.map { String(cString: $0) } ?? ""
  }
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}
