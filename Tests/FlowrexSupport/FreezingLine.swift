package import FlowrexStorePostgres
import Foundation
import Glibc
import Synchronization
package import TestSupport

/// A socket in front of a PostgreSQL server that can be frozen: then what is said on it is taken,
/// and nothing comes back, as with a server that hangs or a network that swallows.
package final class FreezingLine: Sendable {
  private struct State {
    var isFrozen = false
    var isOver = false
  }

  private let state = Mutex(State())
  private let listener: Int32
  private let server: String
  private let path: String

  /// - Parameter folder: where its own socket is made.
  package init(to settings: PostgresSettings, in folder: TemporaryFolder) throws {
    server = settings.host + "/.s.PGSQL.5432"
    path = folder.path(of: ".s.PGSQL.5432")
    listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard Self.withAddress(path, { bind(listener, $0, $1) }) == 0, listen(listener, 64) == 0 else {
      throw Tool.Failure.notStarted(path: path, reason: String(cString: strerror(errno)))
    }
    Thread.detachNewThread { [self] in accept() }
  }

  package func freeze() { state.withLock { $0.isFrozen = true } }
  package func thaw() { state.withLock { $0.isFrozen = false } }
  package func close() {
    state.withLock { $0 = State(isFrozen: false, isOver: true) }
    // Whoever waits for a connection wakes up.
    let own = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    _ = Self.withAddress(path) { connect(own, $0, $1) }
    Foundation.close(own)
  }

  private func accept() {
    while true {
      let client = Foundation.accept(listener, nil, nil)
      guard client >= 0, !state.withLock({ $0.isOver }) else { break }
      let upstream = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      _ = Self.withAddress(server) { connect(upstream, $0, $1) }
      Thread.detachNewThread { [self] in carry(client, upstream) }
    }
    Foundation.close(listener)
  }

  /// Carries bytes both ways until one side is gone.
  private func carry(_ client: Int32, _ upstream: Int32) {
    var bytes = [UInt8](repeating: 0, count: 16_384)
    copying: while !state.withLock({ $0.isOver }) {
      guard !state.withLock({ $0.isFrozen }) else {
        usleep(5_000)
        continue
      }
      var sides = [client, upstream].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      guard poll(&sides, 2, 20) > 0, !state.withLock({ $0.isFrozen }) else { continue }
      for (from, to) in [(0, upstream), (1, client)] where sides[from].revents != 0 {
        let count = read(sides[from].fd, &bytes, bytes.count)
        guard count > 0, Glibc.send(to, bytes, count, Int32(MSG_NOSIGNAL)) == count else {
          break copying
        }
      }
    }
    Foundation.close(client)
    Foundation.close(upstream)
  }

  private static func withAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { place in
      place.copyBytes(from: path.utf8.prefix(place.count - 1))
    }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        body(pointer, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}
