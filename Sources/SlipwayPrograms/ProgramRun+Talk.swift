#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension ProgramRun {
  /// Tells the child all of its input, and returns what it says until both ends are closed.
  func listen(
    to child: Child, _ take: ([UInt8]) -> Bool
  ) throws(Failure) -> [[UInt8]] {
    let (ends, stdin) = ([child.stdout, child.stderr], child.stdin)
    defer { close(stdin) }
    let deadline = timeout.map { ContinuousClock.now + $0 }
    var texts = ends.map { _ in [UInt8]() }
    var entries = ends.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    var rest = input[...]
    entries.append(pollfd(fd: stdin, events: Int16(POLLOUT), revents: 0))
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while entries[..<ends.count].contains(where: { $0.fd >= 0 }) {
      let left = deadline.map { ($0 - .now) / .milliseconds(1) } ?? 60_000
      guard left > 0 else { throw .timedOut }
      guard poll(&entries, nfds_t(entries.count), Int32(min(left.rounded(.up), 60_000))) > 0 else {
        continue
      }
      if entries[ends.count].fd >= 0, entries[ends.count].revents != 0 {
        if !tell(&rest, to: stdin) { entries[ends.count].fd = -1 }
      }
      for index in ends.indices where entries[index].fd >= 0 && entries[index].revents != 0 {
        let count = read(entries[index].fd, &buffer, buffer.count)
        if count > 0 {
          if index == 0, take(Array(buffer[..<count])) { continue }
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

  static func notStarted(_ code: Int32) -> Failure {
    .notStarted(reason: String(cString: strerror(code)))
  }
}
