import Foundation
import SlipwayEvidence
import Synchronization

/// The lock that the generated scripts take too: a release and a rotation never run at once.
struct StateLock {
  private let descriptor: Int32

  init(
    _ state: String, _ environment: String, _ variables: [String: String]
  ) async throws(ReadingFailure) {
    try? FileManager.default.createDirectory(
      atPath: state, withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    descriptor = open("\(state)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw ReadingFailure("'\(state)/lock': \(String(cString: strerror(errno)))")
    }
    let seconds = variables["SLIPWAY_LOCK_SECONDS"].flatMap { Int($0) } ?? 60
    let end = ContinuousClock.now + .seconds(seconds)
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard ContinuousClock.now < end, errno == EWOULDBLOCK || errno == EINTR else {
        close(descriptor)
        throw ReadingFailure("another script works on \(environment); wait for it to end")
      }
      try? await Task.sleep(for: .milliseconds(200))
    }
  }

  func release() { close(descriptor) }
}

/// How long the engine may take for one service.
final class Deadlines: Sendable {
  private let limit: Duration
  private let poll: Duration
  private let end: Mutex<ContinuousClock.Instant>

  init(seconds: Int, poll: String?) {
    limit = .seconds(seconds)
    self.poll = .milliseconds(Int((poll.flatMap { Double($0) } ?? 2) * 1000))
    end = Mutex(.now + .seconds(seconds))
  }

  /// Something was done: what comes next has its own time.
  func restart() { end.withLock { $0 = .now + limit } }

  func pause() async -> Bool {
    guard end.withLock({ ContinuousClock.now < $0 }) else {
      restart()
      return false
    }
    try? await Task.sleep(for: poll)
    return true
  }
}

/// Names of secrets in the stack's files of the release that runs and of the one before it.
enum RecordedSecrets {
  static func names(in state: String) -> Set<String> {
    var names: Set<String> = []
    for record in ["current", "previous"] {
      guard
        let record = try? GeneratedFile("\(state)/\(record).json").read({
          bytes throws(ReadingFailure) in try ReleaseRecord.read(bytes)
        }),
        let text = try? String(
          contentsOfFile: "\(state)/releases/\(record.commit)/docker-compose.yml", encoding: .utf8)
      else { continue }
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ")
        if words.count == 2, words[0] == "name:" { names.insert(String(words[1])) }
      }
    }
    return names
  }
}

/// A file that `slipway generate` made, or a script recorded.
struct GeneratedFile {
  let path: String
  init(_ path: String) { self.path = path }

  func read<Value>(
    _ body: ([UInt8]) throws(ReadingFailure) -> Value
  ) throws(ReadingFailure) -> Value {
    do throws(BoundedFile.Failure) {
      let bytes = try BoundedFile(path, limit: BoundedFile.factBytes).bytes()
      do throws(ReadingFailure) {
        return try body(bytes)
      } catch {
        throw BoundedFile.Failure.unreadable(error.clause)
      }
    } catch {
      switch error {
      case .missing: throw ReadingFailure("there is no '\(path)'")
      case .unreadable(let why): throw ReadingFailure("'\(path)': \(why)")
      }
    }
  }
}
