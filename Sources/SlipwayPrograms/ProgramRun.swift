import Synchronization

// `environ` belongs to the process: nobody here changes it while a child starts.
#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#endif

/// One run of another program, with a bound on its time and on what it may say.
///
/// The child leads a process group, so that what it starts ends with it.
package struct ProgramRun: Sendable {
  /// What the child sees of variables.
  package enum Surroundings: Sendable {
    /// Those of this process, and these.
    case ours(adding: [String: String])
    /// These alone.
    case only([String: String])
  }

  let name: String
  let arguments: [String]
  let surroundings: Surroundings
  /// `nil` for a program that may take as long as it needs.
  let timeout: Duration?
  /// In bytes; of standard output and of standard error, as far as they are kept.
  let limit: Int
  /// What it reads on standard input: through memory, never through a file.
  let input: [UInt8]

  package init(
    name: String, arguments: [String], surroundings: Surroundings, timeout: Duration?, limit: Int,
    input: [UInt8] = []
  ) {
    self.name = name
    self.arguments = arguments
    self.surroundings = surroundings
    self.timeout = timeout
    self.limit = limit
    self.input = input
  }

  /// What it said and how it ended.
  package struct Output: Sendable {
    /// 128 and the signal's number for one that was ended.
    package let status: Int32
    package let stdout: [UInt8]
    package let stderr: [UInt8]
  }

  package enum Failure: Error {
    case notStarted(reason: String)
    case timedOut
    case tooMuch
  }

  /// Waits for the program on a thread that may wait.
  package func output() async throws(Failure) -> Output {
    let result: Result<Output, Failure> = await withCheckedContinuation { continuation in
      Waiting.begin {
        do throws(Failure) {
          continuation.resume(returning: .success(try wait()))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    return try result.get()
  }

  /// Waits for the program here.
  ///
  /// - Parameter take: Is given standard output as it comes, and says whether it took it. What it
  ///   took is neither kept nor bound.
  package func wait(_ take: ([UInt8]) -> Bool = { _ in false }) throws(Failure) -> Output {
    let child = try Self.starting.withLock { _ throws(Failure) in try start() }
    defer {
      close(child.stdout)
      close(child.stderr)
    }
    var status: Int32 = 0
    do throws(Failure) {
      let texts = try listen(to: child, take)
      while waitpid(child.pid, &status, 0) < 0, errno == EINTR {}
      let signal = status & 0x7f
      return Output(
        status: signal == 0 ? (status >> 8) & 0xff : 128 + signal, stdout: texts[0],
        stderr: texts[1])
    } catch {
      kill(-child.pid, SIGKILL)
      while waitpid(child.pid, &status, 0) < 0, errno == EINTR {}
      throw error
    }
  }

  /// Children start one at a time: a pipe that is not yet marked close-on-exec would stay open in
  /// a child that starts at that moment, and its reader would wait for that one too.
  private static let starting = Mutex(())
}
