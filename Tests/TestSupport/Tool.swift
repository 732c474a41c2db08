import Foundation

/// A judge from `.tools/bin`, run as a child process.
///
/// Names are looked up there and nowhere else, so a test means the pinned tool or fails; it is
/// never skipped. The child sees a fixed environment (PATH begins with `.tools/bin`, C.UTF-8,
/// UTC, a HOME of its own) plus what the call adds, and nothing of the machine's.
package enum Tool {
  /// What a finished child left behind.
  package struct Output: Sendable, Equatable, CustomStringConvertible {
    /// The exit code; 128 + n when signal n ended it.
    package var status: Int32
    package var stdout: String
    package var stderr: String

    package var description: String {
      "status \(status)\n--- stdout\n\(stdout)\n--- stderr\n\(stderr)"
    }
  }

  package enum Failure: Error, Equatable, CustomStringConvertible {
    case missing(path: String)
    case notStarted(path: String, reason: String)
    case timedOut(path: String, after: Duration, partial: Output)

    package var description: String {
      switch self {
      case .missing(let path): "run scripts/install-tools: '\(path)' is missing"
      case .notStarted(let path, let reason): "'\(path)' did not start: \(reason)"
      case .timedOut(let path, let limit, let partial):
        "'\(path)' was still running after \(limit) and was ended; \(partial)"
      }
    }
  }

  /// Most tools take well under a second; a hung one must not hang the suite.
  package static let usualLimit = Duration.seconds(240)

  /// Runs the tool `name` of `.tools/bin` and returns when it has ended, whatever its exit code.
  ///
  /// - Parameters:
  ///   - folder: the working directory; the package root if nil.
  ///   - input: what it reads on standard input; nothing if nil.
  ///   - environment: variables added to the fixed ones, or overriding them.
  @discardableResult
  package static func run(
    _ name: String, _ arguments: [String] = [], in folder: String? = nil,
    input: String? = nil, environment: [String: String] = [:], timeout: Duration = usualLimit
  ) async throws -> Output {
    try await execute(
      "\(packageRoot)/.tools/bin/\(name)", arguments, in: folder, input: input,
      environment: environment, timeout: timeout)
  }

  /// Runs `scripts/name` of this package, in the same way.
  @discardableResult
  package static func script(
    _ name: String, _ arguments: [String] = [], in folder: String? = nil,
    input: String? = nil, environment: [String: String] = [:], timeout: Duration = usualLimit
  ) async throws -> Output {
    try await execute(
      "\(packageRoot)/scripts/\(name)", arguments, in: folder, input: input,
      environment: environment, timeout: timeout)
  }

  /// Runs an executable of this very build.
  @discardableResult
  package static func built(
    _ name: String, _ arguments: [String] = [], in folder: String? = nil,
    input: String? = nil, environment: [String: String] = [:], timeout: Duration = usualLimit
  ) async throws -> Output {
    try await execute(
      "\(buildFolder)/\(name)", arguments, in: folder, input: input, environment: environment,
      timeout: timeout)
  }

  /// Runs a program that a test has built itself.
  @discardableResult
  package static func program(
    _ path: String, _ arguments: [String] = [], in folder: String? = nil,
    timeout: Duration = usualLimit
  ) async throws -> Output {
    try await execute(path, arguments, in: folder, input: nil, environment: [:], timeout: timeout)
  }

  /// Runs the compiler that built this test.
  @discardableResult
  package static func swift(_ arguments: [String], in folder: String? = nil) async throws -> Output
  {
    try await execute(
      toolchain("swiftc"), arguments, in: folder, input: nil, environment: [:],
      timeout: .seconds(120))
  }

  /// Runs the package manager of the compiler that built this test. It fetches what it needs, so
  /// it has the caller's own environment.
  @discardableResult
  package static func package(
    _ arguments: [String], in folder: String? = nil, timeout: Duration = .seconds(600)
  ) async throws -> Output {
    try await execute(
      toolchain("swift"), arguments, in: folder, input: nil,
      environment: ProcessInfo.processInfo.environment, timeout: timeout)
  }

  private static func toolchain(_ name: String) -> String {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let places = path.split(separator: ":").map { "\($0)/\(name)" }
    return places.first { access($0, X_OK) == 0 } ?? name
  }

  private static func execute(
    _ path: String, _ arguments: [String], in folder: String?, input: String?,
    environment: [String: String], timeout: Duration
  ) async throws -> Output {
    guard access("\(packageRoot)/.tools/stamp", R_OK) == 0, access(path, X_OK) == 0 else {
      throw Failure.missing(path: path)
    }
    let child = ChildProcess(
      path: path, arguments: arguments, folder: folder ?? packageRoot, input: input ?? "",
      environment: fixedEnvironment.merging(environment) { _, added in added }, limit: timeout)
    return try await withCheckedThrowingContinuation { continuation in
      workers.addOperation {
        continuation.resume(with: Result { try child.run() })
      }
    }
  }

  private static let fixedEnvironment = [
    "HOME": "\(packageRoot)/.tools/home",
    "LC_ALL": "C.UTF-8",
    // A program of ours, built to count what is run, would leave its figures where it stands.
    "LLVM_PROFILE_FILE": "/dev/null",
    "PATH": "\(packageRoot)/.tools/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "TZ": "UTC",
  ]

  /// Children are waited for outside the cooperative pool, and only a few run at a time: the
  /// limit of each counts from its own start, not from the queue's.
  private static let workers: OperationQueue = {
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = max(4, ProcessInfo.processInfo.activeProcessorCount)
    return queue
  }()
}
