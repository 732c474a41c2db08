import Foundation
import SlipwayEvidence

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
