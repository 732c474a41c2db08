#if canImport(CoreFoundation)
  // Whole modules at a time, as for a release, Swift 6.3.1 takes this for the home of `stat`.
  import CoreFoundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One file that is read, and later replaced as a whole.
package struct PlainFile: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  /// Why it could not be read or written: a clause.
  package struct Failure: Error, Hashable, Sendable {
    package let message: String

    init(_ what: String, _ code: Int32? = nil) {
      message = code.map { "\(what): \(String(cString: strerror($0)))" } ?? what
    }
  }

  package func text() throws(Failure) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure("cannot be read", errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw Failure("cannot be read", errno) }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[0..<count]
    }
  }

  /// Puts a new text in the place of the old one: readers see one or the other, never a part, and
  /// what someone else wrote in the meantime is not thrown away.
  package func replace(_ old: String, with new: String) throws(Failure) {
    var information = stat()
    guard lstat(path, &information) == 0 else { throw Failure("cannot be written", errno) }
    guard information.st_mode & S_IFMT == S_IFREG else {
      throw Failure("is not a plain file, so it is not replaced")
    }
    let temporary = path + ".slipway-new"
    unlink(temporary)
    do throws(Failure) {
      try write(new, to: temporary, mode: information.st_mode & 0o777)
      guard try text() == old else {
        throw Failure("was changed by someone else in the meantime; run the command again")
      }
      guard rename(temporary, path) == 0 else { throw Failure("cannot be replaced", errno) }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  private func write(_ text: String, to path: String, mode: mode_t) throws(Failure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw Failure("cannot be written", errno) }
    var failure: Int32 = 0
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty, failure == 0 {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno != EINTR { failure = errno }
      } else {
        rest = rest.dropFirst(count)
      }
    }
    if failure == 0, fchmod(descriptor, mode) != 0 || fsync(descriptor) != 0 { failure = errno }
    if close(descriptor) != 0, failure == 0 { failure = errno }
    guard failure == 0 else { throw Failure("cannot be written", failure) }
  }
}
